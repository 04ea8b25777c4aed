import { UserError } from '../../../base/errors.ts'
import { quoteIdentifier, quoteString } from '../../../sql/quote.ts'
import type { GrantRequest } from '../../replacement.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { unknownPrivilege, unknownRole } from './errors.ts'
import type { RightFact } from './relation-facts.ts'
import { relationPrivileges, rightsStatements, roleName } from './rights.ts'
import { qualified } from './sql-words.ts'

interface GrantFacts {
  readonly owner: string
  readonly roles: readonly string[]
  readonly rights: readonly RightFact[]
  readonly columns: readonly { readonly name: string; readonly rights: readonly RightFact[] }[]
}

/** Inside a transaction: grants and revokes what differs from the declared rights. The owner's own stay as they are. */
export async function applyGrants(connection: PostgresConnection, request: GrantRequest): Promise<readonly string[]> {
  const { relation } = request
  const { rows } = await connection.query(query(relation.schema, relation.identifier))
  // A relation that is gone is for the server to report.
  const facts: GrantFacts =
    typeof rows[0]?.[0] === 'string' ? (JSON.parse(rows[0][0]) as GrantFacts) : { ...NOBODY, roles: [] }
  const name = qualified({ schema: relation.schema, name: relation.identifier })
  const statements = grantStatements(name, facts, wantedRights(request, facts, connection.serverVersion))
  for (const statement of statements) await connection.execute(statement)
  return statements
}

const NOBODY = { owner: '', rights: [], columns: [] }

/** Raises `UserError` for roles and privileges that there are not. */
export function wantedRights(
  { grants }: Pick<GrantRequest, 'grants'>,
  { owner, roles }: Pick<GrantFacts, 'owner' | 'roles'>,
  version: number,
): readonly RightFact[] {
  const known = relationPrivileges(version)
  const wanted = new Map<string, RightFact>()
  const diagnostics = []
  for (const [declared, grantees] of Object.entries(grants)) {
    const privilege = declared.toLowerCase().replace(/ privileges$/, '')
    if (privilege !== 'all' && !known.includes(privilege))
      diagnostics.push(unknownPrivilege({ privilege: declared, known }))
    for (const role of grantees) {
      const everybody = role.toLowerCase() === 'public'
      if (!everybody && !roles.includes(role)) diagnostics.push(unknownRole({ role, known: roles }))
      if (role === owner) continue
      for (const each of privilege === 'all' ? known : [privilege]) {
        const right = { grantor: owner, grantee: everybody ? '' : role, privilege: each, grantable: false }
        wanted.set(`${right.grantee}\u0000${each}`, right)
      }
    }
  }
  if (diagnostics.length > 0) throw new UserError(diagnostics)
  return [...wanted.values()]
}

/** @param name quoted */
export function grantStatements(
  name: string,
  { owner, rights, columns }: Omit<GrantFacts, 'roles'>,
  wanted: readonly RightFact[],
): readonly string[] {
  const others = rights.filter((r) => r.grantee !== owner)
  const has = (r: RightFact) => wanted.some((w) => w.grantee === r.grantee && w.privilege === r.privilege)
  // What a role granted by an option of its own goes with that option: nobody else can take it back.
  const passed = others.filter((r) => r.grantor !== owner && !has(r))
  const granters = new Map(passed.map((r) => [`${r.grantor}\u0000${r.privilege}`, r]))
  const options = [...granters.values()].map(
    (r) => `revoke grant option for ${r.privilege} on ${name} from ${roleName(r.grantor)} cascade`,
  )
  const left = others.filter((r) => !granters.has(`${r.grantor}\u0000${r.privilege}`))
  // An option that was granted beside a declared right stays.
  const present = left.map((r) => ({ ...r, grantable: false }))
  const object = { words: name, column: null, owner, all: [] }
  const main = rightsStatements(object, wanted, present)
  const lost = present.filter((r) => !has(r))
  return [...options, ...main, ...columnsAgain(name, columns, lost)]
}

/** Taking a right from a role takes it from the columns, too, where it is not declared and has to stay. */
function columnsAgain(name: string, columns: GrantFacts['columns'], lost: readonly RightFact[]): readonly string[] {
  return columns.flatMap((column) =>
    column.rights
      .filter((r) => lost.some((l) => l.grantee === r.grantee && l.privilege === r.privilege))
      .map((r) => {
        const option = r.grantable ? ' with grant option' : ''
        return `grant ${r.privilege} (${quoteIdentifier(column.name)}) on ${name} to ${roleName(r.grantee)}${option}`
      }),
  )
}

function query(schema: string, identifier: string): string {
  const rights = (acl: string) => `(select coalesce(json_agg(json_build_object('grantor', pg_get_userbyid(x.grantor),
    'grantee', case x.grantee when 0 then '' else pg_get_userbyid(x.grantee) end,
    'privilege', lower(x.privilege_type), 'grantable', x.is_grantable)), '[]') from aclexplode(${acl}) x)`
  return `select json_build_object('owner', pg_get_userbyid(c.relowner),
  'roles', (select json_agg(rolname) from pg_roles), 'rights', ${rights('c.relacl')},
  'columns', (select coalesce(json_agg(json_build_object('name', a.attname, 'rights', ${rights('a.attacl')})), '[]')
    from pg_attribute a where a.attrelid = c.oid and a.attacl is not null))::text
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = ${quoteString(schema)} and c.relname = ${quoteString(identifier)}`
}
