import { DatabaseError, UserError } from '../../base/errors.ts'
import { quoteIdentifier, quoteString } from '../../sql/quote.ts'
import type { RelationKind } from '../../sql/relation.ts'
import { type Admission, exportOfComment, type Reader, type ReaderSchema } from '../reader-schema.ts'
import { roleNotMade, roleTooMighty } from './errors.ts'
import type { PostgresConnection } from './postgres-connection.ts'
import { qualified } from './replacement/sql-words.ts'

interface RoleFacts {
  readonly canLogIn: boolean
  /** Why it is no mere reader; null when it is one. */
  readonly might: string | null
}

interface Rights {
  readonly connect: boolean
  readonly schema: readonly string[]
  readonly relations: readonly {
    readonly name: string
    readonly comment: string | null
    readonly rights: readonly string[]
  }[]
  readonly alsoSees: readonly string[]
}

/** Key of the advisory lock of those who change rights of readers: `tsdbtrdr` as a number. */
const READERS = '8391160904744592498'

/** Views for readers outside, and the roles that may read them. */
export class PostgresReaders implements ReaderSchema {
  readonly #connection: () => PostgresConnection

  constructor(connection: () => PostgresConnection) {
    this.#connection = connection
  }

  async standing({ schema }: { readonly schema: string }): ReturnType<ReaderSchema['standing']> {
    const { rows } = await this.#connection().query(`select c.relname,
  case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'table' end, d.description
from pg_catalog.pg_namespace n
left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p', 'f', 'v', 'm')
left join pg_catalog.pg_description d on d.objoid = c.oid and d.objsubid = 0 and d.classoid = 'pg_catalog.pg_class'::regclass
where n.nspname = ${quoteString(schema)}
order by c.relname collate "C"`)
    if (rows.length === 0) return null
    return rows.flatMap(([name, kind, comment]) =>
      name === null
        ? []
        : [
            {
              identifier: String(name),
              kind: kind as RelationKind,
              comment: comment === null ? null : String(comment),
            },
          ],
    )
  }

  async admit(reader: Reader): Promise<Admission> {
    const connection = this.#connection()
    // Two exports with one reader must not change the rights of one schema at the same time.
    await connection.query(`select pg_catalog.pg_advisory_xact_lock(${READERS})`)
    const known = await this.#role(reader)
    const made = known === null ? [await this.#make(reader)] : []
    if (known !== null && known.might !== null)
      throw new UserError(roleTooMighty({ role: reader.role, why: known.might }))
    const granted = rightsStatements(reader, await this.#rights(reader))
    for (const statement of granted) await connection.execute(statement)
    const { alsoSees } = await this.#rights(reader)
    return { statements: [...made, ...granted], canLogIn: known?.canLogIn ?? reader.login, alsoSees }
  }

  async #role({ role, schema }: Reader): Promise<RoleFacts | null> {
    const { rows } = await this.#connection().query(`select r.rolcanlogin, case
  when r.rolsuper then 'it is a superuser'
  when r.rolname like 'pg\\_%' then 'it is a role of Postgres itself'
  when r.rolcreaterole then 'it may make roles'
  when r.rolcreatedb then 'it may make databases'
  when r.rolbypassrls then 'it passes row level security by'
  when r.rolreplication then 'it may replicate'
  when r.rolname = current_user then 'it is the role that builds'
  when pg_catalog.pg_has_role(r.oid, current_user::regrole::oid, 'member') then 'it is a member of the role that builds'
  when exists (select from pg_catalog.pg_namespace n
    where n.nspname = ${quoteString(schema)} and pg_catalog.pg_has_role(r.oid, n.nspowner, 'member'))
  then 'it owns the schema' end
from pg_catalog.pg_roles r where r.rolname = ${quoteString(role)}`)
    const row = rows[0]
    return row === undefined ? null : { canLogIn: row[0] === true, might: row[1] === null ? null : String(row[1]) }
  }

  async #make({ role, login }: Reader): Promise<string> {
    const statement = `create role ${quoteIdentifier(role)} ${login ? 'login' : 'nologin'}`
    const connection = this.#connection()
    try {
      await connection.savepoint(() => connection.execute(statement))
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.fault.kind !== 'permission') throw error
      throw new UserError(roleNotMade({ role, statement }), error.fault)
    }
    return statement
  }

  async #rights({ role, schema }: Reader): Promise<Rights> {
    const of = (acl: string) => `(select coalesce(json_agg(lower(a.privilege_type) order by a.privilege_type), '[]')
    from pg_catalog.aclexplode(${acl}) a where a.grantee = r.oid)`
    const { rows } = await this.#connection().query(`select json_build_object(
  'connect', pg_catalog.has_database_privilege(r.oid, (select oid from pg_catalog.pg_database where datname = current_database()), 'connect'),
  'schema', ${of('n.nspacl')},
  'relations', (select coalesce(json_agg(json_build_object('name', c.relname, 'comment', pg_catalog.obj_description(c.oid, 'pg_class'), 'rights', ${of('c.relacl')}) order by c.relname collate "C"), '[]')
    from pg_catalog.pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'f', 'v', 'm')),
  'alsoSees', (select coalesce(json_agg(o.nspname order by o.nspname collate "C"), '[]') from pg_catalog.pg_namespace o
    where o.oid <> n.oid and o.nspname not in ('public', 'information_schema') and o.nspname !~ '^pg_'
      and pg_catalog.has_schema_privilege(r.oid, o.oid, 'usage')))::text
from pg_catalog.pg_roles r, pg_catalog.pg_namespace n
where r.rolname = ${quoteString(role)} and n.nspname = ${quoteString(schema)}`)
    return JSON.parse(String(rows[0]?.[0])) as Rights
  }
}

/** Grants what is missing, and takes what is too much. */
function rightsStatements(reader: Reader, rights: Rights): readonly string[] {
  const { role, database, schema, views } = reader
  const who = quoteIdentifier(role)
  const place = `schema ${quoteIdentifier(schema)}`
  const statements: string[] = []
  if (!rights.connect) statements.push(`grant connect on database ${quoteIdentifier(database)} to ${who}`)
  if (rights.schema.includes('create')) statements.push(`revoke create on ${place} from ${who}`)
  if (!rights.schema.includes('usage')) statements.push(`grant usage on ${place} to ${who}`)
  for (const { name, comment, rights: had } of rights.relations) {
    const owner = exportOfComment(comment)
    if (owner !== null && owner !== reader.export) continue
    const relation = qualified({ schema, name })
    const wanted = views.includes(name)
    const surplus = had.filter((right) => !wanted || right !== 'select')
    if (surplus.length > 0) statements.push(`revoke ${surplus.join(', ')} on ${relation} from ${who}`)
    if (wanted && !had.includes('select')) statements.push(`grant select on ${relation} to ${who}`)
  }
  return statements
}
