import { tmpdir } from 'node:os'
import type { Adapter } from '../../src/adapters/adapter.ts'
import type { Dialect } from '../../src/adapters/dialect.ts'
import { engineTypes } from '../../src/adapters/engines.ts'
import type { ConfigValue } from '../../src/config/node-config.ts'

/** An engine that the library is held against: how to reach an empty database of it. */
export interface MacroEngine {
  readonly name: string
  readonly dialect: Dialect
  readonly database: string
  readonly schema: string
  open(): Promise<Adapter>
}

function engine(name: string, target: { [key: string]: ConfigValue }): MacroEngine {
  const type = engineTypes.get(name)!
  const profile = type.parseProfile({
    values: { type: name, ...target },
    spanOf: () => ({ path: 'profiles.yml', start: 0, end: 1 }),
  })
  return {
    name,
    dialect: type.dialect,
    database: profile.database,
    schema: profile.schema,
    open: () => type.open(profile, { baseDir: tmpdir(), threads: 1, runId: '0123abcd', waitMs: 0 }),
  }
}

/** The one list: every spec of this folder runs on each of them. */
export const engines: readonly MacroEngine[] = [engine('duckdb', { path: ':memory:', settings: { TimeZone: 'UTC' } })]
