import type { DeclaredColumn, SeedRequest } from '../adapters/load.ts'
import type { NodeRelation, Seed } from '../project/resource.ts'

/** Types come from `column_types` alone; the other columns are inferred from the whole file. */
export function seedRequest(node: Seed, target: NodeRelation): SeedRequest {
  const { config } = node
  const columns = Object.entries(config.column_types).map(([name, dataType]): DeclaredColumn => {
    const described = node.columns.find((c) => c.name === name)
    const quote = described?.quote === true || config.quote_columns === true
    return { name, dataType, quote, required: true, span: described?.span ?? node.span }
  })
  return {
    target,
    absolutePath: node.absolutePath,
    path: node.span.path,
    delimiter: config.delimiter,
    columns,
    quoteColumns: config.quote_columns === true,
    nullValues: [''],
  }
}
