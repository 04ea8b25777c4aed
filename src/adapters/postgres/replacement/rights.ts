import { quoteIdentifier } from '../../../sql/quote.ts'
import type { RightFact } from './relation-facts.ts'

/** What rights belong to: a relation, one column of it, or a sequence. */
export interface RightsObject {
  /** `table "s"."t"`, as `grant … on` names it. */
  readonly words: string
  readonly column: string | null
  readonly owner: string
  /** What an owner has when nothing was ever granted. */
  readonly all: readonly string[]
}

/** Every privilege of a relation. */
export function relationPrivileges(version: number): readonly string[] {
  const always = ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']
  return version >= 170000 ? [...always, 'maintain'] : always
}

export const sequencePrivileges: readonly string[] = ['usage', 'select', 'update']

interface Right {
  readonly grantee: string
  readonly privilege: string
  readonly grantable: boolean
}

/** The quoted name of a role; an empty one is everybody. */
export function roleName(role: string): string {
  return role === '' ? 'public' : quoteIdentifier(role)
}

/**
 * The statements that turn the rights that an object has into those that it shall have. Whoever granted them, they come
 * from the owner afterwards: a role can only grant for itself.
 * @param before the owner to whom `present` belongs
 */
export function rightsStatements(
  object: RightsObject,
  wanted: readonly RightFact[] | null,
  present: readonly RightFact[] | null,
  before: string = object.owner,
): readonly string[] {
  const want = expand(wanted, object.owner, object)
  const have = expand(
    present?.map((r) => (r.grantee === before ? { ...r, grantee: object.owner } : r)) ?? null,
    object.owner,
    object,
  )
  const revoke = [...have.values()].filter((r) => !want.has(keyOf(r)))
  const lessen = [...have.values()].filter((r) => r.grantable && want.get(keyOf(r))?.grantable === false)
  const grant = [...want.values()].filter((r) => {
    const had = have.get(keyOf(r))
    return had === undefined || (r.grantable && !had.grantable)
  })
  return [
    ...statements(object, revoke, (what, who) => `revoke ${what} from ${who}`),
    ...statements(object, lessen, (what, who) => `revoke grant option for ${what} from ${who}`),
    ...statements(object, grant, (what, who, option) => `grant ${what} to ${who}${option ? ' with grant option' : ''}`),
  ]
}

function keyOf({ grantee, privilege }: Right): string {
  return `${grantee}\u0000${privilege}`
}

/** An owner's grant option means nothing: an owner may always grant. */
function expand(rights: readonly RightFact[] | null, owner: string, object: RightsObject): ReadonlyMap<string, Right> {
  const all = new Map<string, Right>()
  const own = rights === null && object.column === null
  for (const privilege of own ? object.all : []) {
    const right = { grantee: owner, privilege, grantable: false }
    all.set(keyOf(right), right)
  }
  for (const { grantee, privilege, grantable } of rights ?? []) {
    const before = all.get(keyOf({ grantee, privilege, grantable }))
    const right = { grantee, privilege, grantable: grantee !== owner && (grantable || before?.grantable === true) }
    all.set(keyOf(right), right)
  }
  return all
}

function statements(
  object: RightsObject,
  rights: readonly Right[],
  word: (what: string, who: string, option: boolean) => string,
): readonly string[] {
  const groups = new Map<string, Right[]>()
  for (const right of rights) {
    const key = `${right.grantee}\u0000${right.grantable}`
    groups.set(key, [...(groups.get(key) ?? []), right])
  }
  return [...groups.values()].map((group) => {
    const column = object.column === null ? '' : ` (${quoteIdentifier(object.column)})`
    const privileges = group.map((r) => `${r.privilege}${column}`).join(', ')
    const { grantee, grantable } = group[0]!
    return word(`${privileges} on ${object.words}`, roleName(grantee), grantable)
  })
}
