import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Adapter, Session } from '../../src/adapters/adapter.ts'
import { parseDuckDbProfile } from '../../src/adapters/duckdb/duckdb-profile.ts'
import { openDuckDb } from '../../src/adapters/duckdb/open-duckdb.ts'
import type { ProfileOutput } from '../../src/adapters/profile.ts'
import type { ConfigValue } from '../../src/config/node-config.ts'

/** A folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsdbt-spec-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A target whose spans tell which part they belong to: `path` is `profiles.yml:<key path>:<part>`. */
export function profileOutput(values: { [key: string]: ConfigValue }): ProfileOutput {
  return {
    values: { type: 'duckdb', ...values },
    spanOf: (path, part) => ({ path: `profiles.yml:${path.join('.')}:${part}`, start: 0, end: 1 }),
  }
}

export interface OpenOptions {
  readonly baseDir?: string
  readonly threads?: number
  readonly waitMs?: number
  readonly signal?: AbortSignal
}

/** Opens a target and closes it with the test. */
export async function openTarget(values: { [key: string]: ConfigValue }, options: OpenOptions = {}): Promise<Adapter> {
  const adapter = await openDuckDb(parseDuckDbProfile(profileOutput(values)), {
    baseDir: options.baseDir ?? tmpdir(),
    threads: options.threads ?? 2,
    runId: '0123abcd',
    waitMs: options.waitMs ?? 0,
    signal: options.signal,
  })
  onTestFinished(() => adapter.close())
  return adapter
}

export async function openSession(): Promise<Session> {
  return (await openTarget({})).acquire()
}
