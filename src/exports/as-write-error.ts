import { DatabaseError, UserError } from '../base/errors.ts'
import type { Export } from '../project/resource.ts'
import { cannotWrite } from './errors.ts'
import { WORK_MARK } from './work-place.ts'

const reasons: Readonly<Record<string, readonly [reason: string, hint?: string]>> = {
  ENOSPC: ['no space is left on the disk', 'make room and run it again'],
  EDQUOT: ['the disk quota is used up', 'make room and run it again'],
  EROFS: ['the disk can only be read'],
  EACCES: ['no permission', 'who runs tsdbt needs the right to write into the folder'],
  EPERM: ['no permission', 'who runs tsdbt needs the right to write into the folder'],
  EBUSY: ['another program has it open', 'close it there and run it again'],
  EEXIST: ['a part of the path is a file, not a folder'],
  ENOTDIR: ['a part of the path is a file, not a folder'],
  ENAMETOOLONG: ['the name is too long'],
  ELOOP: ['its links lead in a circle'],
}

/** What the file system refused, told by Node or by an engine, in words about the export. */
export function asWriteError(error: unknown, node: Export, to: string): unknown {
  const refused = refusal(error)
  if (refused === undefined) return error
  const [reason, hint] = refused
  return new UserError(cannotWrite({ to, reason, hint }, { span: node.toSpan, node: node.uniqueId }))
}

function refusal(error: unknown): readonly [reason: string, hint?: string] | undefined {
  if (error instanceof DatabaseError) {
    const { kind, message } = error.fault
    // A disk of the engine's own that is full is another matter.
    return kind === 'disk-full' && message.includes(WORK_MARK) ? reasons['ENOSPC'] : undefined
  }
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException
  if (!(error instanceof Error) || code === undefined || syscall === undefined) return undefined
  return reasons[code] ?? [`the system says ${code} (${syscall})`]
}
