import { defineDiagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'

const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

// Files

export const unreadable = defineDiagnostic<{ path: string; reason: string }>(
  'project/unreadable',
  'error',
  'A file or folder of the project cannot be read.',
  (a) => ({ message: `\`${a.path}\` cannot be read: ${a.reason}` }),
)

export const linkOutside = defineDiagnostic<{ path: string; target: string }>(
  'project/link-outside',
  'error',
  'A folder of the project is a link that leads out of the project.',
  (a) => ({
    message: `\`${a.path}\` leads out of the project, to \`${a.target}\``,
    hints: ['files of a project must lie below its folder'],
  }),
)

export const badNodeName = defineDiagnostic<{ kind: string; name: string }>(
  'project/bad-name',
  'error',
  'The name of a model, seed or test is its file name; it may have letters, digits, `_`, `-` and `.`, and no blanks.',
  (a) => ({
    message: `\`${a.name}\` is no valid name of a ${a.kind}`,
    hints: ['rename the file: letters, digits and underscores'],
  }),
)

export const emptyModel = defineDiagnostic<{ kind: string; name: string; comments: boolean }>(
  'project/empty-model',
  'error',
  'A model or test has no statement, or comments only.',
  (a) => ({
    message: `the ${a.kind} \`${a.name}\` ${a.comments ? 'holds comments only' : 'is empty'}`,
    hints: ['write a `select`, or delete the file'],
  }),
)

export const unsupportedFile = defineDiagnostic<{ kind: string; count: number }>(
  'project/unsupported-file',
  'warning',
  'The project has files of a kind that this version does not evaluate. They are skipped.',
  (a) => ({
    message: `${a.kind} are not supported in this version; ${a.count === 1 ? 'one file is' : `${a.count} files are`} skipped`,
  }),
)

export const definitionInModel = defineDiagnostic<{ name: string }>(
  'project/definition-in-model',
  'error',
  'Macros and generic tests are defined in the macro and test folders, not in models.',
  (a) => ({ message: `\`${a.name}\` is defined in a model`, hints: ['move it to a file under `macros/`'] }),
)

export const badQueryComment = defineDiagnostic<{ text: string }>(
  'project/bad-query-comment',
  'error',
  'The text of `query-comment` holds the marks of a comment itself, which would end it too early.',
  (a) => ({
    message: `\`query-comment\` cannot hold \`/*\` or \`*/\`: \`${a.text.length > 60 ? `${a.text.slice(0, 60)}…` : a.text}\``,
    hints: ['write the text alone: it is put into a comment'],
  }),
)

// Names

export const duplicateName = defineDiagnostic<{ name: string; path: string; other: string }>(
  'project/duplicate-name',
  'error',
  'Two models or seeds have one name, so that `ref` could mean either.',
  (a) => ({
    message: `there are two nodes called \`${a.name}\`: \`${a.path}\` and \`${a.other}\``,
    hints: ['rename one of the files'],
  }),
)

export const duplicateSource = defineDiagnostic<{ name: string }>(
  'project/duplicate-source',
  'error',
  'A source table is declared twice.',
  (a) => ({ message: `the source table \`${a.name}\` is declared twice`, hints: ['keep one declaration'] }),
)

export const duplicateRelation = defineDiagnostic<{ relation: string; first: string; second: string }>(
  'project/duplicate-relation',
  'error',
  'Two nodes would make the same table or view, and overwrite each other.',
  (a) => ({
    message: `\`${a.second}\` and \`${a.first}\` both make the relation \`${a.relation}\``,
    hints: ['give one of them another `alias` or `schema`'],
  }),
)

export const duplicateProperties = defineDiagnostic<{ kind: string; name: string; hint?: string }>(
  'project/duplicate-properties',
  'error',
  'Two entries of property files describe the same resource.',
  (a) => ({ message: `the ${a.kind} \`${a.name}\` is described twice`, hints: [a.hint ?? 'join the two entries'] }),
)

export const duplicateTest = defineDiagnostic<{ name: string }>(
  'project/duplicate-test',
  'error',
  'The same test with the same arguments is declared twice on one node, or two tests were given one name.',
  (a) => ({
    message: `the test \`${a.name}\` is declared twice`,
    hints: ['remove one, or give it a name of its own with `name:`'],
  }),
)

// Functions

export const functionUndescribed = defineDiagnostic<{ name: string; path: string }>(
  'project/function-undescribed',
  'error',
  'A file of `functions/` holds the body; a property file says which arguments the function takes and what it returns.',
  (a) => ({
    message: `nothing says what the function \`${a.name}\` takes and returns`,
    hints: [
      `write it in \`${a.path.replace(/[^/]*$/, '')}functions.yml\`: functions: [{name: ${a.name}, arguments: [{name: x, data_type: text}], returns: {data_type: boolean}}]`,
    ],
  }),
)

export const functionType = defineDiagnostic<{ name: string; type: string }>(
  'project/function-type',
  'error',
  'Functions give one value for each row; aggregates and functions that give tables are not offered.',
  (a) => ({
    message: `the function \`${a.name}\` is of type \`${a.type}\`, which is not offered`,
    hints: [
      a.type === 'table' ? 'write a model, or a macro that gives a query' : 'write a macro that gives the aggregate',
    ],
  }),
)

export const unknownFunction = defineDiagnostic<{
  node: string
  name: string
  known: Iterable<string>
  disabled: boolean
}>(
  'graph/unknown-function',
  'error',
  'A template calls a function of the warehouse that the project does not have.',
  (a) => ({
    message: `\`${a.node}\` uses the function \`${a.name}\`, which ${a.disabled ? 'is disabled' : 'does not exist'}`,
    hints: [
      a.disabled
        ? 'remove `enabled: false` from its configuration'
        : (didYouMean(a.name, a.known) ??
          `a function of the project is a file \`functions/${a.name}.sql\`; functions of the engine are called by their name alone`),
    ],
  }),
)

// Doc blocks

export const docUnclosed = defineDiagnostic<{ name: string | undefined; jinja: boolean }>(
  'project/doc-unclosed',
  'error',
  'A doc block of a Markdown file has no end.',
  (a) => ({
    message: `the doc block${a.name === undefined ? '' : ` \`${a.name}\``} is not closed`,
    hints: [`close it with \`${a.jinja ? '{% enddocs %}' : '{{/docs}}'}\``],
  }),
)

