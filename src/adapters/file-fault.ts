import { DatabaseError, InternalError } from '../base/errors.ts'

const REASONS: { readonly [code: string]: string } = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of the path is a file',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the disk reports an error',
}
const FULL: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG']

/** What Node says of a file that rows are written to, as an engine says it of its own files. */
export function fileFault(error: unknown, path: string): DatabaseError | InternalError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  if (code === undefined)
    return new InternalError(error instanceof Error ? (error.stack ?? error.message) : String(error))
  if (FULL.includes(code))
    return new DatabaseError({ kind: 'disk-full', message: `\`${path}\` cannot be written: no space is left` })
  return new DatabaseError({ kind: 'file', message: `\`${path}\` cannot be written: ${REASONS[code] ?? code}` })
}
