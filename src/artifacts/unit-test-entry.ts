import { relationOf } from '../project/relation-of.ts'
import type { UnitTest } from '../project/resource.ts'
import { createdAt, type ManifestInput } from './manifest-input.ts'

type Rows = Pick<UnitTest['expect'], 'written' | 'format' | 'fixture'>

function rowsEntry({ written, format, fixture }: Rows): Record<string, unknown> {
  return { rows: written, format, fixture }
}

/** An entry of `unit_tests`. dbt's objects are closed: what it does not know stands under `meta.tsdbt`. */
export function unitTestEntry(test: UnitTest, input: ManifestInput): Record<string, unknown> {
  const { config, expect, overrides, versions, version } = test
  const model = input.graph.nodes.get(test.model)
  const { tolerance, tableAfter } = expect
  const own = { ...(tableAfter ? { table_after: true } : {}), ...(tolerance === 0 ? {} : { tolerance }) }
  const meta = Object.keys(own).length === 0 ? test.meta : { ...test.meta, tsdbt: own }
  return {
    model: test.fqn.at(-2),
    given: test.given.map((given) => ({ input: given.input, ...rowsEntry(given) })),
    expect: rowsEntry(expect),
    name: test.name,
    resource_type: 'unit_test',
    package_name: test.packageName,
    path: test.path,
    original_file_path: test.originalFilePath,
    unique_id: test.uniqueId,
    fqn: test.fqn,
    description: test.description,
    overrides: overrides.written,
    depends_on: { macros: [], nodes: test.dependsOn },
    config: { tags: config.tags, meta, enabled: config.enabled, static_analysis: null },
    checksum: test.checksum,
    schema: model === undefined ? null : (relationOf(model)?.schema ?? null),
    created_at: createdAt(input),
    versions,
    version,
  }
}
