import { realpathSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { UserError } from '../../base/errors.ts'
import type { SourceFile, SourceSet } from '../../base/source-file.ts'
import type { LockedGit, LockedNpm, LockedPackage } from '../../config/packages/lock-file.ts'
import type { GitSpec, LocalSpec, NpmSpec, PackageSpec } from '../../config/packages/packages-file.ts'
import type { EvaluateScalar } from '../../config/yaml-reader.ts'
import { readDeclaredPackages } from '../../project/packages/declared-packages.ts'
import { notAPackage, packageNameTaken } from '../../project/packages/errors.ts'
import { fromProject, localFolder } from '../../project/packages/local-folder.ts'
import { hideCredentials } from './credentials.ts'
import { badRange, circularPackages, noVersion, versionConflict } from './errors.ts'
import type { GitFetcher } from './fetch-git.ts'
import type { NpmFetcher } from './fetch-npm.ts'
import { hashOfFiles, packageFiles, refuseJinja } from './package-files.ts'
import { hasProjectFile, projectsBelow } from './package-folder.ts'
import { compareVersions, satisfies } from './version-range.ts'

/** A package that was found and lies in a folder, with its entry for the lock file. */
export interface ResolvedPackage {
  readonly locked: LockedPackage
  /** Where its files are: a temporary folder, or for local ones their own. */
  readonly folder: string
}

export interface Resolving {
  /** Absolute folder of the project. */
  readonly root: string
  readonly projectName: string
  readonly packagesPath: string
  readonly git: GitFetcher
  readonly npm: NpmFetcher
  /** What the lock file has, which is kept where it fits; none with `--upgrade`. */
  readonly locked: readonly LockedPackage[]
  readonly files: SourceSet
  readonly evaluateFor: (file: SourceFile) => EvaluateScalar
  /** The name in the project file of a folder. */
  readonly nameOf: (folder: string) => string
  /** Makes credentials in an address known before it is used. */
  readonly guard: (url: string) => void
}

/** A requirement, and who has it. */
interface Wanted {
  readonly spec: PackageSpec
  /** `this project`, or the name of a package. */
  readonly by: string
  /** Folder that local paths start at. */
  readonly base: string
  /** An installed package: it cannot leave its folder, and lies elsewhere in the end. */
  readonly within: { readonly fetched: string; readonly installed: string } | null
  /** Packages on the way here: key and name. */
  readonly trail: readonly { readonly key: string; readonly name: string }[]
}

interface Chosen {
  readonly resolved: ResolvedPackage
  readonly what: string
  readonly asked: string[]
}

/** Finds all packages that are required, transitively: each once. Raises `UserError` for what cannot be. */
export async function resolvePackages(
  specs: readonly PackageSpec[],
  resolving: Resolving,
): Promise<readonly ResolvedPackage[]> {
  const ranges = new Map<string, NpmWish[]>()
  // A range that turns up late may rule out a version that was chosen before: then all begins again with it known.
  for (;;) {
    const chosen = await new Resolution(resolving, ranges).run(specs)
    if (chosen !== undefined)
      return [...chosen.values()].map((c) => c.resolved).sort((a, b) => (a.locked.name < b.locked.name ? -1 : 1))
  }
}

interface NpmWish {
  readonly range: string
  readonly by: string
}

class Resolution {
  readonly #resolving: Resolving
  readonly #ranges: Map<string, NpmWish[]>
  readonly #chosen = new Map<string, Chosen>()
  readonly #keyOfName = new Map<string, string>()

  constructor(resolving: Resolving, ranges: Map<string, NpmWish[]>) {
    this.#resolving = resolving
    this.#ranges = ranges
  }

  /** Undefined when a version that was chosen must be chosen anew. */
  async run(specs: readonly PackageSpec[]): Promise<ReadonlyMap<string, Chosen> | undefined> {
    const { root } = this.#resolving
    const queue: Wanted[] = specs.map((spec) => ({ spec, by: 'this project', base: root, within: null, trail: [] }))
    for (let wanted = queue.shift(); wanted !== undefined; wanted = queue.shift()) {
      const next = await this.#take(wanted)
      if (next === undefined) return undefined
      queue.push(...next)
    }
    return this.#chosen
  }

  /** What the package requires itself, when it is new; undefined to begin again. */
  async #take(wanted: Wanted): Promise<readonly Wanted[] | undefined> {
    const { spec } = wanted
    if (spec.kind === 'local') return this.#takeLocal(wanted, spec)
    return spec.kind === 'git' ? this.#takeGit(wanted, spec) : this.#takeNpm(wanted, spec)
  }

  #takeLocal(wanted: Wanted, spec: LocalSpec): readonly Wanted[] {
    const { root } = this.#resolving
    const { base, within } = wanted
    const bound = within?.fetched ?? (spec.outsideProject ? null : root)
    const folder = localFolder(spec.path, { base, within: bound, required: within !== null }, spec.span)
    const key = `local ${realpathSync(folder)}`
    const what = `\`${spec.path}\``
    if (this.#known(key, wanted) !== undefined) return []
    // A folder of an installed package lies with it in the end.
    const lies = within === null ? folder : folder.replace(within.fetched, within.installed)
    const path = isAbsolute(spec.path) && within === null ? spec.path : fromProject(root, lies)
    return this.#add({ key, what, folder, wanted, prefix: `${path}/` }, (name, requires) => {
      return { kind: 'local', name, path, requires, span: spec.span }
    })
  }

  async #takeGit(wanted: Wanted, spec: GitSpec): Promise<readonly Wanted[]> {
    const { git, guard } = this.#resolving
    const { url, rawUrl, revision, subdirectory, span } = spec
    guard(url)
    const key = `git ${plainUrl(url)} ${subdirectory ?? ''}`
    const what = `\`${hideCredentials(url)}\``
    const earlier = this.#resolving.locked.find(
      (l): l is LockedGit =>
        l.kind === 'git' && l.rawUrl === rawUrl && l.subdirectory === subdirectory && l.requested === revision,
    )
    const commit = earlier?.revision ?? (await git.commitOf(url, revision, span))
    const asks = `${wanted.by} asks for \`${revision ?? 'the default branch'}\``
    const known = this.#known(key, wanted, asks)
    if (known?.locked.kind === 'git') {
      if (known.locked.revision === commit) return []
      throw new UserError(versionConflict({ what, asked: this.#chosen.get(key)!.asked }, { span }))
    }
    const folder = await git.files(url, { commit, subdirectory }, span)
    return this.#add({ key, what, folder, wanted, asks, prefix: `${what} ` }, (name, _requires, sha256) => {
      return { kind: 'git', name, url, rawUrl, revision: commit, requested: revision, subdirectory, sha256, span }
    })
  }

  async #takeNpm(wanted: Wanted, spec: NpmSpec): Promise<readonly Wanted[] | undefined> {
    const { name: npmName, version: range, span } = spec
    const key = `npm ${npmName}`
    const what = `\`${npmName}\``
    if (satisfies('0.0.0', range) === undefined) throw new UserError(badRange({ range }, { span }))
    const wishes = this.#ranges.get(npmName) ?? []
    this.#ranges.set(npmName, wishes)
    if (!wishes.some((w) => w.range === range && w.by === wanted.by)) wishes.push({ range, by: wanted.by })
    const known = this.#known(key, wanted, `${wanted.by} asks for \`${range}\``)
    if (known?.locked.kind === 'npm') return satisfies(known.locked.version, range) === true ? [] : undefined
    const version = await this.#chooseVersion(npmName, wishes, spec)
    const folder = await this.#resolving.npm.files(npmName, version, span)
    return this.#add({ key, what, folder, wanted, prefix: `${what} ` }, (name, _requires, sha256) => {
      return { kind: 'npm', name, npmName, version, sha256, span }
    })
  }

  /** The locked version where it fits, else the one in `node_modules`, else the newest. */
  async #chooseVersion(name: string, wishes: readonly NpmWish[], { span, version: range }: NpmSpec): Promise<string> {
    const fits = (version: string): boolean => wishes.every((w) => satisfies(version, w.range) === true)
    const { npm, locked } = this.#resolving
    const earlier = locked.find((l): l is LockedNpm => l.kind === 'npm' && l.npmName === name)
    if (earlier !== undefined && fits(earlier.version)) return earlier.version
    const own = npm.installedVersion(name)
    if (own !== undefined && fits(own)) return own
    const known = [...(await npm.versions(name, span))].sort(compareVersions)
    const newest = known.findLast(fits)
    if (newest !== undefined) return newest
    if (wishes.length < 2 || !known.some((v) => satisfies(v, range) === true))
      throw new UserError(noVersion({ name, range, known }, { span }))
    const asked = wishes.map((w) => `${w.by} asks for \`${w.range}\``)
    throw new UserError(versionConflict({ what: `\`${name}\``, asked }, { span }))
  }

  /** The package when it was met before. Raises `UserError` when it is on the way to itself. */
  #known(key: string, wanted: Wanted, asks?: string): ResolvedPackage | undefined {
    const circle = wanted.trail.findIndex((t) => t.key === key)
    if (circle >= 0) {
      const names = wanted.trail.slice(circle).map((t) => t.name)
      throw new UserError(circularPackages({ trail: [...names, names[0]!] }, { span: wanted.spec.span }))
    }
    const known = this.#chosen.get(key)
    if (known !== undefined && asks !== undefined) known.asked.push(asks)
    return known?.resolved
  }

  /** Looks at the files of a new package. */
  #add(
    found: {
      readonly key: string
      readonly what: string
      readonly folder: string
      readonly wanted: Wanted
      readonly prefix: string
      readonly asks?: string
    },
    lock: (name: string, requires: string, sha256: string) => LockedPackage,
  ): readonly Wanted[] {
    const { key, what, folder, wanted } = found
    const { root, projectName, packagesPath, nameOf, evaluateFor, files } = this.#resolving
    const { span, kind } = wanted.spec
    if (!hasProjectFile(folder)) throw new UserError(notAPackage({ what, projects: projectsBelow(folder) }, { span }))
    const list = packageFiles(folder, what, span)
    refuseJinja(folder, list, what, span)
    const name = nameOf(folder)
    const holder = name === projectName ? 'this project' : this.#chosen.get(this.#keyOfName.get(name) ?? '')?.what
    if (holder !== undefined) throw new UserError(packageNameTaken({ name, first: holder, second: what }, { span }))
    const declared = readDeclaredPackages({ root: folder, prefix: found.prefix }, evaluateFor)
    if (declared !== undefined) {
      files.add(declared.file)
      if (declared.diagnostics.some((d) => d.severity === 'error')) throw new UserError(declared.diagnostics)
    }
    const locked = lock(name, declared?.hash ?? '', kind === 'local' ? '' : hashOfFiles(folder, list))
    this.#chosen.set(key, { resolved: { locked, folder }, what, asked: found.asks === undefined ? [] : [found.asks] })
    this.#keyOfName.set(name, key)
    const within = kind === 'local' ? wanted.within : { fetched: folder, installed: `${root}/${packagesPath}/${name}` }
    const trail = [...wanted.trail, { key, name }]
    return (declared?.specs ?? []).map((spec) => ({ spec, by: `\`${name}\``, base: folder, within, trail }))
  }
}

/** One repository may be written in two ways. */
function plainUrl(url: string): string {
  return hideCredentials(url)
    .replace('*****@', '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
}