export const docNotOpen = defineDiagnostic<Record<never, never>>(
  'project/doc-not-open',
  'error',
  'The end of a doc block stands where none is open.',
  () => ({ message: 'no doc block is open here', hints: ['begin one with `{{#*docs name}}`'] }),
)

export const docName = defineDiagnostic<{ name: string }>(
  'project/doc-name',
  'error',
  'A doc block has a name of letters, digits and `_`.',
  (a) => ({
    message: a.name === '' ? 'this doc block has no name' : `\`${a.name}\` is no valid name of a doc block`,
    hints: ['write for example `{{#*docs orders_status}}`'],
  }),
)

export const duplicateDoc = defineDiagnostic<{ name: string }>(
  'project/duplicate-doc',
  'error',
  'Two doc blocks of a package have one name.',
  (a) => ({ message: `there are two doc blocks called \`${a.name}\``, hints: ['rename one of them'] }),
)

// Properties

export const unknownNode = defineDiagnostic<{
  kind: string
  name: string
  known: Iterable<string>
  hint?: string | undefined
}>(
  'project/unknown-node',
  'warning',
  'A property file describes a model, seed, macro or test that the project does not have. The entry is ignored.',
  (a) => ({
    message: `there is no ${a.kind} \`${a.name}\`, so this entry is ignored`,
    hints: [a.hint ?? didYouMean(a.name, a.known)],
  }),
)

// References

export const unknownRef = defineDiagnostic<{
  node: string
  name: string
  known: Iterable<string>
  hint?: string | undefined
}>('graph/unknown-ref', 'error', 'A node refers to a model or seed that does not exist.', (a) => ({
  message: `\`${a.node}\` refers to \`${a.name}\`, which does not exist`,
  hints: [a.hint ?? didYouMean(a.name, a.known)],
}))

export const ambiguousRef = defineDiagnostic<{ node: string; name: string; packages: readonly string[] }>(
  'graph/ambiguous-ref',
  'error',
  'A reference names no package, and several packages have a node of that name.',
  (a) => ({
    message: `\`${a.node}\` refers to \`${a.name}\`, which the packages ${list(a.packages)} have`,
    hints: [
      a.name.includes('.')
        ? 'declare the source in the project, or rename one of them'
        : `name the package: \`{{ref "${a.packages[0]}" "${a.name}"}}\``,
    ],
  }),
)

