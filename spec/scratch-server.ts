import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findBinaries } from '../src/adapters/postgres/embedded/binaries.ts'
import { makeCluster, SERVER_USER, startCluster, stopCluster } from '../src/adapters/postgres/embedded/cluster.ts'
import { serverUser } from '../src/adapters/postgres/embedded/server-user.ts'

/** A Postgres without a past, for tests and measurements. */
export interface ScratchServer {
  readonly host: string
  readonly port: number
  readonly user: string
  /** The major version. */
  readonly version: number
  /** Ends the server and removes its folder. */
  stop(): Promise<void>
}

/** Starts a server in a new folder below the temporary one; `settings` are those of `postgresql.conf`. */
export async function startScratchServer(
  folder: string,
  settings: { readonly [name: string]: string },
): Promise<ScratchServer> {
  mkdirSync(folder, { mode: 0o755 })
  const programs = await findPrograms(folder)
  const files = { data: join(folder, 'data'), log: join(folder, 'log') }
  await makeCluster(programs, files.data)
  const { host, port } = await startCluster(programs, files, settings)
  return {
    host,
    port,
    user: SERVER_USER,
    version: Number(programs.binaries.major),
    stop: () => stopScratchServer(folder),
  }
}

/** Also for the folder of a run that was killed: its server is ended if it still runs. */
export async function stopScratchServer(folder: string): Promise<void> {
  await stopCluster(await findPrograms(folder), join(folder, 'data'))
  rmSync(folder, { recursive: true, force: true })
}

/** `TSDBT_SPEC_POSTGRES` names a folder where another version of the package is installed; all supported ones must do. */
async function findPrograms(folder: string) {
  const user = serverUser(folder)
  const other = process.env['TSDBT_SPEC_POSTGRES']
  const importer = other === undefined ? import.meta.url : join(resolve(other), 'package.json')
  return { user, binaries: await findBinaries([importer], folder, user) }
}
