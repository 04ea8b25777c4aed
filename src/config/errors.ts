import { defineDiagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'

const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

/** A near name, else all names when they are few. */
function offer(name: string, known: readonly string[], word: string): string | undefined {
  const near = didYouMean(name, known)
  if (near !== undefined) return near
  return known.length > 0 && known.length <= 12 ? `${word}: ${list(known)}` : undefined
}

export const yamlSyntax = defineDiagnostic<{ message: string; hint?: string | undefined }>(
  'config/yaml-syntax',
  'error',
  'The file is not valid YAML 1.2. The first mistake of each file is reported; the rest of the file is not read.',
  (a) => ({ message: `this is not valid YAML: ${a.message}`, hints: [a.hint] }),
)

export const duplicateKey = defineDiagnostic<{ key: string }>(
  'config/duplicate-key',
  'error',
  'A mapping has the same key twice, so one of the values would be lost.',
  (a) => ({ message: `the key \`${a.key}\` stands twice in this mapping` }),
)

export const badKey = defineDiagnostic<{ template: boolean }>(
  'config/bad-key',
  'error',
  'A key of a YAML mapping must be plain text. Template expressions must stand in quotes, because braces begin a mapping in YAML.',
  (a) =>
    a.template
      ? {
          message: 'a template expression must stand in quotes in YAML',
          hints: ["write it in single quotes: '{{…}}'"],
        }
      : { message: 'a key must be plain text' },
)

export const unknownAnchor = defineDiagnostic<{ name: string; known: readonly string[] }>(
  'config/unknown-anchor',
  'error',
  'A YAML alias (`*name`) names an anchor (`&name`) that does not stand before it.',
  (a) => ({
    message: `there is no anchor \`&${a.name}\` before this alias`,
    hints: [offer(a.name, a.known, 'anchors')],
  }),
)

export const tooManyAliases = defineDiagnostic<{ limit: number }>(
  'config/too-many-aliases',
  'error',
  'A YAML file may expand at most 1,000 aliases, counted with those inside of what an alias repeats.',
  (a) => ({ message: `the file expands more than ${a.limit} YAML aliases` }),
)

export const unknownKey = defineDiagnostic<{
  key: string
  where: string
  known: readonly string[]
  hint?: string | undefined
}>(
  'config/unknown-key',
  'error',
  'A key that nothing reads. A misspelt key would otherwise be ignored without a word. Own data belongs under `meta`.',
  (a) => ({
    message: `unknown key \`${a.key}\` in ${a.where}`,
    hints: [a.hint ?? offer(a.key, a.known, 'known keys')],
  }),
)

export const missingKey = defineDiagnostic<{ key: string; where: string; example?: string | undefined }>(
  'config/missing-key',
  'error',
  'A key that is needed is missing or empty.',
  (a) => ({
    message: `\`${a.key}\` is missing in ${a.where}`,
    hints: [a.example === undefined ? undefined : `for example \`${a.example}\``],
  }),
)

export const wrongType = defineDiagnostic<{ what: string; expected: string; got: string; hint?: string | undefined }>(
  'config/wrong-type',
  'error',
  'A value has the wrong type, for example text where a number is needed.',
  (a) => ({ message: `${a.what} must be ${a.expected}, not ${a.got}`, hints: [a.hint] }),
)

export const wrongValue = defineDiagnostic<{
  what: string
  value: string
  allowed: readonly string[]
  hint?: string | undefined
}>('config/wrong-value', 'error', 'A value is none of those that the key allows.', (a) => ({
  message: `\`${a.value}\` is no ${a.what}`,
  hints: [a.hint ?? didYouMean(a.value, a.allowed), a.allowed.length > 0 ? `allowed: ${list(a.allowed)}` : undefined],
}))

export const constraintIncomplete = defineDiagnostic<{ type: string; key: string; level: 'column' | 'model' }>(
  'config/constraint-incomplete',
  'error',
  'A constraint lacks what it needs: `check` and `custom` an `expression`, `foreign_key` the keys `to` and `to_columns`, and a constraint of the model its `columns`.',
  (a) => ({
    message: `a \`${a.type}\` constraint of a ${a.level} needs \`${a.key}\``,
    hints: [CONSTRAINT_EXAMPLES[a.key]],
  }),
)

const CONSTRAINT_EXAMPLES: Readonly<Record<string, string>> = {
  expression: 'write for example `expression: "amount >= 0"`',
  columns: 'write for example `columns: [order_id, line_number]`',
  to: "write for example `to: ref('customers')` and `to_columns: [customer_id]`",
  to_columns: 'write for example `to_columns: [customer_id]`',
}

export const duplicateVersion = defineDiagnostic<{ version: string | number; where: string }>(
  'config/duplicate-version',
  'error',
  'Two entries of `versions:` have the same `v`.',
  (a) => ({ message: `${a.where} has the version \`${a.version}\` twice`, hints: ['give each version its own `v`'] }),
)

export const unknownLatestVersion = defineDiagnostic<{
  version: string | number
  known: readonly (string | number)[]
  where: string
}>(
  'config/unknown-latest-version',
  'error',
  '`latest_version` names a version that `versions:` does not list.',
  (a) => ({
    message: `${a.where} has no version \`${a.version}\``,
    hints: [
      a.known.length === 0
        ? 'list its versions under `versions:`'
        : `its versions are ${a.known.map((v) => `\`${v}\``).join(', ')}`,
    ],
  }),
)

export const unorderedVersions = defineDiagnostic<{ versions: readonly (string | number)[]; where: string }>(
  'config/unordered-versions',
  'error',
  'The versions of a model are numbers and words, so that it is not clear which is the latest.',
  (a) => ({
    message: `the versions of ${a.where} are numbers and words: ${a.versions.map((v) => `\`${v}\``).join(', ')}`,
    hints: ['say which is the latest with `latest_version`'],
  }),
)

export const unknownColumnOfVersion = defineDiagnostic<{ key: string; name: string; hint: string | undefined }>(
  'config/unknown-column-of-version',
  'error',
  '`include` or `exclude` of a version names a column that the model does not describe.',
  (a) => ({ message: `\`${a.key}\` names \`${a.name}\`, which is no column of the model`, hints: [a.hint] }),
)

