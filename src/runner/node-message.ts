import type { LoadResult } from '../adapters/load.ts'
import type { BatchProgress } from './batch-progress.ts'
import type { MemberRun } from './member-run.ts'

/** What a published member did: its message and dbt's `adapter_response`. */
export function nodeMessage(member: MemberRun): {
  readonly message: string
  readonly adapterResponse: Readonly<Record<string, number | string>>
} {
  if (member.load !== null) return loadMessage(member.load.result)
  if (member.batches !== null) return batchMessage(member, member.batches)
  const { rows } = member
  const code = codeOf(member)
  const message = rows === null || code.startsWith('CREATE') ? code : `${code} ${rows}`
  const counted = rows === null || code.startsWith('CREATE') ? {} : { rows_affected: rows }
  return { message, adapterResponse: { _message: message, code, ...counted } }
}

function codeOf({ did, rows }: MemberRun): string {
  switch (did) {
    case 'create function':
      return 'CREATE FUNCTION'
    case 'create view':
      return 'CREATE VIEW'
    case 'create table':
      return rows === null ? 'CREATE TABLE' : 'SELECT'
    case 'create materialized view':
      return 'CREATE MATERIALIZED VIEW'
    case 'refresh materialized view':
      return 'REFRESH MATERIALIZED VIEW'
    case 'merge rows':
      return 'MERGE'
    default:
      return 'INSERT'
  }
}

function batchMessage(member: MemberRun, { planned, successful }: BatchProgress): ReturnType<typeof nodeMessage> {
  const rows = member.rows ?? 0
  const code = codeOf(member)
  const done = `${code} ${rows} in ${plural(successful.length, 'batch', 'batches')}`
  const all = successful.length === planned.length
  const message = all ? done : `PARTIAL SUCCESS (${successful.length}/${planned.length}), ${done}`
  return { message, adapterResponse: { _message: message, code, rows_affected: rows, batches: successful.length } }
}

function loadMessage(result: LoadResult): ReturnType<typeof nodeMessage> {
  const { rowsInput, rowsAccepted, rowsQuarantined, rowsDuplicate, filesLoaded, filesUnchanged, filesRemoved } = result
  const files = filesLoaded.length
  const removed = filesRemoved.length === 0 ? '' : `, ${plural(filesRemoved.length, 'file')} gone`
  const message =
    files === 0 && filesRemoved.length === 0
      ? 'no new files'
      : `LOAD ${plural(rowsAccepted, 'row')} (${rowsQuarantined} quarantined, ${plural(rowsDuplicate, 'duplicate')}) from ${plural(files, 'file')}${removed}`
  return {
    message,
    adapterResponse: {
      _message: message,
      code: 'LOAD',
      rows_affected: rowsAccepted,
      rows_input: rowsInput,
      rows_accepted: rowsAccepted,
      rows_quarantined: rowsQuarantined,
      rows_duplicate: rowsDuplicate,
      files_loaded: files,
      files_unchanged: filesUnchanged,
    },
  }
}

function plural(n: number, noun: string, many = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : many}`
}
