import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { CancelledError, UserError } from '../../base/errors.ts'
import { hyperdStart } from './errors.ts'
import type { HyperdFound } from './hyper-service.ts'
import { LastWords } from './last-words.ts'
import { makePrivateFolder } from './private-folder.ts'

type Environment = { readonly [name: string]: string | undefined }

/** The folders that a server may touch, all absolute and without links. */
export interface HyperFolders {
  /** Of `.hyper` files. */
  readonly databases: readonly string[]
  /** Of files that it reads rows from. */
  readonly files: readonly string[]
}

export interface HyperServerOptions {
  readonly program: HyperdFound
  readonly folders: HyperFolders
  readonly env: Environment
  /** Milliseconds that it may take to come up. */
  readonly startLimitMs: number
  readonly signal?: AbortSignal | undefined
}

/** The only user of a server without passwords. */
export const HYPER_USER = 'tableau_internal_user'
export const HYPER_PORT = 5432
const STOP_LIMIT_MS = 10_000
const LAST_WORDS_MS = 1000
const MOST_MEMORY = 4 * 2 ** 30

/**
 * A `hyperd` that only this process talks to: over a socket in a folder that nobody else can enter (a pipe on Windows). It
 * calls back on a second socket and ends when that is closed, so it never outlives this process, however that ends.
 */
export class HyperServer {
  readonly folders: HyperFolders
  /** Of the sockets. */
  readonly folder: string
  /** On Windows; null: a socket in `folder`. */
  readonly pipe: string | null
  readonly #child: ChildProcess
  readonly #words: LastWords
  readonly #lifeline: Socket
  readonly #exit: Promise<void>
  readonly #onExit: () => void

  private constructor(parts: Started, options: HyperServerOptions) {
    this.folders = options.folders
    this.folder = parts.folder
    this.pipe = parts.pipe
    this.#child = parts.child
    this.#words = parts.words
    this.#lifeline = parts.lifeline
    this.#exit = parts.exit
    this.#onExit = parts.onExit
  }

  /** Raises `UserError` when it does not come up. */
  static async start(options: HyperServerOptions): Promise<HyperServer> {
    return new HyperServer(await startServer(options), options)
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** How it ended, for people; null while it runs. */
  get ending(): string | null {
    const { exitCode, signalCode } = this.#child
    if (signalCode !== null) return `by ${signalCode}`
    return exitCode === null ? null : `with code ${exitCode}`
  }

  get lastWords(): string {
    return this.#words.text
  }

  /** Resolves when it has ended, or after the given time. */
  async ended(withinMs: number): Promise<void> {
    await within(this.#exit, withinMs)
  }

  async stop(): Promise<void> {
    this.#lifeline.end()
    await this.ended(STOP_LIMIT_MS)
    if (this.ending === null) {
      this.#child.kill('SIGKILL')
      await this.ended(STOP_LIMIT_MS)
    }
    this.#lifeline.destroy()
    process.removeListener('exit', this.#onExit)
    this.#onExit()
  }
}

interface Started {
  readonly folder: string
  readonly pipe: string | null
  readonly child: ChildProcess
  readonly words: LastWords
  readonly lifeline: Socket
  readonly exit: Promise<void>
  readonly onExit: () => void
}

async function startServer({ program, folders, env, startLimitMs, signal }: HyperServerOptions): Promise<Started> {
  const folder = makePrivateFolder()
  const onExit = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', onExit)
  const pipe = platform() === 'win32' ? `tsdbt-${process.pid}-${folder.slice(-6)}` : null
  const address = pipe === null ? `tab.domain://${folder}/domain/.s.PGSQL.${HYPER_PORT}` : `tab.pipe://./pipe/${pipe}`
  const callback = createServer()
  const words = new LastWords()
  let child: ChildProcess | undefined
  let exit: Promise<void> = Promise.resolve()
  try {
    const back = await listen(callback, folder)
    const called = firstCall(callback, address)
    // A group of its own: Ctrl-C is for us, who let it end in order.
    child = spawn(program.path, serverArguments({ back, address, folder, folders }), {
      cwd: folder,
      // Nothing of ours: there may be secrets in it. Programs of Windows do not start without this one.
      env: env['SystemRoot'] === undefined ? {} : { SystemRoot: env['SystemRoot'] },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: platform() !== 'win32',
      windowsHide: true,
    })
    exit = endOf(child)
    words.listen(child)
    const lifeline = await ready({ called, exit, child, words, program, startLimitMs, signal })
    for (const handle of [child, lifeline, child.stdout, child.stderr]) (handle as { unref?(): void }).unref?.()
    return { folder, pipe, child, words, lifeline, exit, onExit }
  } catch (error) {
    child?.kill('SIGKILL')
    if (child?.pid !== undefined) await within(exit, STOP_LIMIT_MS)
    process.removeListener('exit', onExit)
    onExit()
    throw error
  } finally {
    callback.close()
  }
}

/** Where it calls back. A port of this machine is open to its other users, so on Windows the caller must know our address. */
async function listen(server: Server, folder: string): Promise<string> {
  const socket = join(folder, 'back')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    if (platform() === 'win32') server.listen(0, '127.0.0.1', resolve)
    else server.listen(socket, resolve)
  })
  const place = server.address()
  return typeof place === 'object' && place !== null
    ? `tab.tcp://127.0.0.1:${place.port}`
    : `tab.domain://${folder}/domain/back`
}

/** The connection that says the address that was asked for. */
function firstCall(server: Server, address: string): Promise<Socket> {
  return new Promise((resolve) => {
    server.on('connection', (socket) => {
      let said = ''
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => {
        said += chunk.toString('latin1')
        if (said.includes('\0')) {
          if (said.slice(1, said.indexOf('\0')) === Buffer.from(address).toString('latin1')) resolve(socket)
          else socket.destroy()
        }
      })
    })
  })
}

