import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import type { ExportEntry } from '../config/exports/export-entry.ts'
import { DEFAULT_CONFIG, mergeConfig } from '../config/merge-config.ts'
import type { RefCall, SourceCall } from '../template/host.ts'
import { configLayers } from './config-layers.ts'
import type { LoadContext } from './load-context.ts'
import type { Described } from './properties.ts'
import type { Export } from './resource.ts'
import { foldersOf } from './resource-folder.ts'

/** One export. What it reads is looked up when all nodes are known (`resolveExports`). */
export function buildExport(context: LoadContext, { entry, path, localPath }: Described<ExportEntry>): Export {
  const { packageName } = context
  const { name, label, owner, choice, to, toSpan, outsideProject, onSchemaChange, publish } = entry
  const fqn = [packageName, ...foldersOf(localPath), name]
  const { config, unrendered } = mergeConfig(
    DEFAULT_CONFIG.export,
    configLayers(context, 'exports', fqn, [entry.config]),
  )
  const refs: RefCall[] = []
  const sources: SourceCall[] = []
  for (const { reference, span } of entry.from) {
    if (reference.kind === 'source')
      sources.push({ source: reference.source, table: reference.table, span, quarantine: false })
    else refs.push({ package: reference.package, name: reference.name, version: reference.version, span })
  }
  const promised = entry.columns?.map((column) => [column.name, column.dataType]) ?? null
  const head = {
    uniqueId: `export.${packageName}.${name}`,
    name,
    packageName,
    path: localPath,
    originalFilePath: path,
    fqn,
  }
  const shelfOf = (schema: string): Export['shelf'] => {
    const described = () => ({ ...head, config, resourceType: 'export' })
    const { database, schema: named } = context.naming.sourceName(
      { schema, identifier: name, database: null },
      described,
    )
    return { database, schema: named }
  }
  return {
    ...head,
    description: entry.description,
    span: entry.nameSpan,
    resourceType: 'export',
    config,
    unrenderedConfig: unrendered,
    tags: config.tags,
    meta: config.meta,
    columns: [],
    patchPath: null,
    dependsOn: [],
    checksum: createHash('sha256')
      .update(
        JSON.stringify(
          [
            label,
            owner,
            entry.description,
            refs.map((r) => [r.package, r.name, r.version]),
            sources,
            to,
            choice,
            promised,
            ...(publish === null ? [] : [publish.options]),
          ],
          withoutPlaces,
        ),
      )
      .digest('hex'),
    label,
    owner,
    refs,
    sources,
    choice,
    to: to === null ? null : posix.normalize(to),
    toSpan,
    outsideProject,
    shelf: choice.format === 'looker' ? shelfOf(choice.options.schema) : null,
    promised: entry.columns,
    onSchemaChange,
    publish,
  }
}

/** Moving lines about in a file changes nothing of what an export is. */
const withoutPlaces = (key: string, value: unknown): unknown => (key === 'span' ? undefined : value)

/** Fills `dependsOn` in the order in which `from` names what is read. */
export function resolveExports(context: LoadContext, exports: readonly Export[]): void {
  for (const node of exports) {
    if (!node.config.enabled) continue
    const asker = { uniqueId: node.uniqueId, name: node.name, test: false }
    const calls = [...node.refs, ...node.sources].sort((a, b) => a.span.start - b.span.start)
    const found = calls.map((call) =>
      'source' in call ? context.names.source(call, asker) : context.names.ref(call, asker),
    )
    const ids = new Set(found.flatMap((f) => (f !== undefined && 'id' in f ? [f.id] : [])))
    ;(node.dependsOn as string[]).push(...ids)
  }
}
