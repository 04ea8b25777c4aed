import type { Diagnostic } from '../../base/diagnostic.ts'
import { DatabaseError, UserError } from '../../base/errors.ts'
import { isReserved, normal } from '../load/header.ts'
import { unknownType } from '../load/load-errors.ts'
import { typeFamily } from '../load/value-sql.ts'
import type { DeclaredColumn, LoadRequest } from '../load.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import type { OpenFiles } from './load-files.ts'
import type { TableColumn } from './load-staging.ts'

/**
 * The columns of a table that is loaded: the declared ones in their order, then the others as they appear. `existing`
 * gives the types that undeclared columns have already. Raises `UserError` for types that the engine does not know.
 */
export async function tableColumns(
  connection: DuckDbConnection,
  request: LoadRequest,
  opened: OpenFiles,
  existing: ReadonlyMap<string, string> | undefined,
): Promise<readonly TableColumn[]> {
  const declared = request.columns.filter((column) => !isReserved(column.name))
  const own = ownTypes(opened)
  const wanted = declared.map((column) => column.dataType ?? own.get(normal(column.name))?.type ?? 'VARCHAR')
  const types = await canonicalTypes(connection, declared, wanted)
  const columns: TableColumn[] = declared.map((column, i) => tableColumn(column.name, types[i]!, column))
  const taken = new Set(columns.map((column) => normal(column.name)))
  for (const [key, { name, type }] of own) {
    if (taken.has(key)) continue
    taken.add(key)
    columns.push(tableColumn(name, existing?.get(name) ?? type, undefined))
  }
  return columns
}

function tableColumn(name: string, type: string, declared: DeclaredColumn | undefined): TableColumn {
  return { name, type, family: typeFamily(type), declared }
}

/** Every column of the files, and the type that all files give it; text when they differ. */
function ownTypes({ files }: OpenFiles): Map<string, { name: string; type: string }> {
  const own = new Map<string, { name: string; type: string }>()
  for (const file of files) {
    for (const { name, ownType = 'VARCHAR' } of file.columns) {
      if (name === undefined) continue
      const known = own.get(normal(name))
      if (known === undefined) own.set(normal(name), { name, type: ownType })
      else if (known.type !== ownType) known.type = 'VARCHAR'
    }
  }
  return own
}

/** Types as the engine prints them: `int8` is `BIGINT`, `numeric(10)` is `DECIMAL(10,0)`. */
export async function canonicalTypes(
  connection: DuckDbConnection,
  columns: readonly DeclaredColumn[],
  types: readonly string[],
): Promise<readonly string[]> {
  if (types.length === 0) return []
  const ask = (list: readonly string[]) =>
    connection.query(`select ${list.map((t) => `typeof(null::${t})`).join(', ')}`)
  try {
    return (await ask(types)).rows[0]!.map(String)
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
  }
  const found: string[] = []
  const diagnostics: Diagnostic[] = []
  for (const [i, type] of types.entries()) {
    try {
      found.push(String((await ask([type])).rows[0]![0]))
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
      const { name, span } = columns[i]!
      diagnostics.push(unknownType({ column: name, type, reason: error.fault.message }, { span }))
    }
  }
  if (diagnostics.length > 0) throw new UserError(diagnostics)
  return found
}