export const disabledRef = defineDiagnostic<{ node: string; name: string; test: boolean }>(
  'graph/disabled-ref',
  'error',
  'A node refers to a model, seed or source table that is disabled. A test of a disabled node is disabled with it, with a warning.',
  (a) => ({
    message: `\`${a.node}\` refers to \`${a.name}\`, which is disabled`,
    severity: a.test ? 'warning' : 'error',
    hints: [a.test ? 'the test is disabled, too' : 'enable it, or remove the reference'],
  }),
)

export const unknownVersion = defineDiagnostic<{
  name: string
  version: string
  known: readonly string[]
}>(
  'graph/unknown-version',
  'error',
  'A reference asks for a version of a model that is not there: no property file lists it, or its file is missing.',
  (a) => ({
    message: a.known.length === 0 ? `\`${a.name}\` has no versions` : `\`${a.name}\` has no version \`${a.version}\``,
    hints: [a.known.length === 0 ? `write \`{{ref "${a.name}"}}\`` : `its versions are ${list(a.known)}`],
  }),
)

export const privateRef = defineDiagnostic<{
  node: string
  target: string
  group: string | null
  own: string | null
}>(
  'graph/private-ref',
  'error',
  'A node refers to a private model of another group. Only nodes of the same `group` may read a private model.',
  (a) => ({
    message: `\`${a.node}\` may not read \`${a.target}\`, which is private to ${a.group === null ? 'models without a group' : `the group \`${a.group}\``}`,
    notes: [a.own === null ? `\`${a.node}\` has no group` : `\`${a.node}\` belongs to the group \`${a.own}\``],
    hints: [`read a model of that group which is not private, or set \`access: protected\` on \`${a.target}\``],
  }),
)

export const protectedRef = defineDiagnostic<{ node: string; target: string; package: string }>(
  'graph/protected-ref',
  'error',
  'A node refers to a model of a package that keeps its models to itself by `restrict-access: true`, unless they are public.',
  (a) => ({
    message: `\`${a.node}\` may not read \`${a.target}\`, which is protected in the package \`${a.package}\``,
    hints: ['read a model of the package that is public'],
  }),
)

export const deprecatedRef = defineDiagnostic<{ node: string; target: string; date: string; past: boolean }>(
  'graph/deprecated-ref',
  'warning',
  'A node refers to a model whose `deprecation_date` has passed, or will pass.',
  (a) => ({
    message: `\`${a.node}\` refers to \`${a.target}\`, which ${a.past ? 'was' : 'will be'} deprecated on ${a.date}`,
    hints: ['refer to the model or version that takes its place'],
  }),
)

export const deprecatedModel = defineDiagnostic<{ name: string; date: string }>(
  'project/deprecated-model',
  'warning',
  'The `deprecation_date` of a model has passed: nobody should read it any more.',
  (a) => ({
    message: `\`${a.name}\` was deprecated on ${a.date}`,
    hints: ['delete or disable it, or give it a later date'],
  }),
)

export const contractWithoutColumns = defineDiagnostic<{ node: string }>(
  'project/contract-without-columns',
  'error',
  'A node has an enforced contract and describes no columns: the contract is the names and types of its columns.',
  (a) => ({
    message: `the contract of \`${a.node}\` has no columns`,
    hints: ['list all its columns with `name` and `data_type` under `columns:`'],
  }),
)

export const contractWithoutType = defineDiagnostic<{ node: string; column: string }>(
  'project/contract-without-type',
  'error',
  'A column of a node with an enforced contract has no `data_type`.',
  (a) => ({
    message: `the contract of \`${a.node}\` does not say the type of \`${a.column}\``,
    hints: ['write `data_type` at the column'],
  }),
)

export const unspecificNumeric = defineDiagnostic<{ column: string; type: string }>(
  'project/unspecific-numeric',
  'warning',
  'A contract declares a number without precision and scale. Engines take them to be different ones, which can round values.',
  (a) => ({
    message: `\`${a.type}\` of \`${a.column}\` says no precision and scale`,
    hints: [`write for example \`${a.type}(18, 2)\``],
  }),
)

export const contractNeedsSchemaChange = defineDiagnostic<{ node: string; change: string }>(
  'project/contract-schema-change',
  'error',
  'An incremental model with an enforced contract must say `on_schema_change: append_new_columns` or `fail`: otherwise its table could have other columns than the contract.',
  (a) => ({
    message: `\`${a.node}\` is incremental, has an enforced contract, and \`on_schema_change\` is \`${a.change}\``,
    hints: ['set `on_schema_change` to `append_new_columns` or `fail`'],
  }),
)

