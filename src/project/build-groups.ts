import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import type { ConfigLayer } from '../config/config-layer.ts'
import type { GroupEntry } from '../config/property-types.ts'
import { duplicateProperties, unknownGroup } from './errors.ts'
import type { Described } from './properties.ts'
import type { Group } from './resource.ts'

/** The groups of a project; of two with one name the first counts. */
export function buildGroups(
  entries: readonly Described<GroupEntry>[],
  packageName: string,
  report: (diagnostic: Diagnostic) => void,
): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const { entry, path, localPath } of entries) {
    const { name, nameSpan: span, description, owner, meta } = entry
    const earlier = groups.get(name)
    if (earlier !== undefined) {
      const labels = [{ span: earlier.span, text: 'first here' }]
      report(duplicateProperties({ kind: 'group', name }, { span, labels }))
      continue
    }
    const uniqueId = `group.${packageName}.${name}`
    groups.set(name, {
      uniqueId,
      name,
      packageName,
      path: localPath,
      originalFilePath: path,
      description,
      owner,
      meta,
      span,
    })
  }
  return [...groups.values()]
}

interface Grouped {
  readonly uniqueId: string
  readonly name: string
  readonly span: Span
}

/** The names of groups that nodes of one package may belong to. */
export class GroupNames {
  readonly #names: ReadonlySet<string>
  readonly #report: (diagnostic: Diagnostic) => void
  /** Places that were told of: a folder's configuration speaks for all its nodes. */
  readonly #told = new Set<string>()

  constructor(groups: readonly Group[], report: (diagnostic: Diagnostic) => void) {
    this.#names = new Set(groups.map((g) => g.name))
    this.#report = report
  }

  /** Reports a `group` that no property file declares, where the last layer says it. */
  check(node: Grouped, group: string | null, layers: readonly ConfigLayer[]): void {
    if (group === null || this.#names.has(group)) return
    const said = layers
      .flatMap((layer) => layer.filter((setting) => setting.key === 'group' && !setting.refused))
      .at(-1)
    const span = said?.span ?? node.span
    const key = `${span.path} ${span.start}`
    if (this.#told.has(key)) return
    this.#told.add(key)
    this.#report(unknownGroup({ node: node.name, group, known: this.#names }, { span, node: node.uniqueId }))
  }
}
