import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { UserError } from '../../../base/errors.ts'
import { embeddedFolder, embeddedOtherVersion } from './errors.ts'
import { canEnter, type ServerUser } from './server-user.ts'

/** Where the files of a project's server are. */
export interface ServerHome {
  readonly folder: string
  readonly data: string
  readonly log: string
}

/**
 * The folder of a project's server, made when it is missing: `.tsdbt/postgres` in the project. Root's server runs as another
 * account; where that cannot enter the project (below root's home), the files lie in `/var/tmp` instead, and a note in the project
 * says so.
 */
export function serverHome(project: string, user: ServerUser | undefined): ServerHome {
  const inside = join(project, '.tsdbt/postgres')
  try {
    mkdirSync(inside, { recursive: true })
    const ignore = join(inside, '.gitignore')
    if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
    const folder = canEnter(dirname(inside), user) ? inside : outside(inside)
    return { folder, data: join(folder, 'data'), log: join(folder, 'server.log') }
  } catch (error) {
    if (error instanceof UserError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError(embeddedFolder({ folder: inside, reason }))
  }
}

function outside(inside: string): string {
  const parent = existsSync('/var/tmp') ? '/var/tmp' : tmpdir()
  const digest = createHash('sha256').update(realpathSync(inside)).digest('hex').slice(0, 12)
  const folder = join(parent, `tsdbt-postgres-${digest}`)
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  if (statSync(folder).uid !== process.getuid?.()) {
    throw new UserError(embeddedFolder({ folder, reason: 'it belongs to somebody else' }))
  }
  writeFileSync(join(inside, 'README'), `The data of this project's development server is in ${folder}.\n`)
  return folder
}

/** Raises when the data folder was made by a version that the installed one cannot read. */
export function checkVersion(data: string, installed: string): void {
  let made: string
  try {
    made = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError(embeddedFolder({ folder: data, reason }))
  }
  if (made !== installed) throw new UserError(embeddedOtherVersion({ folder: data, made, installed }))
}
