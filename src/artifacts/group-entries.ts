import type { Node } from '../project/resource.ts'
import type { EntryParts } from './entry.ts'
import type { ManifestInput } from './manifest-input.ts'

type Entries<T> = Iterable<readonly [key: string, value: T]>

/** `groups`: every declared group, also one without members. */
export function* groupEntries({ project }: ManifestInput): Entries<{ readonly parts: EntryParts }> {
  for (const { uniqueId, name, packageName, path, originalFilePath, owner, description, meta } of project.groups) {
    const entry = {
      name,
      resource_type: 'group',
      package_name: packageName,
      path,
      original_file_path: originalFilePath,
      unique_id: uniqueId,
      owner,
      description,
      config: { meta },
    }
    yield [uniqueId, { parts: [entry] }]
  }
}

/** `group_map`: unique ids of the members by the group's name. Tests belong to the group of what they test. */
export function* groupMembers({ project, graph }: ManifestInput): Entries<{ readonly list: readonly string[] }> {
  const members = new Map<string, string[]>(project.groups.map(({ name }) => [name, []]))
  for (const node of graph.nodes.values()) {
    const group = groupOf(node, graph.nodes)
    if (group !== null) members.set(group, [...(members.get(group) ?? []), node.uniqueId])
  }
  for (const [name, ids] of members) yield [name, { list: ids.sort() }]
}

function groupOf(node: Node, nodes: ReadonlyMap<string, Node>): string | null {
  const tested = node.resourceType === 'test' && node.attachedNode !== null ? nodes.get(node.attachedNode) : undefined
  return tested?.config.group ?? node.config.group
}
