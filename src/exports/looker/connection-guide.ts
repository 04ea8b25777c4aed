import type { Admission } from '../../adapters/reader-schema.ts'
import type { ExportJob } from '../export-job.ts'
import type { LookerView } from './design-views.ts'

/** How to reach the views from Looker Studio: Markdown, or the statements with the same words as comments. */
export function connectionGuide(
  job: ExportJob<'looker'>,
  views: readonly LookerView[],
  admission: Admission | null,
): string {
  const steps = [...connecting(job, admission)]
  if (/\.md$/i.test(job.target)) return markdown(job, views, steps)
  const head = [title(job), '', ...steps].map((line) => `-- ${line}`.trimEnd())
  return `${[...head, '', ...statements(job, views)].join('\n')}\n`
}

const title = ({ export: node }: ExportJob<'looker'>): string =>
  `${node.label ?? node.name}: views for Looker Studio, made by tsdbt`

function connecting({ live, export: node, options }: ExportJob<'looker'>, admission: Admission | null): string[] {
  const { schema } = node.shelf!
  if (live === null)
    return [
      'This warehouse is a file, and Looker Studio reads servers: build on Postgres, or export CSV files and upload them.',
    ]
  const isLocal = /^(localhost|127\.|::1|\/)/.test(live.host)
  const host = live.host.startsWith('/') ? 'localhost' : live.host
  const login = options.role ?? 'a user that may read the views'
  return [
    `1. Looker Studio: Create, Data source, PostgreSQL.`,
    `2. Host ${host}, port ${live.port}, database ${live.database}, user ${login}; enable SSL.`,
    ...(isLocal
      ? ['   This address is known on this machine only: Looker Studio needs the public name of the server.']
      : []),
    `3. Choose a view of the schema ${schema}. One data source reads one view.`,
    ...(options.role === null
      ? []
      : [
          `4. The role has no password from here. In psql: \\password ${options.role}`,
          ...(admission?.canLogIn === true ? [] : [`   and let it log in: alter role ${options.role} login`]),
        ]),
  ]
}

function statements(job: ExportJob<'looker'>, views: readonly LookerView[]): readonly string[] {
  const { dialect, export: node, options } = job
  const { database, schema } = node.shelf!
  const lines = [`${dialect.createSchema(database, schema)};`]
  for (const { relation, sql, columns, comment } of views) {
    lines.push('', `${dialect.createView(relation, { text: sql, segments: [] }, { replace: true }).text};`)
    const described = columns.filter((column) => column.description.trim() !== '')
    const comments = [
      dialect.commentOn?.(relation, 'view', comment),
      ...described.map((c) => dialect.commentOnColumn?.(relation, c.name, c.description.trim())),
    ]
    for (const statement of comments) if (statement !== undefined) lines.push(`${statement};`)
  }
  if (options.role !== null) {
    const role = dialect.identifier(options.role)
    lines.push('', `create role ${role} ${options.login ? 'login' : 'nologin'};`)
    lines.push(`grant usage on schema ${dialect.identifier(schema)} to ${role};`)
    for (const { relation } of views) lines.push(`grant select on ${dialect.relation(relation)} to ${role};`)
  }
  return lines
}

function markdown(job: ExportJob<'looker'>, views: readonly LookerView[], steps: readonly string[]): string {
  const { export: node } = job
  const cell = (text: string): string =>
    text
      .trim()
      .replaceAll('|', '\\|')
      .replaceAll(/\s*\n\s*/g, ' ')
  const lines = [`# ${title(job)}`, '', ...(node.description === '' ? [] : [node.description.trim(), '']), ...steps]
  for (const { relation, table, columns } of views) {
    lines.push('', `## ${relation.schema}.${relation.identifier}`, '')
    if (table.description.trim() !== '') lines.push(table.description.trim(), '')
    lines.push('| field | type | meaning | column |', '|---|---|---|---|')
    for (const c of columns) lines.push(`| ${[c.name, c.type, c.description, c.source].map(cell).join(' | ')} |`)
  }
  return `${lines.join('\n')}\n`
}
