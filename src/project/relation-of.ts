import type { BuiltNode, Model, Node, NodeRelation, RelationNode, Snapshot } from './resource.ts'

/** Where a node stands in the warehouse (a test: its stored failures); null for what stands nowhere. */
export function relationOf(node: Node): NodeRelation | null {
  return 'relation' in node ? node.relation : null
}

/** True for what others read as a relation; whether this run makes it is another question. */
export function isRelationNode(node: Node | undefined): node is RelationNode {
  switch (node?.resourceType) {
    case 'model':
    case 'seed':
    case 'source':
    case 'snapshot':
      return true
    default:
      return false
  }
}

/** True for what is a query of its own text: others are files and tables that stand. */
export function hasQuery(node: BuiltNode): node is Model | Snapshot {
  return node.resourceType === 'model' || node.resourceType === 'snapshot'
}
