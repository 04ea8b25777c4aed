import { createHash } from 'node:crypto'
import { DEFAULT_CONFIG, mergeConfig } from '../config/merge-config.ts'
import type { ExposureEntry } from '../config/property-types.ts'
import type { RefCall, SourceCall } from '../template/host.ts'
import { configLayers } from './config-layers.ts'
import type { LoadContext } from './load-context.ts'
import type { Described } from './properties.ts'
import type { Exposure } from './resource.ts'
import { foldersOf } from './resource-folder.ts'

/** One exposure. What it depends on is looked up when all nodes are known (`resolveExposures`). */
export function buildExposure(context: LoadContext, { entry, path, localPath }: Described<ExposureEntry>): Exposure {
  const { packageName } = context
  const { name } = entry
  const fqn = [packageName, ...foldersOf(localPath), name]
  const layers = configLayers(context, 'exposures', fqn, [entry.config])
  const { config, unrendered } = mergeConfig(DEFAULT_CONFIG.exposure, layers)
  const refs: RefCall[] = []
  const sources: SourceCall[] = []
  for (const { reference, span } of entry.dependsOn) {
    if (reference.kind === 'source')
      sources.push({ source: reference.source, table: reference.table, span, quarantine: false })
    else refs.push({ package: reference.package, name: reference.name, version: reference.version, span })
  }
  const { label, type, url, maturity, owner } = entry
  return {
    uniqueId: `exposure.${packageName}.${name}`,
    name,
    packageName,
    path: localPath,
    originalFilePath: path,
    fqn,
    description: entry.description,
    span: entry.nameSpan,
    resourceType: 'exposure',
    config,
    unrenderedConfig: unrendered,
    tags: config.tags,
    meta: config.meta,
    columns: [],
    patchPath: null,
    dependsOn: [],
    checksum: createHash('sha256')
      .update(JSON.stringify([label, type, url, maturity, owner, entry.description, refs.map((r) => r.name), sources]))
      .digest('hex'),
    type,
    label,
    url,
    maturity,
    owner,
    refs,
    sources,
  }
}

/** Fills `dependsOn`, sources first, as for nodes with a text. */
export function resolveExposures(context: LoadContext, exposures: readonly Exposure[]): void {
  for (const exposure of exposures) {
    if (!exposure.config.enabled) continue
    const asker = { uniqueId: exposure.uniqueId, name: exposure.name, test: false }
    const found = [
      ...exposure.sources.map((call) => context.names.source(call, asker)),
      ...exposure.refs.map((call) => context.names.ref(call, asker)),
    ]
    const ids = new Set(found.flatMap((f) => (f !== undefined && 'id' in f ? [f.id] : [])))
    ;(exposure.dependsOn as string[]).push(...ids)
  }
}
