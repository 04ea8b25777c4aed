import { DatabaseError, UserError } from '../../base/errors.ts'
import { isReserved, LOAD_COLUMNS, normal } from '../load/header.ts'
import { unknownType } from '../load/load-errors.ts'
import { lengthLimit, typeFamily } from '../load/value-sql.ts'
import type { DeclaredColumn, LoadRequest } from '../load.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import type { OpenFiles } from './load-files.ts'
import type { AskedType, LoadSite, ResolvedType, Vanished } from './load-site.ts'
import type { TableColumn } from './load-staging.ts'

/**
 * The columns of a table that is loaded: the declared ones in their order, then the others as they appear. `existing`
 * gives the types that undeclared columns have already. Raises `UserError` for types that no engine knows.
 */
export async function tableColumns(
  connection: DuckDbConnection,
  site: Pick<LoadSite, 'resolveTypes' | 'storedType' | 'columnName'>,
  request: LoadRequest,
  found: { opened: OpenFiles; existing: ReadonlyMap<string, string> | undefined },
): Promise<readonly TableColumn[]> {
  const declared = request.columns.filter((column) => !isReserved(column.name))
  const own = ownTypes(found.opened)
  const taken = new Set(declared.map((column) => normal(column.name)))
  const standing = new Map([...(found.existing ?? [])].map(([name, type]) => [normal(name), { name, type }]))
  const others = [...own].flatMap(([key, { name, type }]) => {
    if (taken.has(key)) return []
    const wanted = site.columnName(name, false)
    const { name: stored, type: storedType } = standing.get(normal(wanted)) ?? {}
    return [{ name: stored ?? wanted, inFiles: name, type, storedType }]
  })
  const asked: AskedType[] = []
  for (const { name, dataType, span } of declared) {
    if (dataType !== undefined) asked.push({ column: name, type: dataType, span })
  }
  for (const { name, storedType } of others) {
    if (storedType !== undefined) asked.push({ column: name, type: storedType })
  }
  const resolved = await site.resolveTypes(connection, asked)
  const byName = new Map(asked.map((a, i) => [a.column, resolved[i]!]))
  const ofFile = (type: string): ResolvedType => ({ type, family: typeFamily(type), stored: site.storedType(type) })
  return [
    ...declared.map((column) => {
      const known = byName.get(column.name) ?? ofFile(own.get(normal(column.name))?.type ?? 'VARCHAR')
      return tableColumn({ name: site.columnName(column.name, column.quote), inFiles: column.name }, known, column)
    }),
    ...others.map(({ name, inFiles, type }) =>
      tableColumn({ name, inFiles }, byName.get(name) ?? ofFile(type), undefined),
    ),
  ]
}

/** Undeclared columns that only rows of vanished files have: their table keeps them, too. */
export async function columnsOfVanished(
  connection: DuckDbConnection,
  site: Pick<LoadSite, 'resolveTypes' | 'columnsWithValues'>,
  columns: readonly TableColumn[],
  { files, target }: Vanished,
): Promise<readonly TableColumn[]> {
  const taken = new Set([...columns.map((column) => column.name), ...LOAD_COLUMNS].map((name) => name.toLowerCase()))
  const others = [...target.keys()].filter((name) => !taken.has(name.toLowerCase()))
  if (others.length === 0) return []
  const wanted = await site.columnsWithValues(others, files)
  const asked = wanted.map((name): AskedType => ({ column: name, type: target.get(name)! }))
  const resolved = await site.resolveTypes(connection, asked)
  return wanted.map((name, i) => tableColumn({ name, inFiles: name }, resolved[i]!, undefined))
}

export function tableColumn(
  named: Pick<TableColumn, 'name' | 'inFiles'>,
  resolved: ResolvedType,
  declared: DeclaredColumn | undefined,
): TableColumn {
  const { type, stored } = resolved
  const limit = type === 'VARCHAR' ? (lengthLimit(declared?.dataType ?? '') ?? lengthLimit(stored)) : undefined
  return { ...named, ...resolved, limit, declared }
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

/** Types as the engine prints them: `int8` is `BIGINT`, `numeric(10)` is `DECIMAL(10,0)`. Undefined where it knows none, and why. */
export async function canonicalTypes(
  connection: DuckDbConnection,
  types: readonly string[],
): Promise<readonly (string | DatabaseError)[]> {
  if (types.length === 0) return []
  const ask = async (list: readonly string[]) => {
    const { rows } = await connection.query(`select ${list.map((t) => `typeof(null::${t})`).join(', ')}`)
    return rows[0]!.map(String)
  }
  try {
    return await ask(types)
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
  }
  const found: (string | DatabaseError)[] = []
  for (const type of types) {
    try {
      found.push(...(await ask([type])))
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
      found.push(error)
    }
  }
  return found
}

/** The types of a target that reads files itself. */
export async function resolveOwnTypes(
  connection: DuckDbConnection,
  asked: readonly AskedType[],
): Promise<readonly ResolvedType[]> {
  const found = await canonicalTypes(
    connection,
    asked.map(({ type }) => type),
  )
  return refuseUnknown(asked, found).map((type) => ({ type, family: typeFamily(type), stored: type }))
}

/** Raises `UserError` for the types that are errors. */
export function refuseUnknown<T>(asked: readonly AskedType[], found: readonly (T | DatabaseError)[]): readonly T[] {
  const diagnostics = found.flatMap((type, i) => {
    if (!(type instanceof DatabaseError)) return []
    const { column, type: written, span } = asked[i]!
    const reason = type.fault.message
    return [unknownType({ column, type: written, reason }, span === undefined ? {} : { span })]
  })
  if (diagnostics.length > 0) throw new UserError(diagnostics)
  return found as readonly T[]
}