export const laterConfig = defineDiagnostic<{ key: string; reason: string }>(
  'config/unsupported-config',
  'warning',
  'A configuration that dbt knows and this version of tsdbt does not act on. It is kept in the manifest and changes nothing.',
  (a) => ({ message: `\`${a.key}\` has no effect: ${a.reason}` }),
)

export const unsupportedResource = defineDiagnostic<{ kind: string; count: number }>(
  'config/unsupported-resource',
  'warning',
  'A property file declares resources of a kind that this version of tsdbt does not evaluate. They are skipped.',
  (a) => ({
    message: `\`${a.kind}\` are not supported in this version; ${a.count === 1 ? 'one entry is' : `${a.count} entries are`} skipped`,
  }),
)

export const unsupportedKey = defineDiagnostic<{ key: string; where: string; reason: string }>(
  'config/unsupported-key',
  'error',
  'A key of dbt whose meaning this version of tsdbt does not have. It would change the result, so it is not skipped.',
  (a) => ({ message: `\`${a.key}\` in ${a.where} is not supported in this version`, hints: [a.reason] }),
)

export const keyWithoutProject = defineDiagnostic<{ key: string; section: string; project: string }>(
  'config/key-without-project',
  'warning',
  'A configuration key stands directly under `models:`, `seeds:` … without `+` and without the name of the project. As in dbt it does nothing.',
  (a) => ({
    message: `\`${a.key}\` directly under \`${a.section}:\` does nothing`,
    hints: [
      `write \`+${a.key}\`, or put it under \`${a.section}: ${a.project}:\` so that it holds for this project's ${a.section}`,
    ],
  }),
)

export const unknownFolder = defineDiagnostic<{ path: string; section: string; known: readonly string[] }>(
  'config/unknown-folder',
  'warning',
  'A folder-wise configuration in `project.yml` matches no folder and no resource of the project.',
  (a) => ({
    message: `\`${a.path}\` under \`${a.section}:\` matches no folder and no resource`,
    hints: [offer(a.path.split('.').at(-1) ?? a.path, a.known, 'here there are')],
  }),
)

