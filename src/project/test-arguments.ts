import { configKeysOf } from '../config/config-keys.ts'
import type { ConfigValue } from '../config/node-config.ts'
import type { TestEntry } from '../config/property-types.ts'
import { looksLikeReference, parseReferenceText, type ReferenceText } from '../config/reference-text.ts'
import { setOwn } from '../config/yaml-reader.ts'
import type { MacroDefinition, StaticFacts } from '../template/template.ts'
import { columnTestOnModel, missingTestArgument, referenceNeeded, unknownTest, unknownTestArgument } from './errors.ts'
import type { LoadContext } from './load-context.ts'
import type { Asker, Resolution } from './node-names.ts'

/** Namespaces that mean the tests that come with tsdbt. */
const OWN_NAMESPACES: ReadonlySet<string> = new Set(['dbt', 'dbt_utils', 'tsdbt'])
/** Arguments that must name a node, by test. */
const NODE_ARGUMENTS: Readonly<Record<string, string>> = {
  relationships: 'to',
  relationships_where: 'to',
  equal_rowcount: 'compare_model',
  fewer_rows_than: 'compare_model',
  equality: 'compare_model',
  cardinality_equality: 'to',
}

/** The definition that an entry means; undefined after a report. */
export function findTestMacro(context: LoadContext, entry: TestEntry): MacroDefinition | undefined {
  const { namespace, name } = entry
  const { templates } = context
  const full = namespace === null ? name : `${namespace}.${name}`
  const found = namespace !== null && OWN_NAMESPACES.has(namespace) ? templates.builtinTest(name) : templates.test(full)
  if (found !== undefined) return found
  if (templates.macros.isUnread(name)) return undefined
  const known = templates.macros.names('test')
  const engines = templates.macros.enginesOf('test', name)
  context.report(unknownTest({ name: full, known, engines, engine: templates.engine }, { span: entry.span }))
  return undefined
}

/** Every parameter has a value, every argument a parameter. */
export function argumentsFit(
  context: LoadContext,
  entry: TestEntry,
  macro: MacroDefinition,
  columnName: string | null,
): boolean {
  const signature = `\`${macro.name}(${macro.parameters.map((p) => (p.required ? p.name : `${p.name}=…`)).join(', ')})\``
  const known = macro.parameters.map((p) => p.name)
  const missing = macro.parameters
    .filter((p) => p.required && p.name !== 'model' && p.name !== 'column_name' && !Object.hasOwn(entry.args, p.name))
    .map((p) => p.name)
  let fits = true
  for (const argument of Object.keys(entry.args)) {
    if (known.includes(argument) && argument !== 'model') continue
    const others = [...known.filter((k) => k !== 'model' && !Object.hasOwn(entry.args, k)), ...configKeysOf('test')]
    context.report(
      unknownTestArgument(
        { test: entry.name, argument, known: others, missing, signature },
        { span: entry.argumentKeySpans[argument] },
      ),
    )
    fits = false
  }
  if (!fits) return false
  for (const parameter of macro.parameters) {
    if (!parameter.required || parameter.name === 'model' || Object.hasOwn(entry.args, parameter.name)) continue
    if (parameter.name !== 'column_name')
      context.report(
        missingTestArgument({ test: entry.name, argument: parameter.name, signature }, { span: entry.span }),
      )
    else if (columnName === null) context.report(columnTestOnModel({ test: entry.name }, { span: entry.span }))
    else continue
    fits = false
  }
  return fits
}

export interface References {
  readonly ids: { readonly [argument: string]: string }
  /** What the definition itself refers to. */
  readonly others: readonly string[]
  /** One of them is disabled, and so is the test. */
  readonly disabled: boolean
}

export const noReferences: References = { ids: {}, others: [], disabled: false }

/** Arguments that are `ref('x')` or `source('a', 'b')`, and the references of the definition. */
export function resolveReferences(
  context: LoadContext,
  entry: TestEntry,
  facts: StaticFacts,
  asker: Asker,
): References {
  const names = Object.keys(entry.args)
  if (names.length + facts.refs.length + facts.sources.length === 0) return noReferences
  const ids: Record<string, string> = {}
  const others: string[] = []
  let disabled = false
  const add = (found: Resolution, keep: (id: string) => void): void => {
    if (found === undefined) return
    if ('disabled' in found) disabled = true
    else keep(found.id)
  }
  for (const argument of names) {
    const reference = referenceOf(context, entry, argument)
    if (reference === undefined) continue
    add(context.names.text(reference, entry.argumentSpans[argument]!, asker), (id) => setOwn(ids, argument, id))
  }
  for (const call of facts.refs) add(context.names.ref(call, asker), (id) => others.push(id))
  for (const call of facts.sources) add(context.names.source(call, asker), (id) => others.push(id))
  return { ids, others, disabled }
}

/** The reference that an argument is; an argument that must be one and is none is reported. */
function referenceOf(context: LoadContext, entry: TestEntry, argument: string): ReferenceText | undefined {
  const value: ConfigValue | undefined = entry.args[argument]
  if (typeof value !== 'string') return undefined
  const reference = parseReferenceText(value)
  if (reference !== undefined && reference.kind !== 'this') return reference
  if (NODE_ARGUMENTS[entry.name] === argument || looksLikeReference(value)) {
    const what = `\`${argument}\` of the test \`${entry.name}\``
    context.report(referenceNeeded({ what, text: value }, { span: entry.argumentSpans[argument] }))
  }
  return undefined
}
