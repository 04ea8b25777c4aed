import type { Adapter } from '../adapters/adapter.ts'
import type { EarlierProject } from '../artifacts/state/earlier-project.ts'
import { type StateEntry, textAt } from '../artifacts/state/state-entry.ts'
import { UserError } from '../base/errors.ts'
import { relationOf } from '../project/relation-of.ts'
import type { Node, NodeRelation } from '../project/resource.ts'
import { relationKey } from '../sql/relation.ts'
import { deferWithoutState, stateOfAnotherEngine, stateOutOfReach } from './errors.ts'
import { namedStateFolder, otherStateFolders } from './state-folders.ts'
import type { Workspace } from './workspace.ts'
import { readState } from './workspace-state.ts'

/** What `--defer` makes of references. */
export interface Deferral {
  /** Where nodes are read that are not read at their own place, by unique id. */
  readonly relations: ReadonlyMap<string, NodeRelation>
  /** The state's entries, for the artifacts. */
  readonly entries: ReadonlyMap<string, StateEntry>
}

export const noDeferral: Deferral = { relations: new Map(), entries: new Map() }

export interface DeferralRequest {
  readonly selected: ReadonlySet<string>
  /** What this command makes itself: it is read where it is made. */
  readonly built: ReadonlySet<string>
  /** Undefined: the warehouse may not be asked, and what is not selected counts as missing. */
  readonly adapter: Adapter | undefined
}

/**
 * With `--defer`, where nodes are read that this command does not build: at the place of the state when they are missing
 * in this target, or when they are not selected and `--favor-state` says so. Raises `UserError` for a state that cannot be
 * read, is of another engine, or stands where this target cannot read.
 */
export async function deferral(workspace: Workspace, request: DeferralRequest): Promise<Deferral> {
  const { options } = workspace
  if (options.defer !== true) return noDeferral
  const written = options.deferState ?? options.state
  if (written === undefined) throw new UserError(deferWithoutState({ others: otherStateFolders(workspace) }))
  const earlier = readableState(workspace, written, '`--defer`')
  const places = statePlaces(workspace, request, earlier.entries)
  const missing = await missingNodes(workspace, [...places.keys()], request)
  const favored = (id: string) => options.favorState === true && !request.selected.has(id)
  const relations = new Map([...places].filter(([id]) => favored(id) || missing.has(id)))
  await checkReach(workspace, request, relations)
  return { relations, entries: earlier.entries }
}

/** The state in the folder `written`, whose relations an engine of this kind can read. Raises `UserError`. */
export function readableState(
  { project, target, targetInfo }: Workspace,
  written: string,
  needs: string,
): EarlierProject {
  const earlier = readState(namedStateFolder(written), project.name, needs)
  if (earlier.adapterType === null || earlier.adapterType === target.engine.type) return earlier
  const engines = { found: earlier.adapterType, engine: target.engine.type, target: targetInfo.name }
  throw new UserError(stateOfAnotherEngine({ path: earlier.shown, ...engines }))
}

/** Relations of the state, of the nodes that this command reads and does not build. */
function statePlaces(
  { graph }: Workspace,
  { built }: DeferralRequest,
  entries: ReadonlyMap<string, StateEntry>,
): ReadonlyMap<string, NodeRelation> {
  const places = new Map<string, NodeRelation>()
  for (const [id, node] of graph.nodes) {
    const own = ownPlace(node)
    const entry = entries.get(id)
    if (own === null || entry === undefined || built.has(id)) continue
    const place = placeOf(entry)
    if (place !== null && relationKey(place) !== relationKey(own)) places.set(id, place)
  }
  return places
}

/** Null for what is not read by a name of its own. */
function ownPlace(node: Node): NodeRelation | null {
  if (node.resourceType === 'test') return null
  return node.config.materialized === 'ephemeral' ? null : relationOf(node)
}

/** Where the state has a node; null when it had no relation there. */
export function placeOf(entry: StateEntry): NodeRelation | null {
  const [database, schema] = [textAt(entry, 'database'), textAt(entry, 'schema')]
  const identifier = textAt(entry, 'identifier') ?? textAt(entry, 'alias') ?? textAt(entry, 'name')
  // An entry without a relation was ephemeral there.
  const makesRelation = entry['resource_type'] === 'function' || textAt(entry, 'relation_name') !== null
  return makesRelation && database !== null && schema !== null && identifier !== null
    ? { database, schema, identifier }
    : null
}

async function missingNodes(
  { graph }: Workspace,
  ids: readonly string[],
  { adapter }: DeferralRequest,
): Promise<ReadonlySet<string>> {
  if (adapter === undefined || ids.length === 0) return new Set(ids)
  const own = new Map(ids.map((id) => [id, relationOf(graph.nodes.get(id)!)!]))
  const schemas = new Map([...own.values()].map((r) => [`${r.database}\u0000${r.schema}`, r]))
  const ignoreCase = adapter.capabilities.ignoresCase === true
  const key = (relation: NodeRelation) => {
    const text = relationKey(relation)
    return ignoreCase ? text.toLowerCase() : text
  }
  const relations = await adapter.relations([...schemas.values()])
  const hasFunctions = ids.some((id) => graph.nodes.get(id)!.resourceType === 'function')
  const functions = hasFunctions ? await adapter.functions([...schemas.values()]) : []
  const there = new Set([...relations.map(({ name }) => name), ...functions].map(key))
  return new Set(ids.filter((id) => !there.has(key(own.get(id)!))))
}

/** A database that this target does not know is told of before anything is executed, with the nodes that would be read there. */
async function checkReach(
  { graph, targetInfo }: Workspace,
  { selected, adapter }: DeferralRequest,
  relations: ReadonlyMap<string, NodeRelation>,
): Promise<void> {
  if (adapter === undefined) return
  const read = new Map<string, string[]>()
  for (const id of readBy(graph, selected)) {
    const place = relations.get(id)
    if (place === undefined) continue
    read.set(place.database, [...(read.get(place.database) ?? []), graph.nodes.get(id)!.name])
  }
  await refuseUnreachable(read, adapter, targetInfo.name)
}

/** Raises `commands/state-out-of-reach`. `read`: names of nodes by the database that they would be read from. */
export async function refuseUnreachable(
  read: ReadonlyMap<string, readonly string[]>,
  adapter: Adapter,
  target: string,
): Promise<void> {
  if (read.size === 0) return
  const known = new Set((await adapter.databases()).map((name) => name.toLowerCase()))
  const unknown = [...read].filter(([database]) => !known.has(database.toLowerCase()))
  if (unknown.length === 0) return
  const attaches = adapter.capabilities.attachesDatabases === true
  throw new UserError(unknown.map(([database, nodes]) => stateOutOfReach({ database, nodes, attaches, target })))
}

/** Parents of the selected nodes, also through ephemeral models. */
function readBy(graph: Workspace['graph'], selected: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>()
  const queue = [...selected]
  for (const id of queue) {
    for (const parent of graph.parents.get(id) ?? []) {
      if (found.has(parent)) continue
      found.add(parent)
      if (graph.nodes.get(parent)!.config.materialized === 'ephemeral') queue.push(parent)
    }
  }
  return found
}