export const projectFileMissing = defineDiagnostic<{ folder: string }>(
  'config/project-file-missing',
  'error',
  'The folder has neither `project.yml` nor `dbt_project.yml`.',
  (a) => ({
    message: `there is no \`project.yml\` in \`${a.folder}\``,
    hints: ['run `tsdbt init` to make a project, or name its folder with `--project-dir`'],
  }),
)

export const twoProjectFiles = defineDiagnostic<Record<never, never>>(
  'config/two-project-files',
  'error',
  'The folder has both `project.yml` and `dbt_project.yml`, so it is not clear which one counts.',
  () => ({
    message: 'both `project.yml` and `dbt_project.yml` are there',
    hints: ['keep one of them; they mean the same'],
  }),
)

export const badName = defineDiagnostic<{ what: string; name: string }>(
  'config/bad-name',
  'error',
  'Names of projects, models, seeds and sources are part of ids and selectors: letters, digits and `_` (also `-` and `.` where dbt allows them), no blanks.',
  (a) => ({
    message: `\`${a.name}\` is no valid name of ${a.what}`,
    hints: ['use letters, digits and underscores'],
  }),
)

export const profilesFileMissing = defineDiagnostic<{
  profile: string
  looked: readonly string[]
  example: string
}>(
  'config/profiles-missing',
  'error',
  'No `profiles.yml` was found: neither in `--profiles-dir`, nor in the project, nor in `~/.tsdbt`.',
  (a) => ({
    message: `there is no \`profiles.yml\`, so it is not known where \`${a.profile}\` lives`,
    notes: [`looked in: ${a.looked.join(', ')}`],
    hints: [`create \`profiles.yml\` beside \`project.yml\`:\n${a.example}`],
  }),
)

export const profileMissing = defineDiagnostic<{
  profile: string
  known: readonly string[]
  file: string
  example: string
}>(
  'config/profile-missing',
  'error',
  'The project (or `--profile`) names a profile that `profiles.yml` does not have.',
  (a) => ({
    message: `\`${a.file}\` has no profile \`${a.profile}\``,
    notes: [a.known.length > 0 ? `it has: ${list(a.known)}` : 'it has no profiles'],
    hints: [didYouMean(a.profile, a.known) ?? `add it:\n${a.example}`],
  }),
)

export const noProfileNamed = defineDiagnostic<{ file: string }>(
  'config/no-profile',
  'error',
  'The project does not say which profile of `profiles.yml` it uses.',
  (a) => ({
    message: `\`${a.file}\` names no profile`,
    hints: ['add `profile: <name>` to it, or give `--profile <name>`'],
  }),
)

export const targetMissing = defineDiagnostic<{ target: string; profile: string; known: readonly string[] }>(
  'config/target-missing',
  'error',
  'The target (from `--target` or `target:` of the profile) is no output of the profile.',
  (a) => ({
    message: `the profile \`${a.profile}\` has no target \`${a.target}\``,
    notes: [a.known.length > 0 ? `it has: ${list(a.known)}` : 'it has no outputs'],
    hints: [didYouMean(a.target, a.known)],
  }),
)

export const badTestEntry = defineDiagnostic<{ why: string }>(
  'config/bad-test',
  'error',
  'An entry under `data_tests:` is the name of a test, or a mapping with one key, the name, and its arguments.',
  (a) => ({
    message: a.why,
    hints: ['write `- not_null`, or `- accepted_values: {arguments: {values: [a, b]}}`'],
  }),
)

export const describedTwice = defineDiagnostic<{ what: string; name: string }>(
  'config/described-twice',
  'warning',
  'The same column is described twice in one list; the second description wins and the tests of both run.',
  (a) => ({ message: `the ${a.what} \`${a.name}\` is described twice` }),
)

export const unknownDoc = defineDiagnostic<{ name: string; hint?: string | undefined }>(
  'config/unknown-doc',
  'error',
  'A description names a doc block that no Markdown file of the project has.',
  (a) => ({ message: `there is no doc block \`${a.name}\``, hints: [a.hint] }),
)

