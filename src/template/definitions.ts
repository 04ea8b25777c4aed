import { didYouMean } from '../base/nearest.ts'
import type { Program } from './ast.ts'
import { invalidDefinition } from './errors.ts'
import { type Lowering, lowerExpression, place, plainName, report } from './lower-expression.ts'
import type { RawBlock, RawProgram } from './syntax-tree.ts'
import type { MacroDefinition, MacroParameter } from './template.ts'

/** Prefixes that make a definition an engine's own. No package may have these names. */
const engineNames: readonly string[] = ['duckdb', 'postgres']

/** Names of the language itself, which a macro cannot take. */
const reservedNames: ReadonlySet<string> = new Set([
  ...['if', 'unless', 'each', 'capture', 'else', 'raw', 'macro', 'test', 'as'],
  ...['set', 'push', 'return', 'config', 'depends_on', 'this', 'target', 'error', 'warn', 'log'],
])

/** Keys that configure a test where it is declared, so that no parameter may have their names. */
const testConfigurationKeys: ReadonlySet<string> = new Set([
  ...['alias', 'arguments', 'config', 'database', 'description', 'enabled', 'error_if', 'fail_calc', 'limit', 'meta'],
  ...['name', 'schema', 'severity', 'store_failures', 'store_failures_as', 'tags', 'test_name', 'warn_if', 'where'],
])

/** `macro.<package>.<name>`, with `<engine>__` and `test_` as dbt writes them. */
function macroUniqueId(packageName: string, kind: 'macro' | 'test', engine: string | undefined, name: string): string {
  const prefix = engine === undefined ? '' : `${engine}__`
  return `macro.${packageName}.${prefix}${kind === 'test' ? 'test_' : ''}${name}`
}

/** Turns `{{#*macro name a b=1}}…{{/macro}}` into a definition, or reports why it is none. */
export function lowerDefinition(
  at: Lowering,
  raw: RawBlock,
  decorator: string,
  lowerBody: (at: Lowering, raw: RawProgram) => Program,
): undefined {
  const fail = (message: string, hint: string | undefined, range: { start: number; end: number }): undefined =>
    void report(at, invalidDefinition({ message, hint }, place(at, range)))
  if (decorator !== 'macro' && decorator !== 'test') {
    const hint = didYouMean(decorator, ['macro', 'test']) ?? 'there are `{{#*macro}}` and `{{#*test}}`'
    return fail(`\`{{#*${decorator}}}\` defines nothing`, hint, raw.path.loc)
  }
  if (at.inside !== undefined || at.depth > 1) {
    return fail(`a ${decorator} can only be defined at the top level of a file`, undefined, raw.path.loc)
  }
  const form = decorator === 'macro' ? '{{#*macro name a b=1}}' : '{{#*test name model column_name}}'
  const nameNode = raw.params[0]
  const written = nameNode === undefined ? undefined : plainName(nameNode)
  if (nameNode === undefined || written === undefined) {
    const message =
      nameNode?.type === 'StringLiteral'
        ? `the name of a ${decorator} stands without quotes`
        : `this ${decorator} has no name`
    return fail(message, `write \`${form}\``, nameNode?.loc ?? raw.path.loc)
  }
  const dot = written.indexOf('.')
  const engine = dot < 0 ? undefined : written.slice(0, dot)
  const name = written.slice(dot + 1)
  if (engine !== undefined && !engineNames.includes(engine)) {
    const hint = didYouMean(engine, engineNames) ?? `engines are ${engineNames.join(' and ')}`
    return fail(`\`${engine}\` is no engine that a ${decorator} can be defined for`, hint, nameNode.loc)
  }
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return fail(`\`${name}\` is no valid name`, 'use letters, digits and underscores', nameNode.loc)
  }
  if (reservedNames.has(name)) return fail(`\`${name}\` belongs to the language`, 'choose another name', nameNode.loc)
  const parameters = lowerParameters(at, raw, decorator)
  at.inside = decorator
  const body = lowerBody(at, raw.program)
  at.inside = undefined
  if (parameters === undefined) return undefined
  at.definitions.push({
    kind: decorator,
    name,
    engine,
    packageName: at.packageName,
    uniqueId: macroUniqueId(at.packageName, decorator, engine, name),
    parameters,
    body,
    file: at.file,
    span: place(at, raw.loc).span,
    nameSpan: place(at, nameNode.loc).span,
  } satisfies MacroDefinition)
  return undefined
}

function lowerParameters(at: Lowering, raw: RawBlock, kind: 'macro' | 'test'): readonly MacroParameter[] | undefined {
  const parameters: MacroParameter[] = []
  const problems = at.diagnostics.length
  const add = (
    name: string | undefined,
    range: { start: number; end: number },
    value?: MacroParameter['default'],
  ): undefined => {
    const fail = (message: string, hint?: string): undefined =>
      void report(at, invalidDefinition({ message, hint }, place(at, range)))
    if (name === undefined || name.includes('.'))
      return fail('a parameter is a plain name', 'write `name` or `name=default`')
    if (name === 'this') return fail('`this` is the relation of a node and cannot be a parameter')
    if (parameters.some((p) => p.name === name)) return fail(`the parameter \`${name}\` is there twice`)
    if (kind === 'test' && testConfigurationKeys.has(name)) {
      return fail(
        `a test cannot have a parameter \`${name}\`: it configures the test where it is declared`,
        'choose another name',
      )
    }
    parameters.push({ name, required: value === undefined, default: value, span: place(at, range).span })
    return undefined
  }
  for (const parameter of raw.params.slice(1)) add(plainName(parameter), parameter.loc)
  for (const pair of raw.hash?.pairs ?? []) {
    const key = { start: pair.loc.start, end: pair.loc.start + pair.key.length }
    add(pair.key, key, lowerExpression(at, pair.value))
  }
  if (kind === 'test' && parameters[0]?.name !== 'model') {
    const hint = 'write `{{#*test name model column_name}}`'
    report(
      at,
      invalidDefinition({ message: 'the first parameter of a test is `model`', hint }, place(at, raw.params[0]!.loc)),
    )
  }
  return at.diagnostics.length > problems ? undefined : parameters
}
