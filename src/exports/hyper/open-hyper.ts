import { execFile } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, sep } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../../base/errors.ts'
import { hyperDamaged, hyperFileOpen, hyperFolder } from './errors.ts'
import { type HyperFolders, HyperServer } from './hyper-server.ts'
import type { HyperConnection, HyperdFound, HyperFile, HyperService } from './hyper-service.ts'
import { openHyperFile } from './hyper-wire.ts'
import { type HyperdPlaces, locateHyperd } from './locate-hyperd.ts'

export interface HyperOptions extends HyperdPlaces {
  /**
   * Absolute folders that exports of this run lie in, asked for when the server starts, so that one server does for all. A
   * file elsewhere gets a server of its own.
   */
  readonly folders?: () => readonly string[]
  readonly startLimitMs?: number
}

const START_LIMIT_MS = 60_000

/** The Hyper of a run. Nothing starts before it is needed. */
export function openHyper(options: HyperOptions): HyperService {
  return new LazyHyper(options)
}

class LazyHyper implements HyperService {
  readonly #options: HyperOptions
  readonly #servers: Promise<HyperServer>[] = []
  #found: Promise<HyperdFound> | undefined
  /** One looks for a server at a time, so that two exports do not start two. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: HyperOptions) {
    this.#options = options
  }

  locate(): Promise<HyperdFound> {
    this.#found ??= locateHyperd(this.#options)
    return this.#found
  }

  async connect(file: HyperFile): Promise<HyperConnection> {
    const wanted = { databases: [realFolder(dirname(file.path))], files: (file.reads ?? []).map(realFolder) }
    const turn = this.#turn.then(() => this.#serverFor(wanted, file.signal))
    this.#turn = turn.catch(() => undefined)
    return openHyperFile(await turn, file)
  }

  async validate({ path, shown: file = path }: Pick<HyperFile, 'path' | 'shown'>): Promise<void> {
    const { path: program } = await this.locate()
    try {
      await promisify(execFile)(program, ['validate', '--database', path, '--log-config='], {
        cwd: tmpdir(),
        env: {},
        windowsHide: true,
      })
    } catch (error) {
      const { stderr = '', message } = error as { stderr?: string; message: string }
      const said = (stderr.trim() || message).replace(/^The file .*? could not be validated: /, '')
      if (/locked by another process/i.test(said)) throw new UserError(hyperFileOpen({ file }))
      throw new UserError(hyperDamaged({ file, said }))
    }
  }

  async close(): Promise<void> {
    await this.#turn
    const servers = await Promise.allSettled(this.#servers.splice(0))
    await Promise.all(servers.map((s) => (s.status === 'fulfilled' ? s.value.stop() : undefined)))
  }

  /** A server that lives and may touch these folders; the first of a run is told of all that are known. */
  async #serverFor(wanted: HyperFolders, signal: AbortSignal | undefined): Promise<HyperServer> {
    for (const started of this.#servers) {
      const server = await started.catch(() => undefined)
      if (server !== undefined && server.ending === null && covers(server.folders, wanted)) return server
    }
    const known = (this.#options.folders?.() ?? []).filter((folder) => existsSync(folder)).map(realFolder)
    const folders = {
      databases: [...new Set([...wanted.databases, ...known])],
      files: [...new Set([...wanted.files, ...known])],
    }
    const start = HyperServer.start({
      program: await this.locate(),
      folders,
      env: this.#options.env,
      startLimitMs: this.#options.startLimitMs ?? START_LIMIT_MS,
      signal,
    })
    this.#servers.push(start)
    return start
  }
}

function covers(has: HyperFolders, wanted: HyperFolders): boolean {
  const inside = (folders: readonly string[]) => (folder: string) =>
    folders.some((outer) => folder === outer || folder.startsWith(outer.endsWith(sep) ? outer : outer + sep))
  return wanted.databases.every(inside(has.databases)) && wanted.files.every(inside(has.files))
}

/** As the server sees it: without links. */
function realFolder(folder: string): string {
  const real = realpathSync(folder)
  if (real.includes(';')) throw new UserError(hyperFolder({ folder: real }))
  return real
}
