import { defineDiagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'

const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

export const unknownStrategy = defineDiagnostic(
  'run/unknown-strategy',
  'error',
  'The `incremental_strategy` of a model is none that the engine has.',
  ({ strategy, known }: { strategy: string; known: readonly string[] }) => ({
    message: `unknown incremental strategy \`${strategy}\``,
    hints: [didYouMean(strategy, known) ?? `the strategies are ${list(known)}`],
  }),
)

export const badThreshold = defineDiagnostic(
  'run/bad-threshold',
  'error',
  'A `warn_if` or `error_if` of a test cannot be read. Write a comparison with a number of rows, or with a share of the rows.',
  ({ key, text }: { key: string; text: string }) => ({
    message: `\`${key}: ${text}\` is not understood`,
    hints: ['write `!= 0`, `> 10`, `between 1 and 5`, `in (1, 2)` or, as a share of the rows, `>= 0.5%`'],
  }),
)

/** How the columns of new rows differ from those of the table. */
export interface ColumnChanges {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly retyped: readonly { readonly name: string; readonly from: string; readonly to: string }[]
}

function describeChanges({ added, removed, retyped }: ColumnChanges): readonly string[] {
  const notes: string[] = []
  if (added.length > 0) notes.push(`only in the model: ${list(added)}`)
  if (removed.length > 0) notes.push(`only in the table: ${list(removed)}`)
  for (const { name, from, to } of retyped) notes.push(`\`${name}\` is ${from} in the table and ${to} in the model`)
  return notes
}

export const columnsChanged = defineDiagnostic(
  'run/columns-changed',
  'error',
  'The columns of an incremental model differ from those of its table, and `on_schema_change` is `fail`.',
  ({ table, changes }: { table: string; changes: ColumnChanges }) => ({
    message: `the columns of this model are no longer those of ${table}`,
    notes: describeChanges(changes),
    hints: ['run it with `--full-refresh`, or set `on_schema_change` to `append_new_columns` or `sync_all_columns`'],
  }),
)

export const columnRemoved = defineDiagnostic(
  'run/column-removed',
  'error',
  'An incremental model no longer has a column that its table has, and `on_schema_change` is `ignore`.',
  ({ table, changes }: { table: string; changes: ColumnChanges }) => ({
    message: `this model no longer gives ${list(changes.removed)}, which ${table} has`,
    notes: describeChanges({ ...changes, removed: [] }),
    hints: [
      'run it with `--full-refresh`, or set `on_schema_change` to `append_new_columns` (keeps it) or `sync_all_columns` (drops it)',
    ],
  }),
)

export const unknownColumnInConfig = defineDiagnostic(
  'run/unknown-column-in-config',
  'error',
  'A configuration of a model or snapshot names a column that its query does not give.',
  ({
    key,
    column,
    columns,
    what = 'model',
  }: {
    key: string
    column: string
    columns: readonly string[]
    what?: 'model' | 'snapshot'
  }) => ({
    message: `\`${key}\` names \`${column}\`, which is no column of this ${what}`,
    hints: [didYouMean(column, columns) ?? `its columns are ${list(columns)}`],
  }),
)

export const duplicateKeys = defineDiagnostic(
  'run/duplicate-keys',
  'error',
  'The new rows of an incremental model hold a key more than once, so that it is not clear which row should win a merge.',
  ({ key }: { key: readonly string[] }) => ({
    message: `the new rows hold the same ${list(key)} more than once`,
    hints: ['keep one row of each key in the model, for example with the macro `deduplicate`'],
  }),
)

export const contractBroken = defineDiagnostic(
  'run/contract-broken',
  'error',
  'The query of a model with an enforced contract does not give the columns and types that its property file declares. Nothing was made.',
  ({ node, faults }: { node: string; faults: number }) => ({
    message: `\`${node}\` breaks its contract: ${faults === 1 ? 'one column differs' : `${faults} columns differ`}`,
    hints: ['change the query or `columns:`; a type is changed by `cast(x as type)`'],
  }),
)

export const unknownContractType = defineDiagnostic(
  'run/unknown-contract-type',
  'error',
  'A contract declares a type that the engine does not know.',
  ({ column, type }: { column: string; type: string }) => ({
    message: `\`${type}\`, the type of \`${column}\`, is no type of this engine`,
  }),
)

export const constraintViolated = defineDiagnostic(
  'run/constraint-violated',
  'error',
  'Rows break a constraint of a contract. Nothing was published, and the old rows stay.',
  (a: {
    type: string
    name: string | null
    node: string
    columns: readonly string[]
    expression: string | null
    target: string | null
    rows: number | null
  }) => {
    const what = a.type === 'check' ? `check (${a.expression})` : a.type.replace('_', ' ')
    const named = a.name === null ? `the constraint \`${what}\`` : `\`${a.name}\` (${what})`
    const columns = a.columns.length === 0 ? '' : ` on ${list(a.columns)}`
    const kind = a.type === 'foreign_key' ? `values that ${a.target} does not have` : 'keys that stand more than once'
    return {
      message: `\`${a.node}\` breaks ${named}${columns}: ${a.rows === null ? kind : `${a.rows} ${a.rows === 1 ? 'row' : 'rows'}`}`,
      hints: ['mend the rows in the query, or change the constraint'],
    }
  },
)

export const configWithoutEffect = defineDiagnostic(
  'run/config-without-effect',
  'warning',
  'A configuration asks for something that the engine of the target does not have. It is left out there, so that one project runs on several engines.',
  ({ key, engine, others }: { key: string; engine: string; others: number }) => ({
    message: `\`${key}\` has no effect on ${engine}`,
    notes: others === 0 ? [] : [`${others} more ${others === 1 ? 'node has' : 'nodes have'} it`],
  }),
)

export const uniqueWithoutPartition = defineDiagnostic(
  'run/unique-without-partition',
  'error',
  'A unique index of a partitioned table must hold the column by which it is partitioned: the engine only compares rows of the same partition.',
  ({ columns, column }: { columns: readonly string[]; column: string }) => ({
    message: `the unique index on ${list(columns)} does not hold \`${column}\`, by which the table is partitioned`,
    hints: [`add \`${column}\` to its columns, or test the uniqueness with \`unique\``],
  }),
)

export const describedColumnMissing = defineDiagnostic(
  'run/described-column-missing',
  'warning',
  'A property file describes a column that the relation does not have, so that its description cannot be written into the database.',
  ({ column, columns }: { column: string; columns: readonly string[] }) => ({
    message: `there is no column \`${column}\` to write its description on`,
    hints: [didYouMean(column, columns)],
  }),
)

export const viewChanged = defineDiagnostic(
  'run/materialized-view-changed',
  'error',
  'The query or the indexes of a materialized view differ from what stands in the database, and `on_configuration_change` is `fail` (an error) or `continue` (a warning).',
  ({ changed, fails }: { changed: readonly ('query' | 'indexes')[]; fails: boolean }) => ({
    message: `the ${changed.join(' and the ')} of this materialized view ${changed.length > 1 || changed[0] === 'indexes' ? 'are' : 'is'} no longer what stands in the database`,
    notes: fails ? [] : ['it is refreshed as it stands'],
    hints: ['run it with `--full-refresh`, or set `on_configuration_change` to `apply`'],
    severity: fails ? 'error' : 'warning',
  }),
)

export const partitionsDiffer = defineDiagnostic(
  'run/partitions-differ',
  'warning',
  'The table of an incremental model is not partitioned as `partition_by` says. Its rows are right all the same.',
  ({ found }: { found: string }) => ({
    message: `the table is ${found}, not partitioned as \`partition_by\` says`,
    hints: ['run it once with `--full-refresh`'],
  }),
)

export const nameIsCut = defineDiagnostic(
  'run/name-is-cut',
  'warning',
  'A name in the SQL of a model is longer than the engine keeps names, which cuts it without an error. Relations are not concerned: their names are shortened with a hash.',
  ({ name, bytes }: { name: string; bytes: number }) => ({
    message: `\`${name}\` is longer than ${bytes} bytes, and the engine cuts it`,
    hints: ['write a shorter name'],
  }),
)

export const grantsNotApplied = defineDiagnostic(
  'run/grants-not-applied',
  'error',
  'The role of the run may not give or take the rights that `grants` declares, and the server left them as they were.',
  ({ statements }: { statements: readonly string[] }) => ({
    message: 'the server did not change the rights that `grants` declares',
    notes: statements.slice(0, 5).map((statement) => `without effect: ${statement}`),
    hints: ['set `role` of the target to the owner of the relation'],
  }),
)

export const batchesBeginLate = defineDiagnostic(
  'run/batches-begin-late',
  'error',
  'The first batch of a microbatch model would begin after the time to which it is built, usually because `begin` lies in the future.',
  ({ begin, end }: { begin: string; end: string }) => ({
    message: `there is no batch: the first one would begin at ${begin}, and the last one end at ${end} (UTC)`,
    hints: ['set `begin` to the time of the first rows, or `--event-time-start` and `--event-time-end` to a window'],
  }),
)

export const tooManyBatches = defineDiagnostic(
  'run/too-many-batches',
  'error',
  'A microbatch model would have more batches than a run can have: its `begin` is too early for its `batch_size`.',
  ({ begin, grain, limit }: { begin: string; grain: string; limit: number }) => ({
    message: `there are more than ${limit} batches of one ${grain} since ${begin}`,
    hints: [
      'set a later `begin` or a larger `batch_size`, or build a part with `--event-time-start` and `--event-time-end`',
    ],
  }),
)

export const batchTimeNull = defineDiagnostic(
  'run/batch-time-null',
  'error',
  'A microbatch model gave rows without `event_time`. They belong to no batch, and a later run could not replace them.',
  ({ column, rows }: { column: string; rows: number }) => ({
    message: `${rows === 1 ? 'a row has' : `${rows} rows have`} no \`${column}\`, so ${rows === 1 ? 'it belongs' : 'they belong'} to no batch`,
    hints: [`leave them out with \`where ${column} is not null\`, or give them a time`],
  }),
)

export const rowsOutsideBatch = defineDiagnostic(
  'run/rows-outside-batch',
  'warning',
  'A batch of a microbatch model gave rows of another time. They were left out: each batch replaces its own window and nothing else.',
  ({ column, rows, batches }: { column: string; rows: number; batches: readonly string[] }) => ({
    message: `${rows} ${rows === 1 ? 'row lies' : 'rows lie'} outside of ${batches.length === 1 ? `batch ${batches[0]}` : `their batches (${batches.slice(0, 5).join(', ')}${batches.length > 5 ? ', …' : ''})`} and ${rows === 1 ? 'was' : 'were'} left out`,
    hints: [
      `the model’s \`${column}\` is not the time by which its inputs are narrowed: read the input with \`all_rows=true\`, or filter by \`{{literal batch.event_time_start}}\``,
    ],
  }),
)

export const batchTimeMissing = defineDiagnostic(
  'run/batch-time-missing',
  'error',
  'A microbatch model does not give the column that its `event_time` names.',
  ({ column, columns }: { column: string; columns: readonly string[] }) => ({
    message: `this model gives no column \`${column}\`, which is its \`event_time\``,
    hints: [didYouMean(column, columns) ?? `it gives ${list(columns.slice(0, 12))}`],
  }),
)

export const batchTimeNoTime = defineDiagnostic(
  'run/batch-time-no-time',
  'error',
  'The `event_time` of a microbatch model is no date and no timestamp.',
  ({ column, type }: { column: string; type: string }) => ({
    message: `\`${column}\`, the \`event_time\` of this model, is ${type}, not a time`,
    hints: ['cast it to `date` or `timestamp`, or name another column'],
  }),
)

export const refreshIncomplete = defineDiagnostic(
  'run/refresh-incomplete',
  'error',
  'Batches failed while a microbatch table that stands was built from nothing. The old table stays as it was.',
  ({ failed, total }: { failed: number; total: number }) => ({
    message: `${failed} of ${total} batches failed, so the table that stands was not replaced`,
    hints: ['mend them and run it again; without `--full-refresh` the good batches of a window are published'],
  }),
)
