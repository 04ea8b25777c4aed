import { freemem } from 'node:os'
import { join } from 'node:path'
import { DuckDbConnection } from './duckdb-connection.ts'
import type { Reader } from './load-site.ts'
import { loadDriver } from './open-duckdb.ts'

const MIB = 1 << 20
const LEAST_MIB = 512
const MOST_MIB = 2048

/**
 * A DuckDB without a file, for targets that cannot read files themselves. What it cannot hold in a modest share of the
 * memory is written to `folder`. Reading is more than twice as fast as into a database file, which is compressed.
 */
export async function openReader(folder: string): Promise<Reader> {
  const driver = await loadDriver()
  const limit = Math.min(MOST_MIB, Math.max(LEAST_MIB, Math.floor(freemem() / MIB / 4)))
  const instance = await driver.DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    default_null_order: 'nulls_last_on_asc_first_on_desc',
    memory_limit: `${limit}MiB`,
    temp_directory: join(folder, 'spill'),
  })
  try {
    const raw = await instance.connect()
    await raw.run('set errors_as_json=true')
    await raw.run("set timezone='UTC'")
    const connection = new DuckDbConnection(driver, raw)
    const close = () => {
      connection.close()
      instance.closeSync()
    }
    return { connection, table: { database: 'memory', schema: 'main', identifier: 'tsdbt_staged' }, close }
  } catch (error) {
    instance.closeSync()
    throw error
  }
}
