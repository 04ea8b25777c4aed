import { injectCtes } from '../sql/inject-ctes.ts'
import type { CompiledNode, CompiledTest } from './compiled-node.ts'

const BEGIN = ' as (\n'
const END = '\n)'

/**
 * Ephemeral models are compiled within their readers only; the artifacts show each by itself, with the ephemerals that it
 * reads. `parentsOf` gives what a node reads.
 */
export function ephemeralTexts(
  compiled: Iterable<CompiledNode | CompiledTest>,
  parentsOf: (uniqueId: string) => readonly string[],
): ReadonlyMap<string, CompiledNode> {
  const texts = new Map<string, CompiledNode>()
  for (const node of compiled) {
    const ctes = 'extraCtes' in node ? node.extraCtes : []
    for (const [i, { id, sql }] of ctes.entries()) {
      if (texts.has(id)) continue
      const read = ancestors(id, parentsOf)
      const before = ctes.slice(0, i).filter((cte) => read.has(cte.id))
      const parts = before.map((cte) => ({ name: nameOf(cte.sql), sql: textOf(cte.sql) }))
      const own = injectCtes(textOf(sql), parts)
      texts.set(id, { uniqueId: id, sql: own, extraCtes: before, preHooks: [], postHooks: [], sqlHeader: null })
    }
  }
  return texts
}

function ancestors(id: string, parentsOf: (uniqueId: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set(parentsOf(id))
  for (const parent of found) for (const next of parentsOf(parent)) found.add(next)
  return found
}

/** A CTE is written as `name as (`, its text on lines of their own, and `)`. */
function nameOf(cte: string): string {
  return cte.slice(0, cte.indexOf(BEGIN))
}

function textOf(cte: string): { readonly text: string; readonly segments: readonly never[] } {
  return { text: cte.slice(cte.indexOf(BEGIN) + BEGIN.length, -END.length), segments: [] }
}
