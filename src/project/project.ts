import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceSet } from '../base/source-file.ts'
import type { ConfigValue } from '../config/node-config.ts'
import type { Vars } from '../config/read-vars.ts'
import type { SelectorEntry } from '../config/selector-types.ts'
import type { MacroRegistry } from '../template/macro-registry.ts'
import type { PackagePlace } from './package-place.ts'
import type { QueryComment } from './query-comment.ts'
import type { Doc } from './read-docs.ts'
import type {
  Analysis,
  Export,
  Exposure,
  Group,
  Model,
  Node,
  Operation,
  Seed,
  Snapshot,
  Source,
  SqlFunction,
  Test,
  UnitTest,
} from './resource.ts'

/** Where property files describe a macro. */
export interface MacroProperties {
  readonly description: string
  readonly arguments: readonly { readonly name: string; readonly type: string | null; readonly description: string }[]
  readonly meta: { readonly [key: string]: ConfigValue }
  readonly patchPath: string
}

/** A package beside the project. Its resources stand among those of the project. */
export interface InstalledPackage extends PackagePlace {
  readonly name: string
  readonly version: string | null
  /** As its nodes see them. */
  readonly vars: Vars
  readonly declaredVars: Vars
}

/** A project as it stands in its files, checked, before any database is asked. */
export interface Project {
  readonly name: string
  readonly version: string | null
  /** Absolute path of the folder with `project.yml`. */
  readonly root: string
  /** `project.yml` or `dbt_project.yml`. */
  readonly file: string
  readonly models: readonly Model[]
  readonly seeds: readonly Seed[]
  readonly sources: readonly Source[]
  readonly snapshots: readonly Snapshot[]
  readonly tests: readonly Test[]
  readonly unitTests: readonly UnitTest[]
  readonly exposures: readonly Exposure[]
  readonly exports: readonly Export[]
  readonly analyses: readonly Analysis[]
  readonly functions: readonly SqlFunction[]
  readonly operations: readonly Operation[]
  readonly groups: readonly Group[]
  /** Nodes with `enabled: false`: unique id -> resource, for `disabled` in the manifest and for refs to them. */
  readonly disabled: readonly Node[]
  readonly docs: readonly Doc[]
  /** Of `selectors.yml`. */
  readonly selectors: readonly SelectorEntry[]
  readonly macros: MacroRegistry
  readonly macroProperties: ReadonlyMap<string, MacroProperties>
  /** As the project's own nodes see them. */
  readonly vars: Vars
  /** Those of the project's files alone, without the command line's: what unit tests see. */
  readonly declaredVars: Vars
  /** Installed packages that the project requires, in the order of their names. */
  readonly packages: readonly InstalledPackage[]
  /** A reference without a package means the asker's package before the root project. */
  readonly ownPackageFirst: boolean
  /** `publish: run`: the whole run is one publication unit. */
  readonly publishRun: boolean
  /** `flags: {state_modified_compare_vars: true}`: another value of a variable modifies the nodes that read it. */
  readonly compareVariables: boolean
  /** Relative to the project. */
  readonly targetPath: string
  readonly cleanTargets: readonly string[]
  readonly queryComment: QueryComment | null
  readonly files: SourceSet
  /** All mistakes found so far, errors and warnings, unsorted. */
  readonly diagnostics: readonly Diagnostic[]
}

/** The variables as the nodes of a package see them. */
export function varsOf(project: Project, packageName: string): Vars {
  return project.packages.find((p) => p.name === packageName)?.vars ?? project.vars
}

/** The same without those of the command line: what unit tests see. */
export function declaredVarsOf(project: Project, packageName: string): Vars {
  return project.packages.find((p) => p.name === packageName)?.declaredVars ?? project.declaredVars
}

/** What stands before paths of a package where they are shown: empty for the project itself. */
export function prefixOf(project: Project, packageName: string): string {
  return project.packages.find((p) => p.name === packageName)?.prefix ?? ''
}
