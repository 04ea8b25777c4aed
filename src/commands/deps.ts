import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import { Scrubber } from '../base/scrub.ts'
import { SourceFile, SourceSet } from '../base/source-file.ts'
import type { WarningPolicy } from '../base/warning-policy.ts'
import { LOCK_FILE, type LockedPackage, type LockFile, lockText, readLockFile } from '../config/packages/lock-file.ts'
import { readPackagesFile } from '../config/packages/packages-file.ts'
import { readTextFile } from '../config/text-file.ts'
import type { EvaluateScalar } from '../config/yaml-reader.ts'
import { createLoadHost } from '../project/load-host.ts'
import { type DeclaredPackages, readDeclaredPackages } from '../project/packages/declared-packages.ts'
import { localFolder } from '../project/packages/local-folder.ts'
import { readProjectIdentity } from '../project/project-identity.ts'
import { yamlEvaluator } from '../project/yaml-evaluator.ts'
import { addPackage, type PackageSource, readPackageWish } from './deps/add-package.ts'
import { collectCredentials } from './deps/credentials.ts'
import { noPackageFile } from './deps/errors.ts'
import { GitFetcher } from './deps/fetch-git.ts'
import { NpmFetcher } from './deps/fetch-npm.ts'
import { type Installed, installPackages, type PinnedPackage } from './deps/install-packages.ts'
import { isFile, nearPackageFile } from './deps/package-folder.ts'
import { type ResolvedPackage, resolvePackages } from './deps/resolve-packages.ts'
import { locateProject } from './locate-project.ts'
import type { EngineOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import { warningPolicyOf } from './warning-policy-of.ts'
import { readVariables } from './workspace.ts'

export interface DepsOptions {
  /** Write the lock file and install nothing. */
  readonly lock?: boolean | undefined
  /** Leave what the lock file has out of account. */
  readonly upgrade?: boolean | undefined
  /** `name@version`, to be added to `packages.yml`. */
  readonly addPackage?: string | undefined
  readonly source?: PackageSource | undefined
}

export interface DepsOutcome extends Outcome {
  /** By name; with `lock` none is fresh. */
  readonly packages: readonly Installed[]
  /** Files of the project that were written. */
  readonly written: readonly string[]
}

/**
 * Installs the packages that the project requires: exactly what the lock file pins, or, when it is missing or older than
 * `packages.yml`, what is found now. Raises `UserError`; then nothing was changed.
 */
export async function installDependencies(options: EngineOptions, deps: DepsOptions = {}): Promise<DepsOutcome> {
  const warnings = warningPolicyOf(options)
  const temporary = mkdtempSync(join(tmpdir(), 'tsdbt-deps-'))
  try {
    const outcome = await new Dependencies(options, temporary, warnings).run(deps)
    const diagnostics = warnings.apply(outcome.diagnostics)
    return { ...outcome, diagnostics, exitCode: diagnostics.some((d) => d.severity === 'error') ? 2 : outcome.exitCode }
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

class Dependencies {
  readonly #files = new SourceSet()
  readonly #warnings: WarningPolicy
  readonly #root: string
  readonly #name: string
  readonly #packagesPath: string
  readonly #secrets: Scrubber
  readonly #git: GitFetcher
  readonly #npm: NpmFetcher
  readonly #evaluateFor: (file: SourceFile) => EvaluateScalar
  readonly #nameOf: (folder: string) => string

  constructor(options: EngineOptions, temporary: string, warnings: WarningPolicy) {
    this.#warnings = warnings
    const env = options.env ?? {}
    const vars = readVariables(options.vars)
    this.#root = locateProject(options.projectDir ?? '.')
    this.#nameOf = (folder) => nameIn(folder, { env, vars })
    const identity = readProjectIdentity(this.#root, { env, vars })
    if (identity.diagnostics.some((d) => d.severity === 'error')) throw new UserError(identity.diagnostics)
    this.#name = identity.project.name
    this.#packagesPath = identity.project.packagesPath
    this.#secrets = options.secrets ?? Scrubber.fromEnvironment(env)
    const program = { cwd: this.#root, env, signal: options.signal }
    this.#git = new GitFetcher(temporary, program)
    this.#npm = new NpmFetcher(temporary, this.#root, program)
    const host = createLoadHost({ packageName: '', engine: '', target: undefined, vars, env, secrets: true })
    this.#evaluateFor = (file) => yamlEvaluator(file, host, this.#files)
  }

  async run(deps: DepsOptions): Promise<DepsOutcome> {
    const { declared, added } = this.#declared(deps)
    if (declared === undefined) {
      const near = nearPackageFile(this.#root)
      return this.#outcome([noPackageFile({ near })], [], [])
    }
    this.#files.add(declared.file)
    this.#refuse(declared.diagnostics)
    const before = this.#lock(deps.upgrade === true)
    const current = before !== undefined && before.hash === declared.hash && this.#localsFit(before)
    const resolved = current ? undefined : await this.#resolve(declared, before)
    const locked = resolved?.map((r) => r.locked) ?? before!.packages
    const fresh = resolved === undefined ? null : lockText(declared.hash, locked)
    // Nothing is written before everything was found and fetched.
    const installed =
      deps.lock === true ? locked.map((l) => ({ locked: l, fresh: false })) : await this.#install(locked, resolved)
    const written = [
      ...(added === undefined ? [] : [added]),
      ...(fresh === null ? [] : [new SourceFile(LOCK_FILE, fresh)]),
    ]
    for (const { path, text } of written) writeFileSync(join(this.#root, path), text)
    return this.#outcome(
      declared.diagnostics,
      installed,
      written.map((w) => w.path),
    )
  }

  /** What is required, and the file that `--add-package` changes. */
  #declared({ addPackage: wished, source }: DepsOptions): {
    readonly declared: DeclaredPackages | undefined
    readonly added: SourceFile | undefined
  } {
    const declared = readDeclaredPackages({ root: this.#root, prefix: '' }, this.#evaluateFor)
    if (wished === undefined) return { declared, added: undefined }
    const wish = readPackageWish(wished, source)
    const added = addPackage(declared?.file ?? new SourceFile('packages.yml', ''), wish)
    return { declared: { ...readPackagesFile(added, this.#evaluateFor(added)), file: added }, added }
  }

  /** Undefined when there is none that counts. */
  #lock(upgrade: boolean): LockFile | undefined {
    if (upgrade || !isFile(join(this.#root, LOCK_FILE))) return undefined
    const { file } = readTextFile(join(this.#root, LOCK_FILE), LOCK_FILE)
    this.#files.add(file)
    const { lock, diagnostics } = readLockFile(file, this.#evaluateFor(file))
    if (lock === undefined) throw new UserError(diagnostics)
    return lock
  }

  /** Local packages are not pinned, but what they require is. */
  #localsFit({ packages }: LockFile): boolean {
    return packages.every((locked) => {
      if (locked.kind !== 'local' || this.#inPackages(locked.path)) return true
      try {
        const folder = localFolder(locked.path, { base: this.#root, within: null, required: false }, undefined)
        const own = readDeclaredPackages({ root: folder, prefix: `${locked.path}/` }, () => (text) => text)
        return (own?.hash ?? '') === locked.requires && this.#nameOf(folder) === locked.name
      } catch (error) {
        // What is wrong with it is told when all is resolved again.
        if (error instanceof UserError) return false
        throw error
      }
    })
  }

  #inPackages(path: string): boolean {
    return path.startsWith(`${this.#packagesPath}/`)
  }

  #resolve(declared: DeclaredPackages, before: LockFile | undefined): Promise<readonly ResolvedPackage[]> {
    return resolvePackages(declared.specs, {
      root: this.#root,
      projectName: this.#name,
      packagesPath: this.#packagesPath,
      git: this.#git,
      npm: this.#npm,
      locked: before?.packages ?? [],
      files: this.#files,
      evaluateFor: this.#evaluateFor,
      nameOf: this.#nameOf,
      guard: (url) => collectCredentials(url, this.#secrets),
    })
  }

  async #install(
    locked: readonly LockedPackage[],
    resolved: readonly ResolvedPackage[] | undefined,
  ): Promise<readonly Installed[]> {
    const pinned = locked.filter((l): l is PinnedPackage => l.kind !== 'local')
    const installed = await installPackages({
      folder: join(this.#root, this.#packagesPath),
      shown: this.#packagesPath,
      pinned,
      filesOf: async (wanted) => resolved?.find((r) => r.locked === wanted)?.folder ?? (await this.#fetch(wanted)),
    })
    return locked.map((l) => installed.find((i) => i.locked === l) ?? { locked: l, fresh: false })
  }

  #fetch(locked: PinnedPackage): Promise<string> {
    const { span } = locked
    if (locked.kind === 'npm') return this.#npm.files(locked.npmName, locked.version, span)
    const { url, revision: commit, subdirectory } = locked
    collectCredentials(url, this.#secrets)
    return this.#gitFiles(url, commit, subdirectory, span)
  }

  async #gitFiles(url: string, revision: string, subdirectory: string | null, span: LockedPackage['span']) {
    const commit = await this.#git.commitOf(url, revision, span)
    return this.#git.files(url, { commit, subdirectory }, span)
  }

  /** Before anything is fetched, so that a warning that counts as an error has changed nothing. */
  #refuse(found: readonly Diagnostic[]): void {
    const judged = this.#warnings.apply(found)
    if (judged.some((d) => d.severity === 'error')) throw new UserError(judged)
  }

  #outcome(
    diagnostics: readonly Diagnostic[],
    packages: readonly Installed[],
    written: readonly string[],
  ): DepsOutcome {
    return { exitCode: 0, diagnostics, files: this.#files, packages, written }
  }
}

/** The name in the project file of a package. Raises `UserError` when the file is wrong. */
function nameIn(folder: string, outside: Parameters<typeof readProjectIdentity>[1]): string {
  const { project, diagnostics } = readProjectIdentity(folder, outside)
  const broken = diagnostics.filter((d) => d.severity === 'error')
  if (broken.length > 0) throw new UserError(broken)
  return project.name
}
