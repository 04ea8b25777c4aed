import type { Span } from '../base/span.ts'
import type { Hook } from '../config/node-config.ts'
import { parseReferenceText } from '../config/reference-text.ts'
import type { StaticFacts } from '../template/template.ts'
import { constraintsOf } from './check-contracts.ts'
import { referenceNeeded } from './errors.ts'
import type { LoadContext } from './load-context.ts'
import type { Asker } from './node-names.ts'
import type { Analysis, Model, Operation, Seed, Snapshot, SqlFunction, Test } from './resource.ts'

type Reader = Model | Seed | Snapshot | Test | Analysis | SqlFunction | Operation

/**
 * Fills `dependsOn` from the references of templates and hooks, of each the sources first, as dbt does. Returns the ids of those that refer to something
 * disabled. Disabled nodes are not asked: what they refer to may be gone.
 */
export function resolveDependencies(context: LoadContext, nodes: readonly Reader[]): ReadonlySet<string> {
  const lame = new Set<string>()
  for (const node of nodes) {
    if (!node.config.enabled) continue
    const { uniqueId, name, packageName, resourceType } = node
    // Hooks of the project read what they like, as in dbt.
    const reader = resourceType === 'operation' ? undefined : { name, packageName, group: node.config.group }
    const asker: Asker = { uniqueId, name, test: resourceType === 'test', reader }
    const ids = new Set<string>()
    if (node.resourceType !== 'seed') addAll(context, node.facts, asker, ids, lame)
    if (node.resourceType === 'model' || node.resourceType === 'seed') addForeignKeys(context, node, asker, ids)
    for (const hook of hooksOf(node)) {
      const facts = context.templates.hookFacts(hook, node.span)
      if (facts !== undefined) addAll(context, withoutSelf(facts, node.name), asker, ids, lame)
    }
    if (ids.size > 0) (node.dependsOn as string[]).push(...ids)
  }
  return lame
}

/** A foreign key waits for the relation that it refers to; one to the model itself does not. */
function addForeignKeys(context: LoadContext, model: Model | Seed, asker: Asker, ids: Set<string>): void {
  const targets = model.foreignTargets as Map<string, string>
  for (const { to, span } of foreignKeysOf(model)) {
    const reference = parseReferenceText(to)
    if (reference === undefined || reference.kind === 'this') {
      const what = 'the `to` of a foreign key'
      context.report(referenceNeeded({ text: to, what }, { span, node: model.uniqueId }))
      continue
    }
    const itself = reference.kind === 'ref' && reference.name === model.name && reference.version === undefined
    const found = itself ? { id: model.uniqueId } : context.names.text(reference, span, asker)
    if (found === undefined || 'disabled' in found) continue
    targets.set(to, found.id)
    if (!itself) ids.add(found.id)
  }
}

function foreignKeysOf(node: Model | Seed): readonly { readonly to: string; readonly span: Span }[] {
  const all = constraintsOf(node).map(({ constraint }) => constraint)
  return all.flatMap(({ type, to, span }) => (type === 'foreign_key' && to !== null ? [{ to, span }] : []))
}

/** Hooks and the header: templates of their own that run with the node. */
function hooksOf(node: Reader): readonly Hook[] {
  if (node.resourceType !== 'model' && node.resourceType !== 'seed' && node.resourceType !== 'snapshot') return []
  const header = node.config.sql_header
  const before = node.config['pre-hook']
  const after = node.config['post-hook']
  if (header !== null) return [...before, { sql: header, transaction: true }, ...after]
  return before.length + after.length === 0 ? [] : [...before, ...after]
}

/** A hook may name the node that it belongs to. */
function withoutSelf(facts: StaticFacts, name: string): StaticFacts {
  return { ...facts, refs: facts.refs.filter((r) => r.name !== name) }
}

function addAll(context: LoadContext, facts: StaticFacts, asker: Asker, ids: Set<string>, lame: Set<string>): void {
  for (const call of facts.sources) add(context.names.source(call, asker), asker, ids, lame)
  for (const call of facts.functions) add(context.names.function(call, asker), asker, ids, lame)
  for (const call of facts.refs) add(context.names.ref(call, asker), asker, ids, lame)
}

function add(found: ReturnType<LoadContext['names']['ref']>, asker: Asker, ids: Set<string>, lame: Set<string>): void {
  if (found === undefined) return
  if ('disabled' in found) lame.add(asker.uniqueId)
  else ids.add(found.id)
}
