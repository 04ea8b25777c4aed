import type { Diagnostic } from '../base/diagnostic.ts'
import { duplicateName, duplicateRelation, duplicateSource, duplicateTest } from './errors.ts'
import type { BuiltNode, Model, NodeRelation, Seed, Snapshot, Source, SqlFunction, Test } from './resource.ts'

type Report = (diagnostic: Diagnostic) => void

/** Reports enabled models, seeds and snapshots of one name, and source tables that are declared twice. */
export function reportDuplicateNames(
  nodes: readonly (Model | Seed | Snapshot | SqlFunction)[],
  sources: readonly Source[],
  report: Report,
): void {
  const byName = new Map<string, Model | Seed | Snapshot | SqlFunction>()
  for (const node of nodes) {
    if (!node.config.enabled) continue
    const earlier = byName.get(node.name)
    if (earlier === undefined) byName.set(node.name, node)
    else if (!areVersions(node, earlier)) {
      const labels = [{ span: earlier.span, text: 'the other one' }]
      report(
        duplicateName(
          { name: node.name, path: node.span.path, other: earlier.span.path },
          { span: node.span, labels, node: node.uniqueId },
        ),
      )
    }
  }
  const byTable = new Map<string, Source>()
  for (const source of sources) {
    if (!source.config.enabled) continue
    const earlier = byTable.get(source.uniqueId)
    if (earlier === undefined) byTable.set(source.uniqueId, source)
    else
      report(
        duplicateSource(
          { name: `${source.sourceName}.${source.name}` },
          { span: source.span, labels: [{ span: earlier.span, text: 'first here' }] },
        ),
      )
  }
}

/** Versions of one model share its name. */
function areVersions(a: BuiltNode, b: BuiltNode): boolean {
  return isVersioned(a) && isVersioned(b) && a.uniqueId !== b.uniqueId
}

function isVersioned(node: BuiltNode): boolean {
  return node.resourceType === 'model' && node.version !== null
}

/** The tests without those whose id was there before; each of those is reported. */
export function withoutDuplicateTests(tests: readonly Test[], report: Report): readonly Test[] {
  const byId = new Map<string, Test>()
  for (const test of tests) {
    const earlier = byId.get(test.uniqueId)
    if (earlier === undefined) byId.set(test.uniqueId, test)
    else
      report(
        duplicateTest({ name: test.name }, { span: test.span, labels: [{ span: earlier.span, text: 'first here' }] }),
      )
  }
  return [...byId.values()]
}

/** Reports nodes that would make the same relation. Engines compare names without regard to case. */
export function reportSharedRelations(nodes: readonly BuiltNode[], report: Report): void {
  const byRelation = new Map<string, BuiltNode>()
  const pointers: Model[] = []
  for (const node of nodes) {
    if (!node.config.enabled || node.config.materialized === 'ephemeral') continue
    if (node.resourceType === 'source' && node.files === null) continue
    if (node.resourceType === 'model' && node.version?.pointer != null) pointers.push(node)
    const key = relationText(node.relation).toLowerCase()
    const earlier = byRelation.get(key)
    if (earlier === undefined) byRelation.set(key, node)
    // Two files of one name are reported as that already.
    else if (earlier.uniqueId !== node.uniqueId && (earlier.name !== node.name || isVersioned(node))) {
      const place = { span: node.span, node: node.uniqueId, labels: [{ span: earlier.span, text: 'the other one' }] }
      report(
        duplicateRelation({ relation: relationText(node.relation), first: earlier.name, second: node.name }, place),
      )
    } else if (
      earlier.resourceType !== node.resourceType &&
      (earlier.resourceType === 'source' || node.resourceType === 'source')
    ) {
      const place = { span: node.span, node: node.uniqueId, labels: [{ span: earlier.span, text: 'the other one' }] }
      report(
        duplicateRelation(
          { relation: relationText(node.relation), first: earlier.uniqueId, second: node.uniqueId },
          place,
        ),
      )
    }
  }
  for (const node of pointers) {
    const relation = relationText(node.version!.pointer!)
    const taken = byRelation.get(relation.toLowerCase())
    if (taken === undefined) continue
    const second = `latest_version_pointer of ${node.name}`
    const labels = [{ span: taken.span, text: 'the other one' }]
    report(duplicateRelation({ relation, first: taken.name, second }, { span: node.span, node: node.uniqueId, labels }))
  }
}

function relationText(relation: NodeRelation): string {
  return `${relation.database}.${relation.schema}.${relation.identifier}`
}
