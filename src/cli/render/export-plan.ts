import type { RunReport } from '../../commands/outcome.ts'

/** The exports that `--dry-run` prints: what each reads, and the file that it would write. */
export function renderExports(plans: RunReport['exportPlan']): string {
  const lines = plans.flatMap(({ name, format, to, replaces, tables, notes }) => [
    `export ${name} (${format})`,
    ...tables.map(({ name: table, columns }) =>
      columns === null
        ? `  read      ${table}, which does not exist yet`
        : `  read      ${table} (${columns.length} ${columns.length === 1 ? 'column' : 'columns'})`,
    ),
    ...(to === null ? [] : [`  ${replaces ? 'replace ' : 'write   '}  ${to}`]),
    ...notes.map((note) => `  then      ${note}`),
  ])
  return lines.map((line) => `${line}\n`).join('')
}
