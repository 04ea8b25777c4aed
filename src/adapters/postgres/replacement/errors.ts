import { defineDiagnostic } from '../../../base/diagnostic.ts'
import { didYouMean } from '../../../base/nearest.ts'

/** Something that would be lost, and why. */
export interface Loss {
  readonly what: string
  readonly why: string
}

const list = (losses: readonly Loss[]): readonly string[] => losses.map(({ what, why }) => `${what}: ${why}`)
const count = (losses: readonly Loss[]): string => (losses.length === 1 ? 'one thing' : `${losses.length} things`)

export const dependantsWouldBreak = defineDiagnostic(
  'db/dependants-would-break',
  'error',
  'A relation cannot be replaced without losing something that depends on it. Everything is left as it is; the message lists what would be lost.',
  ({ relation, losses, hint }: { relation: string; losses: readonly Loss[]; hint?: string | undefined }) => ({
    message: `\`${relation}\` is not replaced, because ${count(losses)} would break: ${list(losses).join('; ')}`,
    hints: [hint ?? 'change or drop what is listed, then build again; or keep the columns that it reads'],
  }),
)

export const cannotReplaceInPlace = defineDiagnostic(
  'db/cannot-replace-in-place',
  'error',
  'A model asks for `replace: in_place`, which keeps the table and changes its rows, but that is not possible here.',
  ({ relation, losses }: { relation: string; losses: readonly Loss[] }) => ({
    message: `the rows of \`${relation}\` cannot be replaced in place: ${list(losses).join('; ')}`,
    hints: ['use `replace: auto` or `replace: swap`'],
  }),
)

export const unknownRole = defineDiagnostic(
  'db/unknown-role',
  'error',
  '`grants` names a role that the database does not have. Names of roles are case-sensitive.',
  ({ role, known }: { role: string; known: readonly string[] }) => ({
    message: `there is no role \`${role}\``,
    hints: [didYouMean(role, known) ?? 'create the role first, or take it out of `grants`'],
  }),
)

export const unknownPrivilege = defineDiagnostic(
  'db/unknown-privilege',
  'error',
  '`grants` names a privilege that relations of this kind do not have.',
  ({ privilege, known }: { privilege: string; known: readonly string[] }) => ({
    message: `there is no privilege \`${privilege}\` on tables and views`,
    hints: [didYouMean(privilege, known) ?? `the privileges are ${known.map((k) => `\`${k}\``).join(', ')}`],
  }),
)
