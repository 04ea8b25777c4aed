import type { Element } from 'xast'
import { x } from 'xastscript'

export type FormatAttributes = Readonly<Record<string, string | null>>

/** `<format attr= value=>`; `more` are `field`, `scope`, `class`, `id`. */
export function format(attr: string, value: string | number | boolean, more: FormatAttributes = {}): Element {
  return x('format', { attr, ...more, value: String(value) })
}

/** Nothing when there is nothing to say. */
export function styleRule(element: string, content: readonly Element[]): Element[] {
  return content.length === 0 ? [] : [x('style-rule', { element }, [...content])]
}

/** Rules for one element together, in the order in which the elements came first. */
export function mergedRules(rules: readonly Element[]): Element[] {
  const byElement = new Map<string, Element[]>()
  for (const rule of rules) {
    const element = String(rule.attributes.element)
    byElement.set(element, [...(byElement.get(element) ?? []), ...(rule.children as Element[])])
  }
  return [...byElement].flatMap(([element, content]) => styleRule(element, content))
}
