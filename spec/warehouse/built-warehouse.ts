import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { type Ran, runCli } from '../cli/run-cli.ts'
import { projectParts } from './project-parts.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface NodeResult {
  readonly unique_id: string
  readonly status: string
  readonly message: string | null
  readonly failures: number | null
  readonly adapter_response: Readonly<Record<string, number | string>>
}

/** What leaves the warehouse has a spec of its own. */
const EXPORTS = ['models/analytics/exports.yml']

/** A copy of the root project in a folder of its own, to build and to ask. */
export class BuiltWarehouse {
  readonly folder = mkdtempSync(join(tmpdir(), 'tsdbt-warehouse-'))

  constructor(leftOut: readonly string[] = EXPORTS) {
    for (const part of projectParts) cpSync(join(root, part), join(this.folder, part), { recursive: true })
    for (const path of leftOut) rmSync(join(this.folder, path))
  }

  run(...argv: readonly string[]): Promise<Ran> {
    return runCli(argv, { cwd: this.folder })
  }

  /** Results of the last run, by unique id. */
  results(): ReadonlyMap<string, NodeResult> {
    const text = readFileSync(join(this.folder, 'target/run_results.json'), 'utf8')
    const { results } = JSON.parse(text) as { results: readonly NodeResult[] }
    return new Map(results.map((result) => [result.unique_id, result]))
  }

  /** Rows as text, null where there is nothing. Decimals keep all their digits. */
  async query(sql: string): Promise<readonly Readonly<Record<string, string | null>>[]> {
    const instance = await DuckDBInstance.create(join(this.folder, 'warehouse.duckdb'), { access_mode: 'READ_ONLY' })
    const connection = await instance.connect()
    try {
      const reader = await connection.runAndReadAll(sql)
      const names = reader.columnNames()
      return reader
        .getRows()
        .map((row) =>
          Object.fromEntries(row.map((cell, i) => [names[i] as string, cell === null ? null : String(cell)])),
        )
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
