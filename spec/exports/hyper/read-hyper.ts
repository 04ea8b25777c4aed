import type { HyperConnection, HyperService } from '../../../src/exports/hyper/hyper-service.ts'
import { hyperTableName } from '../../../src/exports/hyper/hyper-sql.ts'

/** A table as Hyper itself tells it. */
export interface HyperContent {
  /** `name type`, with ` not null` where it is so. */
  readonly columns: readonly string[]
  /** Descriptions by column. */
  readonly comments: { readonly [column: string]: string }
  /** In the order of all columns, nulls first. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** `primary key (a, b)`, `foreign key (a) to Extract.b`. */
  readonly keys: readonly string[]
}

/** Reads a `.hyper` file with a Hyper that has not made it: the version of its format, and its tables by `schema.table`. */
export async function readHyper(
  hyper: HyperService,
  path: string,
): Promise<{ readonly version: number; readonly tables: { readonly [name: string]: HyperContent } }> {
  const connection = await hyper.connect({ path })
  try {
    const [[version] = []] = await connection.query('select database_version from pg_catalog.hyper_database')
    const names = await connection.query(
      `select n.nspname, c.relname, c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') order by 1, 2`,
    )
    const tables: Record<string, HyperContent> = {}
    for (const [schema, name, oid] of names)
      tables[`${schema}.${name}`] = await readTable(connection, { schema: schema!, name: name! }, oid!)
    return { version: Number(version), tables }
  } finally {
    await connection.close()
  }
}

async function readTable(
  connection: HyperConnection,
  table: { readonly schema: string; readonly name: string },
  oid: string,
): Promise<HyperContent> {
  const columns = await connection.query(
    `select a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, d.description, a.attnum
     from pg_catalog.pg_attribute a left join pg_catalog.pg_description d on d.objoid = a.attrelid and d.objsubid = a.attnum
     where a.attrelid = ${oid} and a.attnum > 0 order by a.attnum`,
  )
  const byNumber = new Map(columns.map((column) => [column[4], column[0]]))
  const keys = await connection.query(
    `select k.contype, k.conkey::text, n.nspname || '.' || c.relname from pg_catalog.pg_constraint k
     left join pg_catalog.pg_class c on c.oid = k.confrelid left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where k.conrelid = ${oid}`,
  )
  const order = columns.map((_, i) => `${i + 1} nulls first`).join(', ')
  return {
    columns: columns.map(([column, type, required]) => `${column} ${type}${required === 't' ? ' not null' : ''}`),
    comments: Object.fromEntries(columns.filter((c) => c[3] !== null).map(([column, , , text]) => [column, text!])),
    rows: await connection.query(`select * from ${hyperTableName(table)} order by ${order}`),
    keys: keys
      .map(([kind, numbers, target]) => {
        const own = numbers!.replace(/[^\d,]/g, '').split(',')
        const list = own.map((n) => byNumber.get(n.trim())).join(', ')
        return kind === 'p' ? `primary key (${list})` : `foreign key (${list}) to ${target}`
      })
      .sort(),
  }
}