export const badDocCall = defineDiagnostic<Record<never, never>>(
  'config/bad-doc-call',
  'error',
  'A description names its doc block by a text in quotes, with the package before it where that is needed.',
  () => ({
    message: 'a doc block is named by a text in quotes',
    hints: ['write `{{doc "name"}}`, or `{{doc "package" "name"}}`'],
  }),
)

// Exposures

export const badExposureName = defineDiagnostic<{ name: string; what?: 'an export' }>(
  'config/bad-exposure-name',
  'error',
  'The name of an exposure or an export has letters, digits and `_` only; what people read stands in its `label`.',
  (a) => ({
    message: `\`${a.name}\` is no valid name of ${a.what ?? 'an exposure'}`,
    hints: [`write \`name: ${identifierLike(a.name)}\` and \`label: ${a.name}\``],
  }),
)

function identifierLike(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/\W+/g, '_')
      .replace(/^_+|_+$/g, '') || 'weekly_report'
  )
}

export const ownerMissing = defineDiagnostic<{ where: string }>(
  'config/owner-missing',
  'error',
  'An owner is a `name`, an `email`, or both.',
  (a) => ({
    message: `the \`owner\` of ${a.where} has neither \`name\` nor \`email\``,
    hints: ['for example `owner: {name: Marketing, email: marketing@example.com}`'],
  }),
)

export const notAReference = defineDiagnostic<{ text: string; where: string }>(
  'config/not-a-reference',
  'error',
  'What stands there must name a node, in the words of dbt: `ref(…)` or `source(…)`.',
  (a) => ({
    message: `\`${a.text}\` in ${a.where} names no node`,
    hints: [
      /^[\w.]+$/.test(a.text) && a.text !== 'this'
        ? `write \`ref('${a.text}')\``
        : "write `ref('orders')`, `ref('package', 'orders')` or `source('crm', 'contacts')`",
    ],
  }),
)

export const metricReference = defineDiagnostic<{ where: string }>(
  'config/metric-reference',
  'error',
  'There are no metrics, so nothing can depend on one.',
  (a) => ({
    message: `${a.where} depends on a metric, and there are no metrics`,
    hints: ["name the models that the metric is computed from: `ref('orders')`"],
  }),
)

// Functions

export const badFunctionName = defineDiagnostic<{ what: string; name: string }>(
  'config/bad-argument-name',
  'error',
  'The body of a function names its arguments, so their names have letters, digits and `_` only.',
  (a) => ({ message: `\`${a.name}\` is no valid name of ${a.what}`, hints: ['use letters, digits and underscores'] }),
)

export const defaultBeforeRequired = defineDiagnostic<{ name: string; before: string }>(
  'config/default-before-required',
  'error',
  'Arguments with a default stand behind those without.',
  (a) => ({
    message: `\`${a.name}\` has no default and stands behind \`${a.before}\`, which has one`,
    hints: ['move it before the arguments with a default, or give it a `default_value`'],
  }),
)

export const notOffered = defineDiagnostic<{ what: string; instead: string }>(
  'config/not-offered',
  'error',
  'A part of dbt that tsdbt does not offer and that would change the result.',
  (a) => ({ message: `${a.what} is not offered`, hints: [a.instead] }),
)

// Selectors

const selectorForms =
  'a definition is a text (`tag:nightly+`), `method:` and `value:`, or one list under `union:` or `intersection:`'

export const selectorShape = defineDiagnostic<{ where: string; got: string }>(
  'config/selector-shape',
  'error',
  'The definition of a selector has none of the forms that it can have.',
  (a) => ({ message: `the definition of ${a.where} cannot be ${a.got}`, hints: [selectorForms] }),
)

export const twoOperators = defineDiagnostic<{ where: string; hint?: string | undefined }>(
  'config/two-operators',
  'error',
  'A definition has one operator; others stand inside of its list.',
  (a) => ({
    message: `the definition of ${a.where} has two operators that exclude each other`,
    hints: [a.hint ?? 'put one of them into the list of the other, as an entry of its own'],
  }),
)

export const excludeTwice = defineDiagnostic<{ where: string }>(
  'config/exclude-twice',
  'error',
  'A list of a selector has at most one `exclude`.',
  (a) => ({
    message: `a list of ${a.where} has a second \`exclude\``,
    hints: ['write all that is excluded into one list'],
  }),
)

