import type { DatabaseFault } from '../../base/errors.ts'
import type { PostgresConnection } from './postgres-connection.ts'

const MOST_HOLDERS = 3

/**
 * Adds to a lock that was not had in time who holds locks on what the statement names. To be asked over another connection,
 * as soon as the statement has failed.
 * @param own the server's processes of this run, which are no strangers
 */
export async function explainLock(
  connection: PostgresConnection,
  fault: DatabaseFault,
  own: readonly number[],
): Promise<DatabaseFault> {
  const { rows } = await connection.query(
    `select n.nspname, c.relname, a.pid, a.usename, a.application_name, a.state,
  to_char(a.xact_start at time zone 'UTC', 'HH24:MI:SS')
from pg_catalog.pg_locks l
join pg_catalog.pg_database d on d.oid = l.database and d.datname = current_database()
join pg_catalog.pg_class c on c.oid = l.relation
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_stat_activity a on a.pid = l.pid
where l.locktype = 'relation' and l.granted and c.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname !~ '^pg_'
group by n.nspname, c.relname, a.pid, a.usename, a.application_name, a.state, a.xact_start
order by a.xact_start`,
  )
  const named = rows.filter(
    ([, relation, pid]) => !own.includes(Number(pid)) && fault.sql?.includes(String(relation)) === true,
  )
  const notes = named.slice(0, MOST_HOLDERS).map(([schema, relation, pid, user, program, state, since]) => {
    const who = [
      program,
      user === null ? null : `user \`${user}\``,
      state,
      since === null ? null : `since ${since} UTC`,
    ]
    const known = who.filter((part) => part !== null && part !== '').join(', ')
    return `\`${schema}.${relation}\` is locked by process ${pid} of the server: ${known}`
  })
  return notes.length === 0 ? fault : { ...fault, notes: [...(fault.notes ?? []), ...notes] }
}
