import type { Diagnostic, Place } from '../base/diagnostic.ts'
import { privateRef, protectedRef } from './errors.ts'
import type { Model, Seed, Snapshot } from './resource.ts'

/** Who reads, as far as that decides what it may read. */
export interface Reader {
  readonly name: string
  readonly packageName: string
  readonly group: string | null
}

export interface AccessRules {
  /** Packages whose `restrict-access` keeps their protected models, and so the private ones, to themselves. */
  readonly restricted: ReadonlySet<string>
  /** The groups that there are; another one was told as a mistake where it is written. */
  readonly groups: ReadonlySet<string>
}

/** The mistake of a reference that the target's `access` forbids. A private model is read within its group only. */
export function accessFault(
  reader: Reader,
  target: Model | Seed | Snapshot,
  place: Place,
  { restricted, groups }: AccessRules,
): Diagnostic | undefined {
  if (target.resourceType !== 'model') return undefined
  const { access, group } = target.config
  const apart = reader.packageName !== target.packageName && restricted.has(target.packageName)
  if (access === 'private' && (apart || (reader.group !== group && allKnown([reader.group, group], groups))))
    return privateRef({ node: reader.name, target: target.name, group, own: reader.group }, place)
  if (access === 'protected' && apart)
    return protectedRef({ node: reader.name, target: target.name, package: target.packageName }, place)
  return undefined
}

function allKnown(names: readonly (string | null)[], groups: ReadonlySet<string>): boolean {
  return names.every((name) => name === null || groups.has(name))
}
