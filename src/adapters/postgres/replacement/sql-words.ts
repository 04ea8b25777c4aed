import { quoteIdentifier, quoteString } from '../../../sql/quote.ts'

export function qualified({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
}

/** What `alter`, `drop` and `comment on` call a relation of a kind of the catalog. */
export function kindWord(kind: string): 'table' | 'view' | 'materialized view' {
  return kind === 'v' ? 'view' : kind === 'm' ? 'materialized view' : 'table'
}

export function commentOn(what: string, text: string): string {
  return `comment on ${what} is ${quoteString(text)}`
}
