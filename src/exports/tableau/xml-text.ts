import type { Element, ElementContent } from 'xast'
import { toXml } from 'xast-util-to-xml'

/** What XML 1.0 cannot hold at all. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufdcf\ufdd3-\ufffd\u{10000}-\u{10ffff}]/gu

/** A reader turns line breaks within attributes to blanks unless they are references; these stand for them meanwhile. */
const BREAKS = new Map([
  ['\n', '\ufdd0'],
  ['\r', '\ufdd1'],
  ['\t', '\ufdd2'],
])
const REFERENCES = new Map([
  ['\ufdd0', '&#10;'],
  ['\ufdd1', '&#13;'],
  ['\ufdd2', '&#9;'],
])

/**
 * A document as Tableau writes it: declaration, an element a line, attributes in single quotes. The same tree gives the
 * same text. Characters that XML cannot hold become U+FFFD.
 */
export function xmlText(root: Element): string {
  const body = toXml(prepared(root, 0), { quote: "'", closeEmptyElements: true })
  return `<?xml version='1.0' encoding='utf-8' ?>\n${body.replace(/[\ufdd0-\ufdd2]/g, (c) => REFERENCES.get(c)!)}\n`
}

function prepared(element: Element, depth: number): Element {
  const attributes: Record<string, string> = {}
  for (const [name, value] of Object.entries(element.attributes)) {
    if (value === null || value === undefined) continue
    attributes[name] = clean(value).replace(/[\n\r\t]/g, (c) => BREAKS.get(c)!)
  }
  const spread = element.children.length > 0 && element.children.every((child) => child.type === 'element')
  const children: ElementContent[] = []
  for (const child of element.children) {
    if (spread) children.push({ type: 'text', value: `\n${'  '.repeat(depth + 1)}` })
    if (child.type === 'element') children.push(prepared(child, depth + 1))
    else
      children.push(child.type === 'text' || child.type === 'cdata' ? { ...child, value: clean(child.value) } : child)
  }
  if (spread) children.push({ type: 'text', value: `\n${'  '.repeat(depth)}` })
  return { type: 'element', name: element.name, attributes, children }
}

const clean = (text: string): string => text.replace(FORBIDDEN, '\ufffd')
