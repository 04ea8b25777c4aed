import type { Diagnostic } from '../base/diagnostic.ts'
import { nearestName } from '../base/nearest.ts'
import type { NodeEntry, VersionEntry, VersionId } from '../config/property-types.ts'
import { compareVersions, versionSuffix } from '../config/version-order.ts'
import { versionFileTaken, versionWithoutFile } from './errors.ts'
import type { Described } from './properties.ts'

/** What property files say of the model in one file. */
export interface DescribedModel extends Described<NodeEntry> {
  /** Null when the model has no versions. */
  readonly version: { readonly id: VersionId; readonly latest: VersionId } | null
}

/**
 * Descriptions of models by the stem of their file. A version stands in `<model>_v<v>.sql`, or where `defined_in` says; the
 * latest may stand in the file of the model's own name, as in dbt.
 */
export function describedModels(
  models: ReadonlyMap<string, Described<NodeEntry>>,
  stems: ReadonlySet<string>,
  report: (diagnostic: Diagnostic) => void,
): ReadonlyMap<string, DescribedModel> {
  const found = new Map<string, DescribedModel>()
  for (const [name, described] of models)
    if (described.entry.versions.length === 0) found.set(name, { ...described, version: null })
  for (const described of models.values()) {
    const { entry } = described
    const latest = entry.latestVersion?.id ?? latestOf(entry.versions)
    for (const version of entry.versions) {
      // Where it was told that the latest version is none of these, any of them may stand in the file of the model's name.
      const isLatest = entry.latestVersion === null || String(version.id) === String(latest)
      const stem = fileOf(entry.name, version, isLatest, stems)
      if (stem === undefined) report(missingFile(entry.name, version, stems))
      else if (found.has(stem) && version.definedIn !== null)
        report(versionFileTaken({ file: stem }, { span: version.definedIn.span }))
      else found.set(stem, { ...described, entry: version.node, version: { id: version.id, latest: latest! } })
    }
  }
  return found
}

function latestOf(versions: readonly VersionEntry[]): VersionId | undefined {
  return versions.map((v) => v.id).sort((a, b) => compareVersions(b, a))[0]
}

function fileOf(
  name: string,
  { id, definedIn }: VersionEntry,
  isLatest: boolean,
  stems: ReadonlySet<string>,
): string | undefined {
  if (definedIn !== null) {
    const stem = definedIn.name.replace(/\.sql$/i, '')
    return stems.has(stem) ? stem : undefined
  }
  const own = `${name}_${versionSuffix(id)}`
  if (stems.has(own)) return own
  return isLatest && stems.has(name) ? name : undefined
}

function missingFile(name: string, { id, definedIn, span }: VersionEntry, stems: ReadonlySet<string>): Diagnostic {
  const wanted = definedIn?.name.replace(/\.sql$/i, '') ?? `${name}_${versionSuffix(id)}`
  // The file of the model's name is the latest version's, that of another version is meant for that one.
  const near = nearestName(
    wanted,
    [...stems].filter((stem) => stem !== name && !stem.startsWith(`${name}_v`)),
  )
  return versionWithoutFile({ name, version: id, wanted, near }, { span: definedIn?.span ?? span })
}
