/**
 * What an expression of the template language can be. Lists and dicts are plain readonly data; dicts are read by own
 * properties only. `TextObject` is a thing with a printed form and named parts, such as a relation.
 */
export type Value = null | boolean | number | string | readonly Value[] | Dict | TextObject

export interface Dict {
  readonly [key: string]: Value
}

/** Prints as `text`; `{{x.part}}` and `(get x "part")` read `parts`. */
export class TextObject {
  readonly text: string
  readonly parts: Dict

  constructor(text: string, parts: Dict) {
    this.text = text
    this.parts = parts
  }
}

export function isDict(value: Value | undefined): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof TextObject)
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

/** False are null, false, 0, NaN, empty text, the empty list and the empty dict. */
export function isTruthy(value: Value): boolean {
  if (typeof value !== 'object') return Boolean(value)
  if (value === null) return false
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof TextObject) return true
  for (const key in value) if (Object.hasOwn(value, key)) return true
  return false
}

/** The text that `{{x}}` gives; null prints as nothing. Undefined for lists and dicts, which have no text. */
export function printed(value: Value): string | undefined {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (typeof value !== 'object') return String(value)
  return value instanceof TextObject ? value.text : undefined
}

/** The type in the words of diagnostics, with its article. */
export function typeName(value: Value): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return 'a text'
  if (typeof value === 'number') return 'a number'
  if (typeof value === 'boolean') return 'a boolean'
  if (value instanceof TextObject) return 'a relation'
  return Array.isArray(value) ? 'a list' : 'a dict'
}

/** Equality by value; 1 and "1" differ; a relation equals its text. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true
  const left = a instanceof TextObject ? a.text : a
  const right = b instanceof TextObject ? b.text : b
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right
  if (isList(left) || isList(right)) {
    if (!isList(left) || !isList(right) || left.length !== right.length) return false
    return left.every((item, i) => sameValue(item, right[i]!))
  }
  const dict = left as Dict
  const other = right as Dict
  const keys = Object.keys(dict)
  if (keys.length !== Object.keys(other).length) return false
  return keys.every((key) => Object.hasOwn(other, key) && sameValue(dict[key]!, other[key]!))
}

/** Plain data as JSON can hold it; relations become their text. */
export function plainData(value: Value): unknown {
  if (value instanceof TextObject) return value.text
  if (isList(value)) return value.map(plainData)
  if (isDict(value)) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plainData(part)]))
  return value
}

/** A dict without a prototype, so that no key can be confused with an inherited one. */
export function dictOf(entries: Iterable<readonly [string, Value]>): Dict {
  const dict: { [key: string]: Value } = Object.create(null)
  for (const [key, value] of entries) dict[key] = value
  return dict
}
