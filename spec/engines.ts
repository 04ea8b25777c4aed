import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Adapter, Cell } from '../src/adapters/adapter.ts'
import type { Dialect } from '../src/adapters/dialect.ts'
import { engineTypes } from '../src/adapters/engines.ts'
import type { OpenContext } from '../src/adapters/profile.ts'
import type { ConfigValue } from '../src/config/node-config.ts'
import { postgresDatabase } from './postgres-database.ts'

/** The schema that specs build in, on every engine. */
export const SCHEMA = 'main'

export type Target = { readonly [key: string]: ConfigValue }

/** An empty database of one engine. */
export interface SpecDatabase {
  /** What `profiles.yml` says to reach it, `type` included; the schema is `main`. */
  readonly target: Target
  /** The database's name in relations. */
  readonly name: string
  /** Opens it as a run does, once at a time; `more` is added to the target. */
  open(context?: Partial<OpenContext>, more?: Target): Promise<Adapter>
  /** Runs statements through the open adapter, or one of its own; the rows of the last, as tsdbt reads them. */
  sql(...statements: readonly string[]): Promise<readonly (readonly Cell[])[]>
  /** Closes what is open and makes the database empty again. */
  reset(): Promise<void>
  /** Closes what is open and gives the database back. */
  drop(): Promise<void>
}

export interface SpecEngine {
  readonly name: string
  readonly dialect: Dialect
  /** An empty database with the schema `main`. */
  create(): Promise<SpecDatabase>
}

/** What differs from engine to engine. */
interface Place {
  readonly name: string
  readonly target: Target
  readonly empty: () => Promise<void>
  readonly drop: () => Promise<void>
}

const places: { readonly [engine: string]: () => Promise<Place> } = {
  async duckdb() {
    const folder = mkdtempSync(join(tmpdir(), 'tsdbt-spec-'))
    const path = join(folder, 'dev.duckdb')
    const remove = async (what: string) => rmSync(what, { recursive: true, force: true })
    return {
      name: 'dev',
      target: { path, schema: SCHEMA, settings: { TimeZone: 'UTC' } },
      empty: () => remove(path),
      drop: () => remove(folder),
    }
  },
  async postgres() {
    const database = await postgresDatabase()
    const makeSchema = async () => void (await database.sql(`create schema ${SCHEMA}`))
    await makeSchema()
    return {
      name: database.target.dbname,
      target: { ...database.target, schema: SCHEMA },
      empty: async () => {
        await database.reset()
        await makeSchema()
      },
      drop: database.drop,
    }
  },
}

function engine(name: string): SpecEngine {
  const type = engineTypes.get(name)!
  const open = (target: Target, context: Partial<OpenContext>) => {
    const spanOf = () => ({ path: 'profiles.yml', start: 0, end: 1 })
    const profile = type.parseProfile({ values: target, spanOf })
    return type.open(profile, { baseDir: tmpdir(), threads: 1, runId: '0123abcd', waitMs: 0, ...context })
  }
  const create = async (): Promise<SpecDatabase> => {
    const place = await places[name]!()
    const target = { type: name, ...place.target }
    let adapter: Adapter | undefined
    const close = async () => {
      await adapter?.close()
      adapter = undefined
    }
    return {
      target,
      name: place.name,
      async open(context = {}, more = {}) {
        await close()
        adapter = await open({ ...target, ...more }, context)
        return adapter
      },
      async sql(...statements) {
        const own = adapter === undefined ? await open(target, {}) : undefined
        try {
          return await lastRows((own ?? adapter)!, statements)
        } finally {
          await own?.close()
        }
      },
      async reset() {
        await close()
        await place.empty()
      },
      async drop() {
        await close()
        await place.drop()
      },
    }
  }
  return { name, dialect: type.dialect, create }
}

async function lastRows(adapter: Adapter, statements: readonly string[]): Promise<readonly (readonly Cell[])[]> {
  const session = await adapter.acquire()
  try {
    for (const sql of statements.slice(0, -1)) await session.execute(sql)
    return (await session.query(statements.at(-1)!)).rows
  } finally {
    await session.release()
  }
}

/** The one list: what is said of tsdbt holds on each of them. */
export const engines: readonly SpecEngine[] = [...engineTypes.keys()].map(engine)
