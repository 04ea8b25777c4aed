import type { Session } from '../adapters/adapter.ts'
import type { Dialect } from '../adapters/dialect.ts'
import { UserError } from '../base/errors.ts'
import type { Graph } from '../graph/graph.ts'
import { primaryKey } from '../graph/primary-key.ts'
import type { Export, NodeRelation, RelationNode } from '../project/resource.ts'
import { columnsCollide, exportMissing, exportWithoutColumns, promisedColumnMissing, sourceMissing } from './errors.ts'
import type { ExportColumn, ExportTable } from './export-job.ts'
import { foreignKeys } from './foreign-keys.ts'
import { checkSorting, sorting } from './sorting.ts'

/** What is asked of the warehouse and the project to describe an export. */
export interface TableSource {
  readonly session: Session
  readonly dialect: Dialect
  readonly graph: Graph
}

interface Input {
  readonly node: RelationNode
  readonly relation: NodeRelation
}

/** The relations of an export as they stand, with the columns that it takes. Raises `UserError`. */
export async function readTables(
  source: TableSource,
  node: Export,
  inputs: readonly Input[],
): Promise<readonly ExportTable[]> {
  const tables: ExportTable[] = []
  const known: Found[] = []
  for (const input of inputs) {
    const { table, found } = await readTable(source, node, input, inputs)
    tables.push(table)
    known.push(...found)
  }
  checkSorting(node, known)
  return tables
}

async function readTable(
  { session, dialect, graph }: TableSource,
  node: Export,
  { node: input, relation }: Input,
  inputs: readonly Input[],
): Promise<{ readonly table: ExportTable; readonly found: readonly Found[] }> {
  const place = { span: node.span, node: node.uniqueId }
  const found = await session.columnsOf(relation)
  if (found.length === 0) {
    const quoted = dialect.relation(relation)
    const stands = (await session.extraction.columns(`select 1 from ${quoted}`).catch(() => null)) !== null
    if (stands) throw new UserError(exportWithoutColumns({ name: input.name }, place))
    const missing = input.resourceType === 'source' ? sourceMissing : exportMissing
    throw new UserError(missing({ name: input.name, relation: quoted }, place))
  }
  const wanted = chooseColumns(node, input.name, found)
  const seen = new Map<string, string>()
  for (const { name } of wanted) {
    const first = seen.get(name.toLowerCase())
    if (first !== undefined) throw new UserError(columnsCollide({ name: input.name, first, second: name }, place))
    seen.set(name.toLowerCase(), name)
  }
  const list = wanted.map((c) => dialect.identifier(c.name)).join(', ')
  const table = {
    node: input,
    relation,
    name: input.name,
    description: input.description,
    meta: input.meta,
    columns: wanted.map((c) => describe(input, dialect, c)),
    sql: `select ${list} from ${dialect.relation(relation)}${sorting(node, found, dialect)}`,
    primaryKey: primaryKey(input, graph),
    foreignKeys: foreignKeys(
      input,
      inputs.map((i) => i.node),
      graph,
    ),
  }
  return { table, found }
}

type Found = Awaited<ReturnType<Session['columnsOf']>>[number]

/** The promised columns of an export of one relation in their order, else all. */
function chooseColumns(node: Export, table: string, found: readonly Found[]): readonly Found[] {
  if (node.promised === null) return found
  return node.promised.map((promised) => {
    const column =
      found.find((c) => c.name === promised.name) ??
      found.find((c) => c.name.toLowerCase() === promised.name.toLowerCase())
    if (column !== undefined) return column
    const known = found.map((c) => c.name)
    throw new UserError(
      promisedColumnMissing({ column: promised.name, table, known }, { span: promised.span, node: node.uniqueId }),
    )
  })
}

function describe(node: RelationNode, dialect: Dialect, { name, type }: Found): ExportColumn {
  const column =
    node.columns.find((c) => c.name === name) ?? node.columns.find((c) => c.name.toLowerCase() === name.toLowerCase())
  return {
    name,
    type: dialect.logicalType(type),
    engineType: type,
    description: column?.description ?? '',
    meta: column?.meta ?? {},
    span: column?.span ?? null,
  }
}
