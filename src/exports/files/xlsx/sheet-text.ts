const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** What XML cannot hold or would change, and what Excel would take for one of its own escapes. */
const ESCAPED = /[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|_(?=x[0-9A-Fa-f]{4}_)/gu

/** Most texts hold nothing but these. */
const HARMLESS = /^[\t\n !#-%'-;=?-^`-\ud7ff\ue000-\ufffd]*$/

/** Text as an element or an attribute of a sheet has it: control characters in Excel's own form, `_x0007_`. */
export function sheetText(text: string): string {
  if (HARMLESS.test(text)) return text
  const plain = text.replace(ESCAPED, (c) => `_x${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
  return plain.replace(/[&<>"]/g, (c) => ENTITIES[c]!)
}