export const constraintsWithoutContract = defineDiagnostic<{ node: string; count: number }>(
  'project/constraints-without-contract',
  'warning',
  'Constraints are enforced as a part of a contract only.',
  (a) => ({
    message: `${a.count === 1 ? 'the constraint' : `the ${a.count} constraints`} of \`${a.node}\` ${a.count === 1 ? 'has' : 'have'} no effect: it has no enforced contract`,
    hints: ['set `contract: {enforced: true}`, or use data tests'],
  }),
)

export const constraintNotEnforced = defineDiagnostic<{ type: string; materialized: string }>(
  'project/constraint-not-enforced',
  'warning',
  'Only tables and incremental models keep constraints.',
  (a) => ({
    message: `\`${a.type}\` is not enforced: the model is ${a.materialized === 'ephemeral' ? 'ephemeral' : `a ${a.materialized.replace('_', ' ')}`}`,
    hints: ['make it a table, use a data test, or set `warn_unenforced: false`'],
  }),
)

export const unknownConstraintColumn = defineDiagnostic<{ column: string; of: string; known: readonly string[] }>(
  'project/unknown-constraint-column',
  'error',
  'A constraint names a column that the contract does not have.',
  (a) => ({
    message: `the constraint names \`${a.column}\`, which is no column of \`${a.of}\``,
    hints: [didYouMean(a.column, a.known) ?? `its columns are ${list(a.known)}`],
  }),
)

export const foreignKeyToNothing = defineDiagnostic<{ target: string }>(
  'project/foreign-key-to-nothing',
  'error',
  'A foreign key refers to an ephemeral model, which has no relation that could be looked into.',
  (a) => ({
    message: `the foreign key refers to \`${a.target}\`, which is ephemeral`,
    hints: [`make \`${a.target}\` a table or a view`],
  }),
)

export const contractOfEphemeral = defineDiagnostic<{ node: string }>(
  'project/contract-of-ephemeral',
  'warning',
  'An ephemeral model makes no relation, so that nothing keeps to its contract.',
  (a) => ({
    message: `the contract of \`${a.node}\` is not checked: the model is ephemeral`,
    hints: ['make it a view or a table'],
  }),
)

export const secondPrimaryKey = defineDiagnostic<{ node: string }>(
  'project/second-primary-key',
  'error',
  'A model has two `primary_key` constraints. A key of several columns is one constraint of the model with `columns`.',
  (a) => ({
    message: `\`${a.node}\` has two primary keys`,
    hints: ['for a key of several columns write one constraint under the model, with `columns: [a, b]`'],
  }),
)

export const unknownGroup = defineDiagnostic<{ node: string; group: string; known: Iterable<string> }>(
  'project/unknown-group',
  'error',
  'The `group` of a node is declared by no property file.',
  (a) => ({
    message: `\`${a.node}\` belongs to the group \`${a.group}\`, which does not exist`,
    hints: [didYouMean(a.group, a.known) ?? 'declare it under `groups:` in a `.yml` file beside the models'],
  }),
)

export const versionWithoutFile = defineDiagnostic<{
  name: string
  version: string | number
  wanted: string
  near: string | undefined
}>(
  'project/version-without-file',
  'warning',
  'A version of a model has no file, so that it does not exist. A version stands in `<model>_v<v>.sql`, or where `defined_in` says.',
  (a) => ({
    message: `version \`${a.version}\` of \`${a.name}\` has no file \`${a.wanted}.sql\``,
    hints: [a.near === undefined ? undefined : `did you mean \`defined_in: ${a.near}\`?`],
  }),
)

export const versionFileTaken = defineDiagnostic<{ file: string }>(
  'project/version-file-taken',
  'error',
  '`defined_in` of a version names the file of another version or model.',
  (a) => ({ message: `\`${a.file}.sql\` is described already`, hints: ['name a file of its own'] }),
)

export const unknownSource = defineDiagnostic<{
  node: string
  source: string
  table: string
  hint: string | undefined
}>('graph/unknown-source', 'error', 'A node reads a source table that no property file declares.', (a) => ({
  message: `\`${a.node}\` reads the source table \`${a.source}.${a.table}\`, which is not declared`,
  hints: [a.hint ?? 'declare it under `sources:` in a `.yml` file beside the models'],
}))

