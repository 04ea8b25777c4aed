import type { ServerError } from './server-error.ts'

/** What is known of a fault before its words are chosen. */
export interface RawFault {
  readonly error: ServerError
  readonly kind: string
  /** The empty text when it is not known. */
  readonly sql: string
  /** UTF-16 offset in `sql`; undefined when the server tells none. */
  readonly offset: number | undefined
  /** The text there. */
  readonly token: string
}

/** The parts of a fault that its kind decides; what is left out stays as the server has it. */
export interface FaultDetails {
  readonly kind?: string | undefined
  readonly message?: string | undefined
  readonly name?: string | undefined
  readonly candidates?: readonly string[] | undefined
  readonly hint?: string | undefined
  readonly offset?: number | undefined
}

export function quoted(name: string): string {
  return `\`${name}\``
}

/** The last part of a written name, as a catalog has it. */
export function plainName(name: string): string {
  const last = /(?:^|\.)("(?:[^"]|"")*"|[^."]*)$/.exec(name)?.[1] ?? name
  return last.startsWith('"') ? last.slice(1, -1).replaceAll('""', '"') : last
}
