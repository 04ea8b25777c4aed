import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import type { ConfigLayer } from '../config/config-layer.ts'
import { isMicrobatch } from './is-microbatch.ts'
import { batchConfigMissing, batchConfigUnused, batchInputsUnfiltered } from './microbatch-errors.ts'
import type { Model, Node } from './resource.ts'

const required = ['event_time', 'begin', 'batch_size'] as const
const useless = ['unique_key', 'incremental_predicates', 'merge_update_columns', 'merge_exclude_columns'] as const

/** What a microbatch model needs and what it has no use for; nothing for other models. */
export function checkBatchConfig(
  model: Model,
  layers: readonly ConfigLayer[],
  report: (diagnostic: Diagnostic) => void,
): void {
  const { config, name, uniqueId } = model
  if (!config.enabled || !isMicrobatch(model)) return
  const refused = new Set(layers.flat().flatMap((setting) => (setting.refused ? [setting.key] : [])))
  const missing = required.filter((key) => config[key] === null && !refused.has(key))
  if (missing.length > 0)
    report(
      batchConfigMissing({ node: name, missing }, { span: keySpan(model, 'incremental_strategy'), node: uniqueId }),
    )
  const unused = useless.filter((key) => config[key] !== null)
  if (unused.length > 0)
    report(batchConfigUnused({ keys: unused }, { span: keySpan(model, unused[0]!), node: uniqueId }))
}

/** Tells microbatch models that nothing narrows. To be called when dependencies are known. */
export function checkBatchInputs(
  models: readonly Model[],
  others: readonly Node[],
  report: (diagnostic: Diagnostic) => void,
): void {
  const batched = models.filter((model) => model.config.enabled && isMicrobatch(model))
  if (batched.length === 0) return
  const nodes = new Map<string, Node>([...models, ...others].map((node) => [node.uniqueId, node]))
  for (const model of batched) {
    const { name, uniqueId } = model
    // A reference that names nothing was told: what it would have read may have an `event_time`.
    const { refs, sources } = model.facts
    const names = [...refs.map((r) => r.name), ...sources.map((s) => `${s.source}.${s.table}`)]
    if (new Set(names).size > model.dependsOn.length) continue
    const inputs = inputsOf(model, nodes)
    if (inputs.every((input) => input.config.event_time === null)) {
      const names = inputs.map((input) => input.name)
      report(batchInputsUnfiltered({ node: name, inputs: names }, { span: model.span, node: uniqueId }))
    }
  }
}

/** Where the file of the model sets a key; its beginning when it does not. */
function keySpan({ facts, span }: Model, key: string): Span {
  return facts.config.find((entry) => entry.key === key)?.keySpan ?? span
}

/** What a model reads, also through ephemeral models, whose inputs are narrowed with it. */
function inputsOf(model: Model, nodes: ReadonlyMap<string, Node>): readonly Node[] {
  const found = new Set<Node>()
  const visit = (node: Node): void => {
    for (const id of node.dependsOn) {
      const parent = nodes.get(id)
      if (parent === undefined || found.has(parent)) continue
      found.add(parent)
      if (parent.config.materialized === 'ephemeral') visit(parent)
    }
  }
  visit(model)
  return [...found]
}
