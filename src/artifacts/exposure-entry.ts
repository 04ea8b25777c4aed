import type { Exposure } from '../project/resource.ts'
import { createdAt, type ManifestInput } from './manifest-input.ts'
import { refEntries, sourceEntries } from './reference-entries.ts'

/** An exposure of the manifest, with every key that dbt writes. */
export function exposureEntry(exposure: Exposure, input: ManifestInput): Record<string, unknown> {
  const { owner, config, tags, meta } = exposure
  return {
    name: exposure.name,
    resource_type: 'exposure',
    package_name: exposure.packageName,
    path: exposure.path,
    original_file_path: exposure.originalFilePath,
    unique_id: exposure.uniqueId,
    fqn: exposure.fqn,
    type: exposure.type,
    owner: { ...owner.more, email: owner.email, name: owner.name },
    description: exposure.description,
    label: exposure.label,
    maturity: exposure.maturity,
    meta,
    tags,
    config: { enabled: config.enabled, tags, meta },
    unrendered_config: exposure.unrenderedConfig,
    url: exposure.url,
    depends_on: { macros: [], nodes: exposure.dependsOn },
    refs: refEntries(exposure.refs),
    sources: sourceEntries(exposure.sources),
    metrics: [],
    created_at: createdAt(input),
  }
}
