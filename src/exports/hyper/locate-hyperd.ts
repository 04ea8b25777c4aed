import { execFile } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../../base/errors.ts'
import { hyperdMissing, hyperdPlatform, hyperdUnfit } from './errors.ts'
import type { HyperdFound } from './hyper-service.ts'

/** Where to look. The environment is data; nothing here reads that of the process. */
export interface HyperdPlaces {
  readonly env: { readonly [name: string]: string | undefined }
  /** Absolute. */
  readonly projectRoot: string
  /** Of this machine when absent. */
  readonly machine?: Machine
}

export interface Machine {
  readonly platform: string
  readonly arch: string
  readonly musl: boolean
}

interface Candidate {
  readonly path: string
  readonly origin: string
}

/** The names of npm's packages end so, and Tableau makes nothing for other machines. */
const PACKAGES: { readonly [machine: string]: string } = {
  'linux-x64': 'linux-x64-gnu',
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'win32-x64': 'win32-x64-msvc',
}
const VARIABLES = ['TSDBT_HYPERD', 'HYPERD_PATH']
/** Below a folder that is named or found: `tableauhyperapi`, `pantab`, the Hyper API for Java and C++. */
const FOLDERS = ['', 'bin/hyper', 'hyper', 'lib/hyper', 'bin']
/** The loaders of the two C libraries. */
const MUSL = '/lib/ld-musl-x86_64.so.1'
const GLIBC = '/lib64/ld-linux-x86-64.so.2'
const PATIENCE_MS = 20_000
/** Looks for the packages without importing them, which would take a while. */
const PYTHON_SCRIPT = `import importlib.util
for name in ("tableauhyperapi", "pantab"):
    spec = importlib.util.find_spec(name)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        print(folder)`

/**
 * Finds a program that says of itself to be Hyper. A variable that names one decides; otherwise the first that fits is taken.
 * Raises `UserError` with the ways to get one when there is none.
 */
export async function locateHyperd(places: HyperdPlaces): Promise<HyperdFound> {
  const { env } = places
  for (const variable of VARIABLES) {
    const named = env[variable]
    if (named !== undefined && named !== '') return checkNamed(resolve(places.projectRoot, named), variable)
  }
  const looked: string[] = []
  for (const find of [packages, pythons, onPath]) {
    const { candidates, what } = await find(places)
    looked.push(what)
    for (const { path, origin } of candidates) {
      const told = await askVersion(path)
      if ('version' in told) return { path, origin, version: told.version }
    }
  }
  throw new UserError(missing(places.machine ?? thisMachine(), [`\`${VARIABLES.join('`, `')}\``, ...looked]))
}

function missing(machine: Machine, looked: readonly string[]) {
  const name = `${machine.platform}-${machine.arch}`
  const suffix = PACKAGES[name]
  if (suffix === undefined || machine.musl)
    return hyperdPlatform({ platform: machine.musl ? `${name} with musl` : name })
  return hyperdMissing({ looked, package: `hyperdb-api-node-${suffix}` })
}

async function checkNamed(named: string, origin: string): Promise<HyperdFound> {
  const path = isFolder(named) ? inFolder(named) : existsSync(named) ? named : undefined
  if (path === undefined) {
    const said = isFolder(named) ? 'the folder has no `hyperd`' : 'there is no such file or folder'
    throw new UserError(hyperdUnfit({ origin, path: named, said }))
  }
  const told = await askVersion(path)
  if ('version' in told) return { path, origin, version: told.version }
  throw new UserError(hyperdUnfit({ origin, path, said: told.said }))
}

