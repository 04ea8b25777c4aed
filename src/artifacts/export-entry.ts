import type { Export } from '../project/resource.ts'
import { createdAt, type ManifestInput } from './manifest-input.ts'
import { refEntries, sourceEntries } from './reference-entries.ts'

/** An export of the manifest: dbt's readers know no such thing, so it is an exposure whose own keys stand under `meta.tsdbt`. */
export function exportEntry(node: Export, input: ManifestInput): Record<string, unknown> {
  const { owner, config, tags, choice, to, checksum, publish } = node
  const published = publish === null ? null : { project: publish.options.project, name: publish.options.name }
  const meta = { ...node.meta, tsdbt: { export: { format: choice.format, to, checksum, published } } }
  return {
    name: node.name,
    resource_type: 'exposure',
    package_name: node.packageName,
    path: node.path,
    original_file_path: node.originalFilePath,
    unique_id: node.uniqueId,
    fqn: node.fqn,
    type: 'application',
    owner: { email: owner.email, name: owner.name },
    description: node.description,
    label: node.label,
    maturity: null,
    meta,
    tags,
    config: { enabled: config.enabled, tags, meta: node.meta },
    unrendered_config: node.unrenderedConfig,
    url: null,
    depends_on: { macros: [], nodes: node.dependsOn },
    refs: refEntries(node.refs),
    sources: sourceEntries(node.sources),
    metrics: [],
    created_at: createdAt(input),
  }
}
