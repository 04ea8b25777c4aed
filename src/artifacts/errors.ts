import { defineDiagnostic } from '../base/diagnostic.ts'

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'a folder stands in its place',
  ENAMETOOLONG: 'the name is too long for the file system',
  EMFILE: 'too many open files',
}

export const notWritable = defineDiagnostic(
  'artifacts/not-writable',
  'error',
  'A file of the target folder cannot be written. Make the folder writable or name another with `--target-path`.',
  (a: { path: string; code: string }) => ({
    message: `cannot write \`${a.path}\`: ${reasons[a.code] ?? a.code}`,
    hints: ['make the folder writable, or name another one with `--target-path`'],
  }),
)