function serverArguments(parts: {
  readonly back: string
  readonly address: string
  readonly folder: string
  readonly folders: HyperFolders
}): readonly string[] {
  const { back, address, folder, folders } = parts
  const constrained = process.constrainedMemory?.() ?? 0
  const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
  const settings = {
    'callback-connection': back,
    'listen-connection': address,
    'init-user': HYPER_USER,
    'log-config': '',
    'crash-dump-path': folder,
    language: 'en_US',
    'date-style': 'YMD',
    'default-database-version': '2',
    'memory-limit': `${Math.floor(Math.min(memory / 2, MOST_MEMORY) / 2 ** 20)}m`,
    'hyper-temp-directory-override': folder,
    // An empty list would allow everything.
    'external-file-whitelist': [folder, ...folders.files].join(';'),
    'database-dir-whitelist': [folder, ...folders.databases].join(';'),
  }
  const words = Object.entries(settings).map(([name, value]) => `--${name}=${value}`)
  return ['run', ...words, '--no-password', '--skip-license']
}

async function ready(parts: {
  readonly called: Promise<Socket>
  readonly exit: Promise<void>
  readonly child: ChildProcess
  readonly words: LastWords
  readonly program: HyperdFound
  readonly startLimitMs: number
  readonly signal: AbortSignal | undefined
}): Promise<Socket> {
  const { called, exit, child, words, program, startLimitMs, signal } = parts
  const failed = (how: string) => new UserError(hyperdStart({ path: program.path, how, said: words.text }))
  let timer: NodeJS.Timeout | undefined
  let stop: (() => void) | undefined
  try {
    return await Promise.race([
      called,
      exit.then(async () => {
        await within(words.whole, LAST_WORDS_MS)
        const how = child.signalCode === null ? `code ${child.exitCode}` : `signal ${child.signalCode}`
        throw failed(`ended with ${how} before it was ready`)
      }),
      new Promise<never>((_, reject) => {
        child.once('error', (error) => reject(failed(`could not be started (${error.message})`)))
        timer = setTimeout(() => reject(failed(`did not answer within ${startLimitMs / 1000} s`)), startLimitMs)
        stop = () => reject(new CancelledError())
        if (signal?.aborted === true) stop()
        signal?.addEventListener('abort', stop, { once: true })
      }),
    ])
  } finally {
    clearTimeout(timer)
    if (stop !== undefined) signal?.removeEventListener('abort', stop)
  }
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
  })
}

/** Waits for a promise no longer than that; the timer keeps the process alive meanwhile. */
async function within(promise: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([promise, patience])
  clearTimeout(timer)
}
