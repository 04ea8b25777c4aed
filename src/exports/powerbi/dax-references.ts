/** What an expression of DAX names. Offsets are of the reference's first character. */
export type DaxReference =
  | { readonly kind: 'column'; readonly table: string; readonly name: string; readonly offset: number }
  | { readonly kind: 'field'; readonly name: string; readonly offset: number }
  | { readonly kind: 'table'; readonly name: string; readonly offset: number }

export interface DaxScan {
  readonly references: readonly DaxReference[]
  /** Texts in it, which may be names that the expression gives to columns of its own. */
  readonly texts: readonly string[]
  /** What is wrong with its quotes and brackets; null when nothing is. */
  readonly fault: string | null
}

const TOKEN =
  /(?<space>\s+|\/\/[^\n]*|--[^\n]*|\/\*[\s\S]*?\*\/)|"(?<text>(?:[^"]|"")*)"|'(?<quoted>(?:[^']|'')*)'|\[(?<field>(?:[^\]]|\]\])*)\]|(?<word>[\p{L}_][\p{L}\p{N}_.]*)|(?<open>[({])|(?<close>[)}])|(?<other>[\s\S])/gu

/** Reads an expression as far as names go: `Table[Column]`, `'A table'[Column]`, `[Measure]`, `'A table'`. */
export function daxReferences(expression: string): DaxScan {
  const references: DaxReference[] = []
  const texts: string[] = []
  const open: string[] = []
  let before: { readonly name: string; readonly offset: number; readonly quoted: boolean } | null = null
  const noTable = () => {
    if (before?.quoted === true) references.push({ kind: 'table', name: before.name, offset: before.offset })
    before = null
  }
  for (const { 0: token, index: offset, groups = {} } of expression.matchAll(TOKEN)) {
    if (groups.space !== undefined) continue
    if (groups.field !== undefined) {
      const name = groups.field.replaceAll(']]', ']')
      if (before === null) references.push({ kind: 'field', name, offset })
      else
        references.push({
          kind: 'column',
          table: (before as { name: string }).name,
          name,
          offset: (before as { offset: number }).offset,
        })
      before = null
      continue
    }
    noTable()
    if (groups.text !== undefined) texts.push(groups.text.replaceAll('""', '"'))
    else if (groups.quoted !== undefined) before = { name: groups.quoted.replaceAll("''", "'"), offset, quoted: true }
    else if (groups.word !== undefined) before = { name: groups.word, offset, quoted: false }
    else if (groups.open !== undefined) open.push(token)
    else if (groups.close !== undefined) {
      const opened = open.pop()
      if (opened === undefined) return { references, texts, fault: `\`${token}\` closes nothing` }
      if ((opened === '(') !== (token === ')')) return { references, texts, fault: `\`${token}\` closes \`${opened}\`` }
    } else if (token === ']') return { references, texts, fault: '`]` closes nothing' }
    else if (token === '"' || token === "'" || token === '[')
      return { references, texts, fault: `\`${token}\` is not closed` }
  }
  noTable()
  return { references, texts, fault: open.length === 0 ? null : `\`${open.at(-1)}\` is not closed` }
}