export const quarantineWithoutFiles = defineDiagnostic<{ source: string; table: string }>(
  'graph/quarantine-without-files',
  'error',
  '`quarantine` names the refused rows of a load; only source tables with `files:` are loaded.',
  (a) => ({
    message: `\`${a.source}.${a.table}\` has no quarantine: tsdbt does not load it`,
    hints: ['give the table `files:`, or read it with `source`'],
  }),
)

export const selfRef = defineDiagnostic<{ node: string }>(
  'graph/self-ref',
  'error',
  'A model refers to itself.',
  (a) => ({ message: `\`${a.node}\` refers to itself`, hints: ['for the rows of an earlier run write `{{this}}`'] }),
)

export const referenceNeeded = defineDiagnostic<{ what: string; text: string }>(
  'graph/bad-reference',
  'error',
  "An argument that must name a node does not: it is written `ref('model')` or `source('source', 'table')`.",
  (a) => ({
    message: `\`${a.text}\` is no reference (${a.what})`,
    hints: ["write `ref('model')` or `source('source', 'table')`"],
  }),
)

// Snapshots

export const snapshotWithoutRelation = defineDiagnostic<{ name: string; known: Iterable<string> }>(
  'project/snapshot-without-relation',
  'error',
  'A property file names a snapshot that has neither a `relation:` nor a file in the snapshot folder.',
  (a) => ({
    message: `the snapshot \`${a.name}\` has no \`relation:\`, and there is no file \`${a.name}.sql\``,
    hints: [didYouMean(a.name, a.known) ?? "write what its rows are read from: `relation: ref('model')`"],
  }),
)

export const snapshotKeyMissing = defineDiagnostic<{ name: string; key: string; why: string; example: string }>(
  'project/snapshot-key-missing',
  'error',
  'A snapshot needs a `unique_key`, a `strategy` and what the strategy compares.',
  (a) => ({
    message: `the snapshot \`${a.name}\` has no \`${a.key}\`: ${a.why}`,
    hints: [`write \`${a.example}\``],
  }),
)

export const conflictingDeletes = defineDiagnostic<{ name: string }>(
  'project/conflicting-deletes',
  'error',
  '`hard_deletes` and its older spelling `invalidate_hard_deletes` are both set, so that it is not clear which one is meant.',
  (a) => ({
    message: `the snapshot \`${a.name}\` has \`hard_deletes\` and \`invalidate_hard_deletes\``,
    hints: ['keep `hard_deletes`; `hard_deletes: invalidate` is what `invalidate_hard_deletes: true` was'],
  }),
)

export const doubleMetaColumn = defineDiagnostic<{ column: string; first: string; second: string }>(
  'project/double-meta-column',
  'error',
  'Two of the columns that a snapshot adds would have one name.',
  (a) => ({
    message: `\`${a.first}\` and \`${a.second}\` would both be called \`${a.column}\``,
    hints: ['give one of them another name in `snapshot_meta_column_names`'],
  }),
)

// Tests

export const unknownTest = defineDiagnostic<{
  name: string
  known: readonly string[]
  engines: readonly string[]
  engine: string
}>(
  'project/unknown-test',
  'error',
  'A property file uses a generic test that neither the project nor tsdbt defines.',
  (a) => ({
    message:
      a.engines.length > 0
        ? `the test \`${a.name}\` is defined for ${list(a.engines)} only, not for \`${a.engine}\``
        : `there is no generic test \`${a.name}\``,
    hints: [
      a.engines.length > 0
        ? undefined
        : (didYouMean(a.name, a.known) ??
          `define it with \`{{#*test ${a.name} model column_name}}\` under \`tests/generic/\` or \`macros/\``),
    ],
  }),
)

export const missingTestArgument = defineDiagnostic<{ test: string; argument: string; signature: string }>(
  'project/missing-test-argument',
  'error',
  'A generic test needs an argument that its entry does not give.',
  (a) => ({ message: `the test \`${a.test}\` needs \`${a.argument}\``, hints: [`it is ${a.signature}`] }),
)

export const columnTestOnModel = defineDiagnostic<{ test: string }>(
  'project/column-test-on-model',
  'error',
  'A test of a column stands at the model, and does not say which column it means.',
  (a) => ({
    message: `the test \`${a.test}\` needs a column`,
    hints: ['put it under a column of `columns:`, or give it `column_name`'],
  }),
)

