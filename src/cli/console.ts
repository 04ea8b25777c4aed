import { createColors } from 'picocolors'
import type { Scrubber } from '../base/scrub.ts'

export type Style = ReturnType<typeof createColors>

/** No colours, for files and JSON. */
export const plainStyle: Style = createColors(false)

/** Where text goes. Everything written passes the scrubber; a closed pipe swallows what follows. */
export interface Output {
  readonly style: Style
  /** Someone looks at it, so that a line may be updated in place. */
  readonly interactive: boolean
  /** Columns, or undefined when it is no terminal. */
  readonly columns: () => number | undefined
  write(text: string): void
  /** One JSON object on a line; strings are scrubbed one by one, so that it stays JSON. */
  writeJson(value: unknown): void
}

export interface Console {
  readonly out: Output
  readonly err: Output
}

/** Whether to colour: what the user said, else `NO_COLOR` and `FORCE_COLOR`, else whether it is a terminal. */
export function wantsColor(
  asked: boolean | undefined,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (asked !== undefined) return asked
  if ((env['NO_COLOR'] ?? '') !== '') return false
  const force = env['FORCE_COLOR']
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false'
  return isTerminal && env['TERM'] !== 'dumb'
}

/** One of the process's streams. */
export function openOutput(
  stream: NodeJS.WriteStream,
  scrubber: Scrubber,
  color: boolean,
  interactive: boolean,
): Output {
  let open = true
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has gone, as in `tsdbt ls | head`: nobody is left to tell.
    if (error.code !== 'EPIPE') throw error
    open = false
  })
  return {
    style: createColors(color),
    interactive,
    // A terminal without a size says 0.
    columns: () => (stream.isTTY ? stream.columns || undefined : undefined),
    write(text) {
      if (open && text !== '') stream.write(scrubber.scrub(text))
    },
    writeJson(value) {
      if (open) stream.write(`${scrubbedJson(value, scrubber)}\n`)
    },
  }
}

/** JSON text whose strings are scrubbed; whole numbers above 2^53 are written as text. */
export function scrubbedJson(value: unknown, scrubber: Scrubber): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'string') return scrubber.scrub(part)
    return typeof part === 'bigint' ? part.toString() : part
  })
}
