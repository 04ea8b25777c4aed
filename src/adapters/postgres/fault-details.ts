import {
  ambiguous,
  columnMissing,
  duplicateName,
  exists,
  named,
  schemaMissing,
  tableMissing,
  viewColumns,
} from './name-faults.ts'
import type { FaultDetails, RawFault } from './raw-fault.ts'
import { connectionFault, constraintFault, permissionFault, timeoutOrCancel } from './server-faults.ts'
import { groupingFault, syntaxFault } from './syntax-faults.ts'
import { functionMissing, typeFault } from './type-faults.ts'

const READERS: { readonly [kind: string]: (fault: RawFault) => FaultDetails } = {
  ambiguous,
  'column-missing': columnMissing,
  connection: connectionFault,
  constraint: constraintFault,
  'duplicate-name': duplicateName,
  exists,
  'function-missing': functionMissing,
  grouping: groupingFault,
  interrupted: timeoutOrCancel,
  'out-of-memory': outOfLocks,
  'object-missing': named,
  permission: permissionFault,
  'schema-missing': schemaMissing,
  syntax: syntaxFault,
  'table-missing': tableMissing,
  type: typeFault,
  'view-columns': viewColumns,
  'wrong-object': named,
}

/** What to do where the kind alone tells it. */
const HINTS: { readonly [kind: string]: string } = {
  conflict: 'run again; on a standby server, raise `max_standby_streaming_delay` or connect to the primary',
  'data-damaged': 'stop writing, and restore the server from a backup',
  dependency: 'drop or change what depends on it first; tsdbt never drops it along without being told',
  'disk-full': "free some space on the server's disk, or lower `threads`",
  'division-by-zero': 'write `nullif(…, 0)` around the divisor',
  file: 'the server looks on its own disk: declare a file as a source or a seed to load it from here',
  'lock-timeout':
    'end what holds it (`pg_stat_activity` and `pg_locks` show it), or raise `lock_timeout` of the target',
  'out-of-memory': 'lower `threads` of the target, or `work_mem` of the role',
  'read-only': 'connect to the primary server instead of a standby, and look at `default_transaction_read_only`',
  transaction: 'as a hook, write it with `transaction: false`; `run-operation` runs a statement that stands alone so',
  'too-many-connections':
    'lower `threads` of the target, close other connections, or raise the limit of the role or the server',
}

/** The server keeps its locks in memory that it sets aside when it starts. */
function outOfLocks({ error }: RawFault): FaultDetails {
  if (error.routine?.startsWith('LockAcquire') !== true) return {}
  const hint =
    'raise `max_locks_per_transaction` of the server: a transaction locks every relation that it changes, each partition too'
  return { message: 'the server has no room for more locks', hint }
}

/** Names, candidates, words and advice of a fault, from what its kind makes of the server's fields. */
export function faultDetails(fault: RawFault): FaultDetails {
  const details = READERS[fault.kind]?.(fault) ?? {}
  return details.hint === undefined ? { ...details, hint: HINTS[details.kind ?? fault.kind] } : details
}