export const unknownTestArgument = defineDiagnostic<{
  test: string
  argument: string
  known: readonly string[]
  /** What the test needs and the entry does not give: a misspelt argument is told once. */
  missing: readonly string[]
  signature: string
}>(
  'project/unknown-test-argument',
  'error',
  'An entry gives a generic test an argument that it does not have.',
  (a) => ({
    message: `the test \`${a.test}\` has no argument \`${a.argument}\``,
    hints: [
      didYouMean(a.argument, a.known) ??
        (a.missing.length === 1 ? `did you mean \`${a.missing[0]}\`?` : `it is ${a.signature}`),
    ],
  }),
)

// Templates outside of models

export const secretOutsideProfiles = defineDiagnostic<{ name: string }>(
  'project/secret-outside-profiles',
  'error',
  'Secrets (`TSDBT_SECRET_…`, `DBT_ENV_SECRET_…`) may be read in `profiles.yml` and `packages.yml` only, so that they cannot get into SQL or artifacts.',
  (a) => ({ message: `the secret \`${a.name}\` may be read in \`profiles.yml\` only` }),
)

export const noRelationsHere = defineDiagnostic<{ what: string }>(
  'project/no-relations-here',
  'error',
  'Templates in YAML and in naming macros are evaluated before there is a graph: they can use variables, the environment and the target only.',
  (a) => ({
    message: `\`${a.what}\` cannot be used here`,
    hints: ["in YAML a node is named by text: `ref('model')`, without braces"],
  }),
)

export const badHookResult = defineDiagnostic<{ macro: string; node: string; got: string }>(
  'project/bad-generated-name',
  'error',
  'A macro that names schemas or tables gave no name.',
  (a) => ({ message: `the macro \`${a.macro}\` gave ${a.got} as a name for \`${a.node}\`` }),
)

// Exports

export const exportOfEphemeral = defineDiagnostic<{ node: string; model: string }>(
  'project/export-of-ephemeral',
  'error',
  'An export reads rows that are published. An ephemeral model is only a part of other queries and has none.',
  (a) => ({
    message: `the export \`${a.node}\` reads the ephemeral model \`${a.model}\`, which has no rows in the warehouse`,
    hints: [`make \`${a.model}\` a view or a table`],
  }),
)

export const exportTablesCollide = defineDiagnostic<{ node: string; name: string; first: string; second: string }>(
  'project/export-tables-collide',
  'error',
  'The relations of an export are known by their names in the file, so two of them cannot bear one name. Names that differ in case only are one name for most readers.',
  (a) => ({
    message: `the export \`${a.node}\` reads two relations that are called \`${a.name}\`: ${a.first} and ${a.second}`,
    hints: ['make an export of each, or give one of them another name in a view'],
  }),
)

export const exportTwice = defineDiagnostic<{ node: string; other: string; to: string }>(
  'project/export-place-twice',
  'error',
  'Two exports write one file, or one of them writes into the other’s folder. Names that differ in case only are one file on many systems.',
  (a) => ({
    message: `\`${a.to}\` is written by two exports: \`${a.other}\` and \`${a.node}\``,
    hints: ['give one of them another `to`'],
  }),
)

export const exportViewTwice = defineDiagnostic<{ node: string; other: string; view: string; schema: string }>(
  'project/export-view-twice',
  'error',
  'Two exports make a view of one name in one schema. A view is called like the relation that it shows.',
  (a) => ({
    message: `the view \`${a.view}\` in \`${a.schema}\` is made by two exports: \`${a.other}\` and \`${a.node}\``,
    hints: ['name the relation in one of them only, or another `schema` in `options`'],
  }),
)

export const exportPublishedTwice = defineDiagnostic<{ node: string; other: string; name: string }>(
  'project/export-published-twice',
  'error',
  'Two exports are published as the same content of one project, so the second would replace the first.',
  (a) => ({
    message: `\`${a.name}\` is published to one project by two exports: \`${a.other}\` and \`${a.node}\``,
    hints: ['give one of them another `name` or `project` under `publish`'],
  }),
)

export const exportOverInput = defineDiagnostic<{ to: string; folder: string }>(
  'project/export-over-input',
  'error',
  'An export may not write into a folder that the project is read from: it could overwrite a seed, and the next run would take the file for its own.',
  (a) => ({
    message: `\`${a.to}\` lies in \`${a.folder}/\`, which the project is read from`,
    hints: ['write to another folder, for example `exports/`'],
  }),
)
