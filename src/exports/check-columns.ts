import type { Session } from '../adapters/adapter.ts'
import type { Dialect } from '../adapters/dialect.ts'
import { DatabaseError, UserError } from '../base/errors.ts'
import { stableJson } from '../graph/stable-json.ts'
import type { Export } from '../project/resource.ts'
import { promisedColumnRetyped, schemaChanged, unknownPromisedType } from './errors.ts'
import type { ExportTable } from './export-job.ts'
import type { ExportManifest } from './export-manifest.ts'

/** Compares promised types with those that the columns have; the engine says which words mean the same. Raises `UserError`. */
export async function checkPromisedTypes(
  { session, dialect }: { readonly session: Session; readonly dialect: Dialect },
  node: Export,
  tables: readonly ExportTable[],
): Promise<void> {
  for (const { name, dataType, span } of node.promised ?? []) {
    if (dataType === null) continue
    const place = { span, node: node.uniqueId }
    const wanted = await session.extraction.columns(`select cast(null as ${dataType}) as c`).catch((error: unknown) => {
      if (!(error instanceof DatabaseError)) throw error
      throw new UserError(unknownPromisedType({ type: dataType, reason: error.fault.message }, place))
    })
    const same = (type: string): string => dialect.comparableType?.(type) ?? type
    const column = tables[0]!.columns.find((c) => c.name.toLowerCase() === name.toLowerCase())!
    if (same(wanted[0]!.type) !== same(column.engineType))
      throw new UserError(promisedColumnRetyped({ column: name, wanted: dataType, actual: column.engineType }, place))
  }
}

/**
 * Compares the columns with those that were exported the last time: readers break when one is gone or holds something else.
 * Types are compared only when the same engine wrote them. Raises `UserError` unless the export allows it.
 */
export function checkSchemaChange(
  node: Export,
  tables: readonly ExportTable[],
  { earlier, engine }: { readonly earlier: ExportManifest | null; readonly engine: string },
): void {
  if (earlier === null || node.onSchemaChange === 'allow' || earlier.format !== node.choice.format) return
  const removed: string[] = []
  const retyped: { name: string; before: string; now: string }[] = []
  const several = tables.length + earlier.tables.length > 2
  for (const before of earlier.tables) {
    const now = tables.find((t) => t.name === before.name)
    if (now === undefined && several) removed.push(before.name)
    for (const old of before.columns) {
      const column = (now ?? (several ? undefined : tables[0]))?.columns.find((c) => c.name === old.name)
      const name = several ? `${before.name}.${old.name}` : old.name
      if (column === undefined && (now !== undefined || !several)) removed.push(name)
      else if (
        column !== undefined &&
        earlier.engine === engine &&
        stableJson(column.type) !== stableJson(old.logical_type)
      )
        retyped.push({ name, before: old.type, now: column.engineType })
    }
  }
  if (removed.length + retyped.length === 0) return
  const place = { span: node.span, node: node.uniqueId }
  throw new UserError(schemaChanged({ to: node.to ?? node.name, removed, retyped }, place))
}
