import type { ConfigValue } from '../config/node-config.ts'
import type { Graph } from '../graph/graph.ts'
import type { GenericTest, Node, Test } from '../project/resource.ts'

/** A test as its property file declares it. */
export type DeclaredTest = Test & { readonly generic: GenericTest }

export function isDeclared(test: Test): test is DeclaredTest {
  return test.generic !== null
}

function quoteText(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function referenceText(node: Node): string {
  if (node.resourceType === 'source') return `source(${quoteText(node.sourceName)}, ${quoteText(node.name)})`
  const version = node.resourceType === 'model' ? node.version : null
  return `ref(${quoteText(node.name)}${version === null ? '' : `, version=${quoteText(String(version.id))}`})`
}

/** `test_metadata`: arguments as declared, then the column, then the model in dbt's text. */
export function testMetadata(test: DeclaredTest, graph: Graph): Record<string, unknown> {
  const kwargs: Record<string, unknown> = { ...test.generic.kwargs }
  if (test.columnName !== null) kwargs['column_name'] = test.columnName
  const tested = test.attachedNode === null ? undefined : graph.nodes.get(test.attachedNode)
  if (tested !== undefined) kwargs['model'] = `{{ get_where_subquery(${referenceText(tested)}) }}`
  return { name: test.generic.name, kwargs, namespace: test.generic.namespace }
}

function configText(value: ConfigValue): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return JSON.stringify(value)
}

/** The column that the test stands at; one that stands at the model and names a column among its arguments has none. */
export function testedColumn({ columnName, generic }: DeclaredTest): string | null {
  return Object.hasOwn(generic.argumentSpans, 'column_name') ? null : columnName
}

/** The tested model or seed. dbt attaches no test to a source. */
export function attachedNode({ attachedNode: id }: DeclaredTest): string | null {
  return id?.startsWith('source.') === true ? null : id
}

/** The call that dbt writes as the code of a declared test, with the settings of the declaration. */
export function testCode(test: DeclaredTest): string {
  const { name, namespace } = test.generic
  const settings: Record<string, ConfigValue> = { ...test.unrenderedConfig }
  const config = Object.entries(settings).map(([key, value]) => `${key}=${configText(value)}`)
  const call = `{{ ${namespace === null ? '' : `${namespace}.`}test_${name}(**_dbt_generic_test_kwargs) }}`
  return config.length === 0 ? call : `${call}{{ config(${config.join(',')}) }}`
}

/** `models.orders`, `sources.crm`: the section of the property file and the entry in it. */
export function fileKeyName(test: DeclaredTest, graph: Graph): string | null {
  const tested = test.attachedNode === null ? undefined : graph.nodes.get(test.attachedNode)
  if (tested === undefined) return null
  return tested.resourceType === 'source' ? `sources.${tested.sourceName}` : `${tested.resourceType}s.${tested.name}`
}
