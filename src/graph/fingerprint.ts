import { createHash } from 'node:crypto'
import type { Hook, NodeConfig } from '../config/node-config.ts'
import { relationOf } from '../project/relation-of.ts'
import type { Column, Constraint, Node, Source } from '../project/resource.ts'
import type { MacroRegistry } from '../template/macro-registry.ts'
import { calledMacros } from './called-macros.ts'
import { stableJson } from './stable-json.ts'

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Says where the relation stands or only how nodes are grouped: the same node on another target keeps its fingerprint. */
const placeKeys: ReadonlySet<string> = new Set(['database', 'schema', 'alias', 'tags', 'group'])

function configText(config: NodeConfig): string {
  const facts = Object.entries(config).filter(([key]) => !placeKeys.has(key))
  const hooks = (list: readonly Hook[]) => list.map(({ sql, transaction }) => ({ sql, transaction }))
  const { 'pre-hook': before, 'post-hook': after } = config
  return stableJson({ ...Object.fromEntries(facts), 'pre-hook': hooks(before), 'post-hook': hooks(after) })
}

function constraintFacts(constraints: readonly Constraint[]): readonly Omit<Constraint, 'span'>[] | undefined {
  return constraints.length === 0 ? undefined : constraints.map(({ span, ...facts }) => facts)
}

function columnFacts(columns: readonly Column[], describe: boolean): unknown[] {
  return columns.map((c) => ({
    name: c.name,
    type: c.dataType,
    quote: c.quote,
    required: c.required,
    constraints: constraintFacts(c.constraints),
    description: describe ? c.description : undefined,
  }))
}

function persistsDocs(config: NodeConfig, part: string): boolean {
  return config.persist_docs[part] === true
}

/**
 * What decides the rows of a load, apart from the files themselves: a change of it reloads all of them. Descriptions and
 * places in YAML are left out, so that editing them reloads nothing; so are limits, which judge a load but do not change
 * its rows, and the location, which says which files there are.
 */
export function declarationFingerprint(source: Source): string {
  const { location, locationSpan, span, outsideProject, onRemovedFiles, maxBadRows, onBadRows, ...reading } =
    source.files ?? {}
  const columns = source.columns.map((c) => [c.name, c.dataType, c.quote === true, c.required])
  return sha256(stableJson({ reading, columns }))
}

function nodeFacts(node: Node): Record<string, unknown> {
  const describe = persistsDocs(node.config, 'columns')
  return {
    type: node.resourceType,
    checksum: node.checksum,
    identifier: relationOf(node)?.identifier,
    columns: columnFacts(node.columns, describe),
    constraints: node.resourceType === 'model' ? constraintFacts(node.constraints) : undefined,
    description: persistsDocs(node.config, 'relation') ? node.description : undefined,
    declaration: node.resourceType === 'source' ? declarationFingerprint(node) : undefined,
    parents: node.dependsOn,
    generic:
      node.resourceType === 'test' && node.generic !== null
        ? { macro: node.generic.macroId, kwargs: node.generic.kwargs, column: node.columnName }
        : undefined,
  }
}

/**
 * SHA-256 of a node on first demand: its raw text, the texts of all macros it may call, its configuration (without
 * target, alias, tags and group, so that two environments compare) and what its columns promise. Values of variables
 * and of the environment are no part of it.
 */
export function fingerprints(nodes: ReadonlyMap<string, Node>, macros: MacroRegistry): (uniqueId: string) => string {
  const found = new Map<string, string>()
  const macroTexts = new Map<string, string>()
  const configTexts = new Map<NodeConfig, string>()

  const macroHash = (id: string): string => {
    const known = macroTexts.get(id)
    if (known !== undefined) return known
    const macro = macros.get(id)
    const hash = macro === undefined ? id : sha256(macro.file.text.slice(macro.span.start, macro.span.end))
    macroTexts.set(id, hash)
    return hash
  }
  /** Nodes that configure nothing share one object. */
  const configOf = (config: NodeConfig): string => {
    const known = configTexts.get(config)
    if (known !== undefined) return known
    const text = configText(config)
    configTexts.set(config, text)
    return text
  }
  return (uniqueId) => {
    const known = found.get(uniqueId)
    if (known !== undefined) return known
    const node = nodes.get(uniqueId)
    if (node === undefined) return sha256(uniqueId)
    const called = calledMacros(node)
    const macroFacts = called.map((id) => `${id} ${macroHash(id)}`).join('\n')
    const hash = sha256(`${stableJson(nodeFacts(node))}\n${configOf(node.config)}\n${macroFacts}`)
    found.set(uniqueId, hash)
    return hash
  }
}
