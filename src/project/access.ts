import type { Diagnostic, Place } from '../base/diagnostic.ts'
import { privateRef, protectedRef } from './errors.ts'
import type { Model, Seed, Snapshot } from './resource.ts'

/** Who reads, as far as that decides what it may read. */
export interface Reader {
  readonly name: string
  readonly packageName: string
  readonly group: string | null
}

/**
 * The mistake of a reference that the target's `access` forbids. A private model is read within its group only.
 * @param restricted packages whose `restrict-access` keeps their protected models, and so the private ones, to themselves
 */
export function accessFault(
  reader: Reader,
  target: Model | Seed | Snapshot,
  place: Place,
  restricted: ReadonlySet<string>,
): Diagnostic | undefined {
  if (target.resourceType !== 'model') return undefined
  const { access, group } = target.config
  const apart = reader.packageName !== target.packageName && restricted.has(target.packageName)
  if (access === 'private' && (apart || reader.group !== group))
    return privateRef({ node: reader.name, target: target.name, group, own: reader.group }, place)
  if (access === 'protected' && apart)
    return protectedRef({ node: reader.name, target: target.name, package: target.packageName }, place)
  return undefined
}
