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
