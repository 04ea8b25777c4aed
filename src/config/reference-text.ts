/** `ref('m')`, `ref('pkg', 'm')`, `source('s', 't')` or `this`, as YAML writes references to nodes. */
export type ReferenceText =
  | {
      readonly kind: 'ref'
      readonly package: string | undefined
      readonly name: string
      readonly version: string | undefined
    }
  | { readonly kind: 'source'; readonly source: string; readonly table: string }
  | { readonly kind: 'this' }

const CALL = /^\s*(ref|source)\s*\(([^()]*)\)\s*$/
const STRING = /^\s*(?:'([^']*)'|"([^"]*)")\s*$/
const VERSION = /^\s*(?:v|version)\s*=\s*['"]?([\w.]+)['"]?\s*$/

/** The reference that a text is, or undefined when it is none (it may then be a plain value). */
export function parseReferenceText(text: string): ReferenceText | undefined {
  if (text.trim() === 'this') return { kind: 'this' }
  const call = CALL.exec(text)
  if (call === null) return undefined
  const names: string[] = []
  let version: string | undefined
  for (const part of call[2]!.split(',')) {
    const name = STRING.exec(part)
    const v = VERSION.exec(part)
    if (name !== null && version === undefined) names.push(name[1] ?? name[2]!)
    else if (v !== null && call[1] === 'ref') version = v[1]
    else return undefined
  }
  const [first, second] = names
  if (first === undefined || names.length > 2) return undefined
  if (call[1] === 'source') return second === undefined ? undefined : { kind: 'source', source: first, table: second }
  return second === undefined
    ? { kind: 'ref', package: undefined, name: first, version }
    : { kind: 'ref', package: first, name: second, version }
}

/** True when a text looks as if a reference was meant: `ref(orders)`, `source 'a'`. */
export function looksLikeReference(text: string): boolean {
  return /^\s*(ref|source)\s*\(/.test(text)
}
