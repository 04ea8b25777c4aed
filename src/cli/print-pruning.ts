import type { PruneOutcome } from '../commands/outcome.ts'
import type { LogRecord } from './render/record.ts'
import type { Reporter } from './reporter.ts'

/** One line for each relation: what may go, then what must stay. */
export function printPruning({ drop, keep }: PruneOutcome['plan'], reporter: Reporter): void {
  const rows = [
    ...drop.map((relation) => ({ relation, action: 'drop', because: relation.reason })),
    ...keep.map((relation) => ({ relation, action: 'keep', because: `${relation.reason}, but ${relation.because}` })),
  ]
  const nameOf = ({ name }: (typeof rows)[number]['relation']) => `${name.schema}.${name.identifier}`
  const width = Math.max(0, ...rows.map((row) => nameOf(row.relation).length))
  const kindOf = ({ kind }: (typeof rows)[number]['relation']) => kind.replaceAll('_', ' ')
  const kindWidth = Math.max(5, ...rows.map((row) => kindOf(row.relation).length))
  const lines = rows.map(({ relation, action, because }) => {
    return `${action}  ${nameOf(relation).padEnd(width)}  ${kindOf(relation).padEnd(kindWidth)}  ${because}`
  })
  reporter.data(lines.map((line) => `${line}\n`).join(''), () =>
    rows.map(({ relation, action, because }, i): LogRecord => {
      const { name, kind, uniqueId: unique_id } = relation
      return {
        name: 'PruneRelation',
        code: 'T010',
        level: 'info',
        msg: lines[i]!,
        data: { action, because, ...name, kind, unique_id },
      }
    }),
  )
}
