import { defineDiagnostic } from '../../../base/diagnostic.ts'

export const tooManyPartitions = defineDiagnostic(
  'db/too-many-partitions',
  'error',
  'The rows of a partitioned table need more partitions than one table should have: each of them costs every query that cannot rule it out, and takes locks.',
  ({ column, granularity, limit }: { column: string; granularity: string | null; limit: number }) => ({
    message:
      granularity === null
        ? `\`${column}\` has more than ${limit} values, and each would be a partition`
        : `\`granularity: ${granularity}\` on \`${column}\` makes more than ${limit} partitions`,
    hints: [
      granularity === 'day' || granularity === 'month'
        ? `choose \`granularity: ${granularity === 'day' ? 'month' : 'year'}\``
        : 'partition by another column, or by `type: hash`',
    ],
  }),
)

export const unfitPartitionColumn = defineDiagnostic(
  'db/unfit-partition-column',
  'error',
  'The type of the column that `partition_by` names does not fit the kind of partitions. Ranges of days, months and years need dates or timestamps.',
  ({ column, type, wanted }: { column: string; type: string; wanted: string }) => ({
    message: `\`partition_by\` names \`${column}\`, which is ${type}, not ${wanted}`,
    hints: ['cast it in the model, or partition by another column or another `type`'],
  }),
)
