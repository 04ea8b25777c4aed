import type { Change } from './change.ts'
import { firstDifference, lineDiff } from './line-diff.ts'
import { dictAt, isDict, plainText, type StateEntry, textAt } from './state-entry.ts'

/** The text of a node, or the rows of a seed. What a property file declares has none. */
export function compareBody(now: StateEntry, before: StateEntry, byDbt: boolean): readonly Change[] {
  if (now['resource_type'] === 'seed') return compareSeed(now, before)
  if (isDict(now['test_metadata'])) return []
  const text = plainText(textAt(now, 'raw_code') ?? '')
  const code = plainText(textAt(before, 'raw_code') ?? '')
  const earlier = byDbt ? withOwnReferences(code) : code
  if (text === earlier) return []
  return [{ part: 'body', text: `from line ${firstDifference(earlier, text)}`, lines: lineDiff(earlier, text) }]
}

/** References in Jinja as we write them, so that models which have no other templates compare. */
function withOwnReferences(code: string): string {
  return code.replace(/\{\{\s*(ref|source)\(([^(){}]*)\)\s*\}\}/g, (written, call: string, list: string) => {
    const names = list.split(',').map((part) => /^\s*(['"])([^'"]+)\1\s*$/.exec(part)?.[2])
    return names.includes(undefined) ? written : `{{${call} ${names.map((name) => `"${name}"`).join(' ')}}}`
  })
}

function compareSeed(now: StateEntry, before: StateEntry): readonly Change[] {
  const [sum, earlier] = [dictAt(now, 'checksum'), dictAt(before, 'checksum')]
  if (sum['checksum'] === earlier['checksum']) return []
  // dbt does not read large seeds: it keeps their paths.
  if (earlier['name'] === 'path') return []
  return [
    { part: 'body', text: 'the rows of the file', old: earlier['checksum'] ?? null, new: sum['checksum'] ?? null },
  ]
}
