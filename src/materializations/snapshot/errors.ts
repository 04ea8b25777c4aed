import { defineDiagnostic } from '../../base/diagnostic.ts'

const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

export const metaColumnTaken = defineDiagnostic<{ name: string; column: string }>(
  'run/snapshot-column-taken',
  'error',
  'The query of a snapshot has a column with the name of one that the snapshot adds.',
  (a) => ({
    message: `the query gives a column \`${a.name}\`, which the snapshot adds itself`,
    hints: [`leave it out of the query, or name the other: \`snapshot_meta_column_names: { ${a.column}: … }\``],
  }),
)

export const timeNeeded = defineDiagnostic<{ column: string; type: string }>(
  'run/snapshot-time-needed',
  'error',
  'A snapshot notes deletions with the time of the run, and its `updated_at` is neither a date nor a timestamp.',
  (a) => ({
    message: `\`hard_deletes\` needs times, and \`${a.column}\` is ${a.type}`,
    hints: ['convert the column to a timestamp in the query, or set `hard_deletes: ignore`'],
  }),
)

export const metaColumnsMissing = defineDiagnostic<{ table: string; missing: readonly string[] }>(
  'run/snapshot-columns-missing',
  'error',
  'The table at the place of a snapshot lacks columns that a history has. It is no history, or it was made with other settings.',
  (a) => ({
    message: `${a.table} has no ${list(a.missing)}`,
    notes: ['a snapshot never replaces a table that stands'],
    hints: [
      a.missing.length === 1
        ? 'add the column to the table, or name it in `snapshot_meta_column_names`'
        : 'give the snapshot another `alias` or `schema`, or name its columns in `snapshot_meta_column_names`',
    ],
  }),
)

export const columnRetyped = defineDiagnostic<{ table: string; column: string; from: string; to: string }>(
  'run/snapshot-column-retyped',
  'error',
  'A column of a snapshot has another type than in its history, and not every value of one fits the other. Types that only grow are followed.',
  (a) => ({
    message: `\`${a.column}\` is ${a.to} in the query and ${a.from} in ${a.table}`,
    hints: [`write \`cast(${a.column} as ${a.from})\` in the query, or give the new column another name`],
  }),
)

export const noUpdateTime = defineDiagnostic<{ column: string }>(
  'run/snapshot-time-missing',
  'error',
  'Rows of a snapshot have no value in `updated_at`, so that it is not known when their versions begin.',
  (a) => ({
    message: `\`${a.column}\` is null in some rows`,
    hints: ['fill it in the query, or leave these rows out'],
  }),
)

export const duplicateVersions = defineDiagnostic<{ key: readonly string[]; updatedAt: string | null }>(
  'run/snapshot-duplicates',
  'error',
  'The query of a snapshot gives two rows of which it cannot tell which one is valid: of one key and, with the strategy `timestamp`, of one time.',
  (a) => ({
    message:
      a.updatedAt === null
        ? `the query gives more than one row for the same ${list(a.key)}`
        : `the query gives more than one row for the same ${list([...a.key, a.updatedAt])}`,
    hints: [
      a.updatedAt === null
        ? 'keep one row of each key, or use the strategy `timestamp`, which takes several versions'
        : 'keep one of them, for example with the macro `deduplicate`',
    ],
  }),
)

export const severalCurrent = defineDiagnostic<{ table: string; key: readonly string[] }>(
  'run/snapshot-several-current',
  'error',
  'The history has more than one current version of a key, as a snapshot of dbt makes them of duplicates. tsdbt does not choose for you.',
  (a) => ({
    message: `${a.table} has more than one current version for the same ${list(a.key)}`,
    hints: ['set the end of all but one of them'],
  }),
)

export const lateVersions = defineDiagnostic<{
  versions: number
  deletions: number
}>(
  'run/snapshot-late-versions',
  'warning',
  'Rows of a snapshot begin before the version that is current, or the run is not later than it. History is never written again, so they are left out.',
  (a) => ({
    message: [
      ...(a.versions === 0
        ? []
        : [`${a.versions} ${a.versions === 1 ? 'row is' : 'rows are'} too late for the history`]),
      ...(a.deletions === 0
        ? []
        : [`${a.deletions} missing ${a.deletions === 1 ? 'row is' : 'rows are'} newer than the time of this run`]),
    ].join(', and '),
    notes: ['a version that begins before the current one would change what was true before, and is left out'],
  }),
)