/** Packages of npm, as the project would import them, or else tsdbt itself. */
async function packages({ projectRoot, machine = thisMachine() }: HyperdPlaces) {
  const suffix = machine.musl ? undefined : PACKAGES[`${machine.platform}-${machine.arch}`]
  const names = suffix === undefined ? [] : [`hyperdb-api-node-${suffix}`, `hyperdb-mcp-${suffix}`]
  const candidates = names.flatMap((name) =>
    [join(projectRoot, 'package.json'), import.meta.url].flatMap((importer): readonly Candidate[] => {
      const folder = packageFolder(importer, name)
      const path = folder === undefined ? undefined : inFolder(folder)
      return path === undefined ? [] : [{ path, origin: `the npm package ${name}` }]
    }),
  )
  return { candidates, what: names.length === 0 ? 'npm (no package for this machine)' : `npm: ${names.join(', ')}` }
}

function packageFolder(importer: string, name: string): string | undefined {
  try {
    return dirname(createRequire(importer).resolve(`${name}/package.json`))
  } catch {
    return undefined
  }
}

async function pythons({ env }: HyperdPlaces) {
  const own = env['VIRTUAL_ENV']
  const scripts = platform() === 'win32' ? 'Scripts' : 'bin'
  const programs = [
    ...(own === undefined || own === '' ? [] : [program(join(own, scripts), 'python')]),
    ...['python3', 'python'].flatMap((name) => searchPath(env, name).slice(0, 1)),
  ].filter((path) => existsSync(path))
  const candidates: Candidate[] = []
  for (const python of new Set(programs)) {
    for (const folder of await pythonFolders(python, env)) {
      const path = inFolder(folder)
      const name = folder.split(/[/\\]/).at(-1)!
      if (path !== undefined) candidates.push({ path, origin: `the Python package ${name} of ${python}` })
    }
  }
  const seen = programs.length === 0 ? 'none found' : [...new Set(programs)].join(', ')
  return { candidates, what: `tableauhyperapi and pantab of Python (${seen})` }
}

async function pythonFolders(python: string, env: HyperdPlaces['env']): Promise<readonly string[]> {
  try {
    const { stdout } = await promisify(execFile)(python, ['-c', PYTHON_SCRIPT], {
      env: { ...env },
      timeout: PATIENCE_MS,
      windowsHide: true,
    })
    return stdout.split(/\r?\n/).filter((line) => line !== '')
  } catch {
    return []
  }
}

async function onPath({ env }: HyperdPlaces) {
  return { candidates: searchPath(env, 'hyperd').map((path) => ({ path, origin: 'PATH' })), what: '`PATH`' }
}

function searchPath(env: HyperdPlaces['env'], name: string): readonly string[] {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => program(folder, name)).filter((path) => existsSync(path) && !isFolder(path))
}

function inFolder(folder: string): string | undefined {
  return FOLDERS.map((below) => program(join(folder, below), 'hyperd')).find(
    (path) => existsSync(path) && !isFolder(path),
  )
}

function program(folder: string, name: string): string {
  return join(folder, platform() === 'win32' ? `${name}.exe` : name)
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** Asks without the environment: what is asked may be any program. */
async function askVersion(path: string): Promise<{ readonly version: string } | { readonly said: string }> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], {
      env: {},
      timeout: PATIENCE_MS,
      windowsHide: true,
    })
    const version = /^Hyper version (\S+)/m.exec(stdout)?.[1]
    if (version !== undefined) return { version }
    const line = stdout.trim().split('\n')[0]!
    return { said: line === '' ? 'its `--version` says nothing' : `its \`--version\` says: ${line.slice(0, 200)}` }
  } catch (error) {
    const { code, killed, stderr } = error as { code?: string | number; killed?: boolean; stderr?: string }
    if (killed === true) return { said: `its \`--version\` did not end within ${PATIENCE_MS / 1000} s` }
    if (code === 'EACCES') return { said: 'it cannot be executed' }
    const line = (stderr ?? '').trim().split('\n')[0]!
    return { said: line === '' ? `its \`--version\` failed (${code ?? 'unknown'})` : line.slice(0, 200) }
  }
}

function thisMachine(): Machine {
  const musl = platform() === 'linux' && existsSync(MUSL) && !existsSync(GLIBC)
  return { platform: platform(), arch: arch(), musl }
}
