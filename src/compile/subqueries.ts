import { type MappedText, MappedTextBuilder, sliceMapped } from '../base/source-map.ts'

/** What may follow a relation in a `from` clause without being an alias. */
const clauseWords = new Set(
  (
    'join left right inner full cross natural on using where group order having limit union except intersect window ' +
    'qualify tablesample pivot unpivot asof positional semi anti lateral fetch offset for select values'
  ).split(' '),
)

const marker = /\uE000(\d+)\uE001/g

/**
 * Relations that are read through a subquery (`--empty`, `where` of a test). While a template is evaluated they print
 * as a marker, because whether the subquery needs an alias of its own depends on the text behind it.
 */
export class Subqueries {
  readonly #entries: { readonly sql: string; readonly alias: string; readonly alone: string }[] = []

  /**
   * The marker to print for `sql`; `alias` is the quoted name by which columns may be qualified.
   * @param alone what is read in a statement of its own, which does not have the CTEs of this one
   */
  add(sql: string, alias: string, alone = sql): string {
    this.#entries.push({ sql, alias, alone })
    return `\uE000${this.#entries.length - 1}\uE001`
  }

  /** Replaces the markers in text that has no source map, such as an introspective query. */
  resolveText(text: string): string {
    return text.replace(marker, (_, index: string, at: number, whole: string) => {
      const end = at + index.length + 2
      const { alone, alias } = this.#entries[Number(index)]!
      return this.#print(alone, alias, whole.slice(end, end + 200))
    })
  }

  resolve(mapped: MappedText): MappedText {
    if (this.#entries.length === 0) return mapped
    const out = new MappedTextBuilder()
    let last = 0
    for (const match of mapped.text.matchAll(marker)) {
      const end = match.index + match[0].length
      const piece = sliceMapped(mapped, match.index, end)
      const { sql, alias } = this.#entries[Number(match[1])]!
      const printed = this.#print(sql, alias, mapped.text.slice(end, end + 200))
      const origin = piece.segments[0]
      out.append(sliceMapped(mapped, last, match.index))
      if (origin === undefined) out.raw(printed)
      else out.mapped(printed, origin.span, false, origin.frames)
      last = end
    }
    return out.append(sliceMapped(mapped, last)).build()
  }

  #print(text: string, alias: string, following: string): string {
    // A filtered relation may itself be read through a subquery.
    const sql = this.resolveText(text)
    return hasAlias(following) ? sql : `${sql} as ${alias}`
  }
}

function hasAlias(following: string): boolean {
  const rest = following.replace(/^(?:\s+|--[^\n]*\n?|\/\*[\s\S]*?\*\/)+/, '')
  if (rest.startsWith('"')) return true
  const word = /^[\p{L}_][\p{L}\p{N}_$]*/u.exec(rest)?.[0]
  return word !== undefined && !clauseWords.has(word.toLowerCase())
}
