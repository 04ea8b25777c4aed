import { createHash } from 'node:crypto'
import { isAbsolute, posix } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { ExportEntry } from '../config/exports/export-entry.ts'
import { DEFAULT_CONFIG, mergeConfig } from '../config/merge-config.ts'
import type { RefCall, SourceCall } from '../template/host.ts'
import { configLayers } from './config-layers.ts'
import { exportOfEphemeral, exportPlaceTaken, exportTwice } from './errors.ts'
import type { LoadContext } from './load-context.ts'
import type { Described } from './properties.ts'
import type { Export, RelationNode } from './resource.ts'
import { foldersOf } from './resource-folder.ts'

/** One export. What it reads is looked up when all nodes are known (`resolveExports`). */
export function buildExport(context: LoadContext, { entry, path, localPath }: Described<ExportEntry>): Export {
  const { packageName } = context
  const { name, label, owner, choice, to, toSpan, outsideProject, onSchemaChange } = entry
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
      .update(JSON.stringify([label, owner, entry.description, refs.map((r) => r.name), sources, to, choice, promised]))
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
  }
}

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

/** Reports exports of what has no rows of its own, and files that two of them would write. */
export function checkExports(
  exports: readonly Export[],
  nodes: readonly RelationNode[],
  report: (diagnostic: Diagnostic) => void,
): void {
  const byId = new Map(nodes.map((node) => [node.uniqueId, node]))
  const places = new Map<string, Export>()
  for (const node of exports) {
    if (!node.config.enabled) continue
    const place = { span: node.span, node: node.uniqueId }
    for (const id of node.dependsOn) {
      const parent = byId.get(id)
      if (parent?.config.materialized === 'ephemeral')
        report(exportOfEphemeral({ node: node.name, model: parent.name }, place))
    }
    if (node.to === null) continue
    // File systems that ignore case would take both for one file.
    const key = node.to.toLowerCase()
    const earlier = places.get(key) ?? enclosing(places, key)
    const span = node.toSpan
    if (earlier === undefined) places.set(key, node)
    else
      report(
        exportTwice(
          { node: node.name, other: earlier.name, to: node.to },
          { span, node: node.uniqueId, labels: [{ span: earlier.toSpan, text: 'the other one' }] },
        ),
      )
    const owner = nodes.find((n) => n.resourceType === 'seed' && n.originalFilePath === node.to)
    if (owner !== undefined && !isAbsolute(node.to))
      report(exportPlaceTaken({ to: node.to, owner: owner.name }, { span, node: node.uniqueId }))
  }
}

/** An export whose folder holds the place, or whose place lies in this one as in a folder. */
function enclosing(places: ReadonlyMap<string, Export>, key: string): Export | undefined {
  for (const [other, node] of places) if (key.startsWith(`${other}/`) || other.startsWith(`${key}/`)) return node
  return undefined
}
