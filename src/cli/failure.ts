import type { Diagnostic } from '../base/diagnostic.ts'
import { CancelledError, DatabaseError, UserError } from '../base/errors.ts'
import { databaseFailed, fileSystemFailed } from './errors.ts'

/** What is left to say when a command raised instead of handing back an outcome. */
export type Failure =
  | { readonly kind: 'user'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'cancelled' }
  /** Our own bug. */
  | { readonly kind: 'internal'; readonly stack: string }

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ELOOP: 'its links go in a circle',
  ENAMETOOLONG: 'its name is too long',
}

/** Sorts an error by who can mend it. */
export function classify(error: unknown): Failure {
  if (error instanceof UserError) return { kind: 'user', diagnostics: error.diagnostics }
  if (error instanceof CancelledError) return { kind: 'cancelled' }
  if (error instanceof DatabaseError)
    return { kind: 'user', diagnostics: [databaseFailed({ message: error.fault.message })] }
  if (error instanceof Error) {
    const { code, path } = error as NodeJS.ErrnoException
    const reason = reasons[code ?? '']
    if (reason !== undefined && path !== undefined) {
      return { kind: 'user', diagnostics: [fileSystemFailed({ path, reason })] }
    }
    return { kind: 'internal', stack: error.stack ?? error.message }
  }
  return { kind: 'internal', stack: String(error) }
}