export const excludeAlone = defineDiagnostic<{ where: string }>(
  'config/exclude-alone',
  'error',
  'An `exclude` takes away from something, so there must be something beside it.',
  (a) => ({
    message: `${a.where} excludes without saying from what`,
    hints: ["put `'*'` beside it to take everything else: `union: ['*', {exclude: […]}]`"],
  }),
)

export const emptySelectorList = defineDiagnostic<{ kind: string; where: string }>(
  'config/empty-selector-list',
  'error',
  'A `union` or `intersection` of nothing selects nothing.',
  (a) => ({ message: `\`${a.kind}\` of ${a.where} is empty`, hints: [selectorForms] }),
)

export const duplicateSelector = defineDiagnostic<{ name: string }>(
  'config/duplicate-selector',
  'error',
  'Two selectors have one name.',
  (a) => ({ message: `there are two selectors called \`${a.name}\``, hints: ['rename one of them'] }),
)

export const twoDefaultSelectors = defineDiagnostic<{ first: string; second: string }>(
  'config/two-default-selectors',
  'error',
  'At most one selector is the one that is used when a command is given no selection.',
  (a) => ({
    message: `both \`${a.first}\` and \`${a.second}\` say \`default: true\``,
    hints: ['leave it at one of them'],
  }),
)

export const badVars = defineDiagnostic<{ got: string }>(
  'config/bad-vars',
  'error',
  'The text of `--vars` is no YAML mapping of names to values.',
  (a) => ({
    message: `\`--vars\` must be a YAML mapping, not ${a.got}`,
    hints: ["for example --vars '{as_of: 2024-01-31}'"],
  }),
)

export const notUtf8 = defineDiagnostic<{ offset: number }>(
  'config/not-utf8',
  'error',
  'Project files are UTF-8 text.',
  (a) => ({
    message: `the file is not UTF-8: the byte at offset ${a.offset} begins no valid character`,
    hints: ['save the file as UTF-8'],
  }),
)

export const pathOutside = defineDiagnostic<{ key: string; path: string }>(
  'config/path-outside',
  'error',
  'A path of the project must lie below the project after links are resolved.',
  (a) => ({
    message: `\`${a.path}\` (${a.key}) lies outside of the project`,
    hints: ['name a folder below the project'],
  }),
)

export const loadedAtTwice = defineDiagnostic<{ where: string; first: string }>(
  'config/loaded-at-twice',
  'error',
  'A source is given both `loaded_at_field` and `loaded_at_query`: one of the two says when its rows came in.',
  (a) => ({
    message: `${a.where} has both \`loaded_at_field\` and \`loaded_at_query\``,
    hints: [`keep one of them; \`${a.first}\` stands before it`],
  }),
)

export const wrongReference = defineDiagnostic<{ what: string; text: string }>(
  'config/wrong-reference',
  'error',
  "A key of a property file must name a node: `ref('model')` or `source('source', 'table')`, without braces.",
  (a) => ({
    message: `${a.what} is \`${a.text}\`, which names no node`,
    hints: [`write \`ref('${/^[\w.]+$/.test(a.text) ? a.text : 'model'}')\` or \`source('source', 'table')\``],
  }),
)

export const unknownWarning = defineDiagnostic<{ name: string; known: readonly string[] }>(
  'config/unknown-warning',
  'error',
  '`--warn-error-options` names a warning that does not exist. Warnings are named by their codes (docs/errors.md) or by dbt’s names of events.',
  (a) => ({
    message: `there is no warning \`${a.name}\``,
    hints: [
      didYouMean(a.name, a.known) ??
        'write a code of docs/errors.md, a name of dbt such as `DeprecatedModel`, the group `Deprecations`, or `all`',
    ],
  }),
)

export const warningListTwice = defineDiagnostic<{ first: string; second: string }>(
  'config/warning-list-twice',
  'error',
  '`--warn-error-options` gives one list under its new and its old name: `error` and `include`, `warn` and `exclude`.',
  (a) => ({ message: `\`${a.first}\` and \`${a.second}\` are the same list`, hints: ['keep one of them'] }),
)
