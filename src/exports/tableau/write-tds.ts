import { writeFile } from 'node:fs/promises'
import { UserError } from '../../base/errors.ts'
import type { TdsOptions } from '../../config/exports/tds-options.ts'
import { countRows } from '../count-rows.ts'
import type { ExportJob, ExportWriter } from '../export-job.ts'
import { dataSourceDocument } from './datasource.ts'
import type { ConnectionRequest } from './describe-source.ts'
import { tdsNeedsHost, tdsNeedsServer } from './errors.ts'
import { exportSource } from './export-source.ts'
import { xmlText } from './xml-text.ts'

/** A `.tds`: how Tableau reads the published tables in the server itself, with what the project says of their fields. */
export const tdsWriter: ExportWriter<'tds'> = {
  async write(job) {
    const { options, tables } = job
    const source = exportSource(job, {
      part: '',
      caption: options.caption ?? job.export.label ?? job.export.name,
      folders: options.folders,
      connection: liveConnection(job),
      tables,
      placeOf: ({ relation }) => ({ schema: relation.schema, relation: relation.identifier }),
    })
    const rows = await countRows(job)
    await writeFile(job.output, xmlText(dataSourceDocument(source)))
    return { rows, facts: { connection: 'live' } }
  },
}

/** What Tableau calls the servers that it reads tables of. */
const CLASSES: { readonly [engine: string]: 'postgres' } = { postgres: 'postgres' }

/** Where Tableau finds the server: as the options say, else as the profile does. Never a password. */
export function liveConnection({
  live,
  options,
  export: node,
}: Pick<ExportJob, 'live' | 'export'> & {
  readonly options: Pick<TdsOptions, 'server' | 'port' | 'username'>
}): ConnectionRequest {
  const place = { span: node.span, node: node.uniqueId }
  const kind = live === null ? undefined : CLASSES[live.engine]
  if (live === null || kind === undefined) throw new UserError(tdsNeedsServer({ name: node.name }, place))
  const host = options.server ?? live.host
  if (host.startsWith('/')) throw new UserError(tdsNeedsHost({ name: node.name, socket: host }, place))
  const port = options.port ?? live.port
  const user = options.username ?? live.user
  return { kind, caption: host, live: { ...live, host, port, user } }
}
