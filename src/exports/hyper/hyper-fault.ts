import type { Diagnostic } from '../../base/diagnostic.ts'
import { CancelledError, UserError } from '../../base/errors.ts'
import { hyperDiskFull, hyperdDied, hyperFailed, hyperFileOpen } from './errors.ts'
import type { HyperServer } from './hyper-server.ts'

interface Said {
  readonly message: string
  readonly code?: string
  readonly detail?: string
}

const OPEN_ELSEWHERE = '55006'
/** Hyper has no code of its own for it. */
const DISK_FULL = /growing the database file failed|no space left|disk (?:is )?full|not enough (?:disk )?space/i
/** The process's end is noticed a little after that of its sockets. */
const NOTICE_MS = 2000

/** What the driver or the server said, as a `UserError` about this file; a cancelled one stays what it is. */
export async function explainHyperFault(error: unknown, file: string, server: HyperServer): Promise<Error> {
  if (error instanceof UserError || error instanceof CancelledError) return error
  const said: Said = error instanceof Error ? error : { message: String(error) }
  if (!isServerCode(said.code)) await server.ended(NOTICE_MS)
  if (server.ending !== null) return new UserError(hyperdDied({ how: server.ending, said: server.lastWords }))
  return new UserError(wordFault(said, file))
}

function isServerCode(code: string | undefined): boolean {
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE'
}

function wordFault({ message, code, detail }: Said, file: string): Diagnostic {
  const whole = `${message} ${detail ?? ''}`
  if (code === OPEN_ELSEWHERE || /locked by another process/i.test(whole)) return hyperFileOpen({ file })
  if (DISK_FULL.test(whole)) return hyperDiskFull({ file })
  return hyperFailed({ said: message, detail: detail === undefined || detail === '' ? undefined : detail })
}
