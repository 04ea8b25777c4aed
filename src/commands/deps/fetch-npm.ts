import { copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import type { Span } from '../../base/span.ts'
import { hideCredentials } from './credentials.ts'
import { npmFailed, npmPackageUnknown } from './errors.ts'
import { type ProgramResult, type ProgramSettings, runProgram } from './run-program.ts'

const unreachable: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETUNREACH',
])

/** npm packages of one run of `deps`. No script of a package is ever run. */
export class NpmFetcher {
  readonly #folder: string
  readonly #root: string
  readonly #program: Omit<ProgramSettings, 'purpose' | 'cwd'>
  readonly #versions = new Map<string, Promise<readonly string[]>>()
  readonly #fetched = new Map<string, Promise<string>>()
  #count = 0

  /** `folder`: a folder of our own; `root`: the project, whose `.npmrc` and `node_modules` count. */
  constructor(folder: string, root: string, program: Omit<ProgramSettings, 'purpose' | 'cwd'>) {
    this.#folder = folder
    this.#root = root
    this.#program = program
  }

  /** The version in the project's own `node_modules`, which needs no registry. */
  installedVersion(name: string): string | undefined {
    return this.#installed(name)?.version
  }

  /** All versions of the registry. Raises `UserError` when it has no such package or cannot be reached. */
  versions(name: string, span: Span | undefined): Promise<readonly string[]> {
    const known = this.#versions.get(name)
    if (known !== undefined) return known
    const asked = this.#ask(name, span)
    this.#versions.set(name, asked)
    return asked
  }

  /** A folder with the files of a version. */
  files(name: string, version: string, span: Span | undefined): Promise<string> {
    const key = `${name}@${version}`
    const known = this.#fetched.get(key)
    if (known !== undefined) return known
    const fetched = this.#fetch(name, version, span)
    this.#fetched.set(key, fetched)
    return fetched
  }

  async #fetch(name: string, version: string, span: Span | undefined): Promise<string> {
    const own = this.#installed(name)
    if (own?.version === version) return own.folder
    const home = this.#home()
    const argv = ['install', `${name}@${version}`, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save']
    const result = await this.#npm([...argv, '--package-lock=false', '--omit=dev', '--omit=peer', '--json'], home)
    const folder = join(home, 'node_modules', name)
    if (result.code === 0 && existsSync(folder)) return folder
    throw failed(name, result, span)
  }

  async #ask(name: string, span: Span | undefined): Promise<readonly string[]> {
    const result = await this.#npm(['view', name, 'versions', '--json'], this.#home())
    if (result.code !== 0) throw failed(name, result, span)
    const answer: unknown = JSON.parse(result.stdout)
    return (Array.isArray(answer) ? answer : [answer]).map(String)
  }

  #installed(name: string): { readonly version: string; readonly folder: string } | undefined {
    const folder = join(this.#root, 'node_modules', name)
    try {
      const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: unknown }
      return typeof version === 'string' ? { version, folder: realpathSync(folder) } : undefined
    } catch {
      return undefined
    }
  }

  /** A project of npm of its own, so that nothing is written to that of the user. */
  #home(): string {
    const home = join(this.#folder, `npm-${this.#count++}`)
    mkdirSync(home)
    writeFileSync(join(home, 'package.json'), '{"private": true}\n')
    const settings = join(this.#root, '.npmrc')
    if (existsSync(settings)) copyFileSync(settings, join(home, '.npmrc'))
    return home
  }

  #npm(argv: readonly string[], cwd: string): Promise<ProgramResult> {
    return runProgram('npm', [...argv, '--prefix', cwd, '--loglevel=error'], {
      ...this.#program,
      cwd,
      purpose: '`npm:` packages',
    })
  }
}

function failed(name: string, { stdout, stderr }: ProgramResult, span: Span | undefined): UserError {
  const { code, summary } = errorOf(stdout)
  if (code === 'E404') return new UserError(npmPackageUnknown({ name }, { span }))
  const said =
    summary ||
    stderr
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.replace(/^npm (?:error|ERR!) ?/, '')
  const reason = hideCredentials((said ?? 'it said nothing').split('\n')[0]!.trim())
  return new UserError(npmFailed({ name, reason, offline: unreachable.has(code) }, { span }))
}

/** npm's own account of a failure, which `--json` puts on stdout. */
function errorOf(stdout: string): { readonly code: string; readonly summary: string } {
  try {
    const { error } = JSON.parse(stdout) as { error?: { code?: string; summary?: string } }
    return { code: error?.code ?? '', summary: error?.summary ?? '' }
  } catch {
    return { code: '', summary: '' }
  }
}
