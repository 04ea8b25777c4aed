import { defineDiagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'

// Syntax

export const syntaxError = defineDiagnostic<{ message: string; hint?: string | undefined }>(
  'template/syntax',
  'error',
  'The text between `{{` and `}}` is no valid expression. Calls are written `{{name "text" key=value}}`, nested ones `(name x)`.',
  ({ message, hint }) => ({ message, hints: [hint] }),
)

export const unclosedBlock = defineDiagnostic<{ name: string }>(
  'template/unclosed-block',
  'error',
  'A block such as `{{#if}}` has no closing tag. Add `{{/if}}`.',
  ({ name }) => ({ message: `the block \`{{#${name}}}\` is never closed`, hints: [`close it with \`{{/${name}}}\``] }),
)

export const mismatchedBlock = defineDiagnostic<{ name: string; open: string | undefined }>(
  'template/mismatched-block',
  'error',
  'A closing tag does not belong to the block that is open. Blocks must be closed in the reverse order of their opening.',
  ({ name, open }) =>
    open === undefined
      ? { message: `\`{{/${name}}}\` closes a block that is not open` }
      : {
          message: `\`{{/${name}}}\` cannot close \`{{#${open}}}\``,
          hints: [`write \`{{/${open}}}\` here, or close \`{{#${open}}}\` before`],
        },
)

export const strayElse = defineDiagnostic<Record<never, never>>(
  'template/stray-else',
  'error',
  '`{{else}}` stands outside of a block, or a second time in one.',
  () => ({ message: '`{{else}}` does not belong to an open block' }),
)

export const unclosedTag = defineDiagnostic<{ comment: boolean }>(
  'template/unclosed-tag',
  'error',
  'A `{{` has no `}}`. To print two braces, write `\\{{`; a struct in braces needs a blank: `{ {`.',
  ({ comment }) =>
    comment
      ? { message: 'this comment is never closed', hints: ['`{{!--` ends with `--}}`, `{{!` with `}}`'] }
      : { message: '`{{` is never closed', hints: ['close it with `}}`; to print two braces write `\\{{`'] },
)

export const nestedTag = defineDiagnostic<{ inner: string }>(
  'template/nested-tag',
  'error',
  'An expression inside `{{…}}` is written in parentheses, without further braces.',
  ({ inner }) => ({
    message: '`{{` cannot stand inside `{{…}}`',
    hints: [`write \`(${inner})\` for the inner expression`],
  }),
)

export const strayClose = defineDiagnostic<Record<never, never>>(
  'template/stray-close',
  'error',
  'A `}}` closes nothing. Either its `{{` is missing a brace, or one of the two is too many.',
  () => ({ message: '`}}` closes nothing', hints: ['is a brace missing in its `{{`?'] }),
)

export const unterminatedString = defineDiagnostic<{ quote: string }>(
  'template/unterminated-string',
  'error',
  'A quoted text inside `{{…}}` has no end. Only its own quote can be escaped, by a backslash.',
  ({ quote }) => ({ message: 'this text has no end', hints: [`close it with \`${quote}\``] }),
)

export const blankInTag = defineDiagnostic<{ sign: string }>(
  'template/blank-in-tag',
  'error',
  'Handlebars allows no blank between `{{` and `#`, `/`, `!` or `>`.',
  ({ sign }) => ({ message: `no blank may stand between \`{{\` and \`${sign}\``, hints: [`write \`{{${sign}\``] }),
)

export const jinjaSyntax = defineDiagnostic<{ suggestion: string }>(
  'template/jinja',
  'error',
  'This is Jinja, the template language of dbt. tsdbt uses Handlebars: `{{ref "a"}}`, `{{#if x}}…{{/if}}`, `{{!-- comment --}}`.',
  ({ suggestion }) => ({ message: 'this is Jinja', hints: [`write \`${suggestion}\``] }),
)

export const partialSyntax = defineDiagnostic<{ name: string }>(
  'template/partial',
  'error',
  'Handlebars partials (`{{> x}}`) do not exist here: a macro is called by its name.',
  ({ name }) => ({ message: 'partials do not exist here', hints: [`write \`{{${name}}}\` to call a macro`] }),
)

export const structLiteral = defineDiagnostic<Record<never, never>>(
  'template/struct-literal',
  'error',
  'Two braces always begin an expression. A struct literal in SQL needs a blank between them: `{ {`.',
  () => ({ message: '`{{` begins an expression, not a struct', hints: ['write `{ {` for two braces of SQL'] }),
)

export const unknownBlock = defineDiagnostic<{ name: string; blocks: readonly string[]; hint?: string | undefined }>(
  'template/unknown-block',
  'error',
  'The blocks are `if`, `unless`, `each`, `capture` and the definitions `*macro` and `*test`. Macros take no body.',
  ({ name, blocks, hint }) => ({
    message: `there is no block \`{{#${name}}}\``,
    hints: [hint ?? didYouMean(name, blocks) ?? `the blocks are ${blocks.map((b) => `\`${b}\``).join(', ')}`],
  }),
)

export const invalidStatement = defineDiagnostic<{ message: string; hint?: string | undefined }>(
  'template/invalid-statement',
  'error',
  '`set`, `push`, `return`, `capture`, `config` and blocks have fixed forms, shown in the hint.',
  ({ message, hint }) => ({ message, hints: [hint] }),
)

export const invalidDefinition = defineDiagnostic<{ message: string; hint?: string | undefined }>(
  'template/invalid-definition',
  'error',
  'A macro is defined by `{{#*macro name a b=1}}…{{/macro}}`, a generic test by `{{#*test name model column_name}}…{{/test}}`, at the top level of a file.',
  ({ message, hint }) => ({ message, hints: [hint] }),
)

export const tooDeep = defineDiagnostic<{ limit: number }>(
  'template/too-deep',
  'error',
  'Blocks and expressions can be nested to a limit. Move a part into a macro.',
  ({ limit }) => ({ message: `blocks and expressions are nested deeper than ${limit}` }),
)

export const lossyNumber = defineDiagnostic<{ text: string }>(
  'template/lossy-number',
  'error',
  'An integer beyond 2^53 cannot be held exactly. Write it as text, in quotes.',
  ({ text }) => ({ message: `\`${text}\` is too large for a number`, hints: [`write it as text: \`"${text}"\``] }),
)

export const nulCharacter = defineDiagnostic<Record<never, never>>(
  'template/nul',
  'error',
  'The file holds a NUL character, which no SQL text may contain.',
  () => ({ message: 'the text holds a NUL character', hints: ['remove it; is the file really UTF-8 text?'] }),
)

export const emptyTag = defineDiagnostic<Record<never, never>>(
  'template/empty-tag',
  'error',
  '`{{}}` holds nothing.',
  () => ({ message: 'this expression is empty', hints: ['to print two braces write `\\{{`'] }),
)

// Names and calls

export const unknownName = defineDiagnostic<{ name: string; called: boolean; candidates: Iterable<string> }>(
  'template/unknown-name',
  'error',
  'No variable, macro or built-in has this name. A name resolves to parameters and `set` variables, then the macros of the project and its packages, then built-ins.',
  ({ name, called, candidates }) => ({
    message: called ? `there is no macro \`${name}\`` : `there is no variable or macro \`${name}\``,
    hints: [
      didYouMean(name, candidates) ??
        (called
          ? 'macros are defined in `macros/` with `{{#*macro name}}`'
          : `a text stands in quotes, \`"${name}"\`; a variable of the project is \`(var "${name}")\``),
    ],
  }),
)

export const otherEngine = defineDiagnostic<{ name: string; engine: string; engines: readonly string[] }>(
  'template/macro-other-engine',
  'error',
  'The macro is defined for another engine only. Define it without an engine prefix, or for this engine too.',
  ({ name, engine, engines }) => ({
    message: `the macro \`${name}\` exists for ${engines.join(', ')} only, and this target is ${engine}`,
    hints: [`define \`{{#*macro ${engine}.${name.split('.').at(-1)}}}\``],
  }),
)

export const unknownProperty = defineDiagnostic<{ name: string; owner: string; candidates: readonly string[] }>(
  'template/unknown-property',
  'error',
  'The value has no part of this name. `(get x "name" default)` gives a default instead of an error.',
  ({ name, owner, candidates }) => ({
    message: `\`${owner}\` has no \`${name}\``,
    hints: [
      didYouMean(name, candidates) ??
        (candidates.length > 0 && candidates.length <= 12
          ? `it has ${candidates.map((c) => `\`${c}\``).join(', ')}`
          : undefined),
    ],
  }),
)

export const missingArgument = defineDiagnostic<{ callee: string; parameter: string; signature?: string | undefined }>(
  'template/missing-argument',
  'error',
  'A call leaves out an argument that has no default.',
  ({ callee, parameter, signature }) => ({
    message: `\`${callee}\` needs the argument \`${parameter}\``,
    hints: [signature === undefined ? undefined : `it is called \`{{${signature}}}\``],
  }),
)

export const extraArgument = defineDiagnostic<{ callee: string; limit: number; signature?: string | undefined }>(
  'template/extra-argument',
  'error',
  'A call gives more arguments than the macro or built-in takes.',
  ({ callee, limit, signature }) => ({
    message:
      limit === 0
        ? `\`${callee}\` takes no arguments`
        : `\`${callee}\` takes at most ${limit} argument${limit === 1 ? '' : 's'}`,
    hints: [signature === undefined ? undefined : `it is called \`{{${signature}}}\``],
  }),
)

export const unknownArgument = defineDiagnostic<{ callee: string; name: string; candidates: readonly string[] }>(
  'template/unknown-argument',
  'error',
  'A call names an argument that the macro or built-in does not have.',
  ({ callee, name, candidates }) => ({
    message: `\`${callee}\` has no argument \`${name}\``,
    hints: [
      didYouMean(name, candidates) ??
        (candidates.length > 0 ? `it has ${candidates.map((c) => `\`${c}\``).join(', ')}` : undefined),
    ],
  }),
)

export const duplicateArgument = defineDiagnostic<{ name: string }>(
  'template/duplicate-argument',
  'error',
  'An argument is given twice: by name twice, or by position and by name.',
  ({ name }) => ({ message: `the argument \`${name}\` is given twice` }),
)

// Values

export const wrongType = defineDiagnostic<{ what: string; expected: string; found: string; hint?: string | undefined }>(
  'template/wrong-type',
  'error',
  'A built-in got a value of a type that it cannot work with.',
  ({ what, expected, found, hint }) => ({ message: `${what} must be ${expected}, not ${found}`, hints: [hint] }),
)

export const invalidValue = defineDiagnostic<{ message: string; hint?: string | undefined }>(
  'template/invalid-value',
  'error',
  'A built-in got a value of the right type that it cannot work with, such as a division by zero.',
  ({ message, hint }) => ({ message, hints: [hint] }),
)

export const notPrintable = defineDiagnostic<{ found: string }>(
  'template/not-printable',
  'error',
  'A list or a dict has no text of its own. `join`, `literals` and `json` turn it into text.',
  ({ found }) => ({
    message: `${found} cannot be printed`,
    hints: ['turn it into text with `(join xs ", ")`, `(literals xs)` or `(json x)`'],
  }),
)

export const missingVariable = defineDiagnostic<{ name: string; candidates: readonly string[] }>(
  'template/missing-variable',
  'error',
  'The project variable is not defined. Define it under `vars:` in `project.yml`, with `--vars`, or give a default.',
  ({ name, candidates }) => ({
    message: `the variable \`${name}\` is not defined`,
    hints: [
      didYouMean(name, candidates) ??
        `define it under \`vars:\` in \`project.yml\`, or write \`{{var "${name}" default}}\``,
    ],
  }),
)

export const missingEnvironment = defineDiagnostic<{ name: string }>(
  'template/missing-environment',
  'error',
  'The environment variable is not set. Set it, or give a default.',
  ({ name }) => ({
    message: `the environment variable \`${name}\` is not set`,
    hints: [`set it, or write \`{{env_var "${name}" default}}\``],
  }),
)

export const noRelation = defineDiagnostic<Record<never, never>>(
  'template/no-relation',
  'error',
  '`this` is the relation of a node. Where no node is being built, there is none.',
  () => ({ message: '`this` has no meaning here: no node is being built' }),
)

export const noLoop = defineDiagnostic<{ name: string; known: readonly string[] }>(
  'template/no-loop',
  'error',
  '`.`, `@index`, `@first`, `@last` and `@key` exist inside `{{#each}}` only.',
  ({ name, known }) =>
    known.length > 0
      ? {
          message: `there is no \`${name}\``,
          hints: [didYouMean(name, known) ?? `there are ${known.map((k) => `\`${k}\``).join(', ')}`],
        }
      : { message: `\`${name}\` stands outside of \`{{#each}}\`` },
)

export const raised = defineDiagnostic<{ text: string }>(
  'template/raised',
  'error',
  'The template itself raised this with `{{error "…"}}`.',
  ({ text }) => ({ message: text }),
)

export const limitExceeded = defineDiagnostic<{ message: string; hint?: string | undefined }>(
  'template/limit',
  'error',
  'A limit of the language was reached: macro depth 100, 1,000,000 loop turns a template, a range of 1,000,000, an output of 16 MiB.',
  ({ message, hint }) => ({ message, hints: [hint] }),
)

// Static analysis

export const unresolvedReference = defineDiagnostic<{ callee: string }>(
  'template/unresolved-reference',
  'error',
  'The name of a `ref` or `source` is computed from something that is not known while parsing, so the DAG would miss the edge. Say it with `depends_on`.',
  ({ callee }) => ({
    message: `the name in this \`${callee}\` is not known while parsing`,
    hints: ['use a literal name, or add `{{depends_on (ref "…")}}` for each node it may name'],
  }),
)

export const unknownConfigValue = defineDiagnostic<{ key: string }>(
  'template/config-value',
  'error',
  'A value in `{{config}}` is not known while parsing. Literals, `list`, `dict`, `var`, `env_var`, `target` and operators on these are.',
  ({ key }) => ({
    message: `the value of \`${key}\` is not known while parsing`,
    hints: ['use literals, `list`, `dict`, `var`, `env_var`, `target` and operators on these'],
  }),
)

export const duplicateConfig = defineDiagnostic<{ key: string }>(
  'template/duplicate-config',
  'error',
  'A configuration key is set twice in one file.',
  ({ key }) => ({ message: `\`${key}\` is configured twice` }),
)

export const duplicateMacro = defineDiagnostic<{ kind: string; name: string }>(
  'template/duplicate-macro',
  'error',
  'Two definitions of one kind in one package have the same name.',
  ({ kind, name }) => ({ message: `the ${kind} \`${name}\` is defined twice` }),
)
