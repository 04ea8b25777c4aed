import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import { SourceSet } from '../base/source-file.ts'
import { type ProjectFile, readProjectFile } from '../config/project-file.ts'
import { readSelectors } from '../config/read-selectors.ts'
import type { Vars } from '../config/read-vars.ts'
import { readTextFile } from '../config/text-file.ts'
import type { TemplateHost } from '../template/host.ts'
import { loadMacroLibrary } from '../template/library.ts'
import { createMacroRegistry, type MacroRegistry } from '../template/macro-registry.ts'
import { readSqlFile, type SqlFile, unreadNames } from './build-models.ts'
import { buildResources, type PackageInput } from './build-resources.ts'
import { checkDispatch } from './check-dispatch.ts'
import { findFiles, type ProjectFiles } from './find-files.ts'
import { createLoadHost } from './load-host.ts'
import type { LoadOptions } from './load-options.ts'
import type { PackagePlace } from './package-place.ts'
import { packageNameTaken, packageRenamed } from './packages/errors.ts'
import { type FoundPackage, findPackages } from './packages/find-packages.ts'
import type { InstalledPackage, Project } from './project.ts'
import { findProjectFile } from './project-identity.ts'
import { readQueryComment } from './query-comment.ts'
import { Docs } from './read-docs.ts'
import { readProperties } from './read-properties.ts'
import { Templates } from './templates.ts'
import { yamlEvaluator } from './yaml-evaluator.ts'

type Report = (diagnostic: Diagnostic) => void

/**
 * Reads a whole project with its packages: files to checked resources. Mistakes are collected in `diagnostics`; only a
 * missing project file is thrown, as `UserError`. Reads files, asks no database, and is the same for the same input.
 */
export function loadProject(options: LoadOptions): Project {
  const files = new SourceSet()
  const diagnostics: Diagnostic[] = []
  const report = (d: Diagnostic): void => {
    diagnostics.push(d)
  }
  const reading = { files, report }
  const root = openPackage({ root: options.root, prefix: '' }, null, options, reading)
  const others = findPackages(options.root, root.project.packagesPath, files).map((found) =>
    openInstalled(found, root, options, reading),
  )
  const all = [root, ...others]
  const macros = registryOf(all, files, report)
  const { project } = root
  const ownPackageFirst = project.flags['require_ref_searches_node_package_before_root'] === true
  const docs = new Docs({ root: project.name, ownFirst: true })
  for (const p of all) docs.read(p.project.name, p.found.docs, files, report)
  const packages = all.map((p) => readPackage(p, { macros, docs }, files, report))
  const now = options.now ?? new Date()
  const resources = buildResources({ packages, ownPackageFirst, target: options.target, files, report, now })
  for (const { templates } of packages) templates.reportMacros()
  const scope = { host: root.host, macros, files }
  const queryComment = readQueryComment(project, packages[0]!.templates, scope, report)
  return {
    name: project.name,
    version: project.version,
    root: options.root,
    file: root.projectPath,
    ...resources,
    selectors: readSelectorsFile(root, macros, files, report),
    docs: docs.all,
    macros,
    vars: root.vars,
    declaredVars: root.declaredVars,
    packages: others.map(installedPackage),
    ownPackageFirst,
    publishRun: project.publishRun,
    compareVariables: project.flags['state_modified_compare_vars'] === true,
    targetPath: options.targetPath ?? project.targetPath,
    cleanTargets: project.cleanTargets,
    queryComment,
    files,
    diagnostics,
  }
}

/** `selectors.yml` of the root project; packages have none. */
function readSelectorsFile(
  { place, host }: OpenPackage,
  macros: MacroRegistry,
  files: SourceSet,
  report: Report,
): Project['selectors'] {
  const path = join(place.root, 'selectors.yml')
  if (!existsSync(path)) return []
  const { file, diagnostic } = readTextFile(path, 'selectors.yml')
  files.add(file)
  if (diagnostic !== undefined) {
    report(diagnostic)
    return []
  }
  const { selectors, diagnostics } = readSelectors(file, yamlEvaluator(file, host, files, macros))
  for (const d of diagnostics) report(d)
  return selectors
}

/** A package whose files were found and whose macros were read. */
interface OpenPackage {
  readonly place: PackagePlace
  /** Relative to the package. */
  readonly projectPath: string
  readonly project: ProjectFile
  readonly overrides: ProjectFile | null
  readonly vars: Vars
  readonly declaredVars: Vars
  readonly host: TemplateHost
  readonly found: ProjectFiles
  readonly macroFiles: readonly SqlFile[]
  readonly testFiles: readonly SqlFile[]
}

/** `overrides` is the root project's file; null when this is the root project. */
function openPackage(
  place: PackagePlace,
  overrides: ProjectFile | null,
  options: LoadOptions,
  { files, report }: { readonly files: SourceSet; readonly report: Report },
): OpenPackage {
  const { target, env } = options
  const projectPath = findProjectFile(place.root)
  const project = readProject({ place, projectPath, overrides }, options, files, report)
  const packageName = project.name
  const declaredVars = { ...project.vars, ...fromRoot(overrides, packageName) }
  const vars = { ...declaredVars, ...options.vars }
  const host = createLoadHost({ packageName, engine: target.type, target, vars, env, secrets: false })
  const found = findFiles(place, project, report)
  const reading = { packageName, files, report }
  const macroFiles = found.macros.map((f) => readSqlFile(reading, f))
  const testFiles = found.tests.map((f) => readSqlFile(reading, f))
  return { place, projectPath, project, overrides, vars, declaredVars, host, found, macroFiles, testFiles }
}

/** Raises `UserError` when the package is not the one that the lock file means. */
function openInstalled(
  found: FoundPackage,
  root: OpenPackage,
  options: LoadOptions,
  reading: { readonly files: SourceSet; readonly report: Report },
): OpenPackage {
  const { name, span } = found
  const opened = openPackage(found, root.project, options, reading)
  if (opened.project.name !== name)
    throw new UserError(packageRenamed({ expected: name, found: opened.project.name }, { span }))
  if (name !== root.project.name) return opened
  throw new UserError(packageNameTaken({ name, first: 'this project', second: 'a package' }, { span }))
}

/** What the root project says for a package, which is stronger than what the package says itself. */
function fromRoot(overrides: ProjectFile | null, packageName: string): Vars {
  if (overrides === null) return {}
  const scoped = overrides.commonVars[packageName]
  const isMapping = typeof scoped === 'object' && scoped !== null && !Array.isArray(scoped)
  return { ...overrides.commonVars, ...(isMapping ? (scoped as Vars) : {}) }
}

function registryOf(all: readonly OpenPackage[], files: SourceSet, report: Report): MacroRegistry {
  const { project } = all[0]!
  const sqlFiles = all.flatMap((p) => [...p.macroFiles, ...p.testFiles])
  checkDispatch(
    project,
    all.map((p) => p.project.name),
    report,
  )
  const { registry, diagnostics } = createMacroRegistry(
    sqlFiles.flatMap((f) => f.template?.definitions ?? []),
    {
      projectName: project.name,
      library: loadMacroLibrary(files),
      dispatch: new Map(project.dispatch.map(({ namespace, order }) => [namespace, order])),
      unread: unreadNames(sqlFiles),
    },
  )
  for (const d of diagnostics) report(d)
  return registry
}

/** Reads the rest of a package's files. */
function readPackage(
  open: OpenPackage,
  { macros, docs }: { readonly macros: MacroRegistry; readonly docs: Docs },
  files: SourceSet,
  report: Report,
): PackageInput {
  const { place, projectPath, project, overrides, host, found, macroFiles, testFiles } = open
  const packageName = project.name
  const templates = new Templates({
    packageName,
    host,
    macros,
    definitions: [...macroFiles, ...testFiles].flatMap((f) => f.template?.definitions ?? []),
    projectFile: files.get(place.prefix + projectPath)!,
    files,
    report,
  })
  const reading = { packageName, files, report }
  return {
    packageName,
    projectPath,
    project,
    overrides,
    templates,
    properties: readProperties({
      found: found.properties,
      files,
      host,
      macros,
      findDoc: docs.finder(packageName),
      report,
    }),
    models: found.models.map((f) => readSqlFile(reading, f)),
    seeds: found.seeds,
    snapshots: found.snapshots.map((f) => readSqlFile(reading, f)),
    tests: testFiles.filter((f) => f.template?.definitionsOnly !== true),
    analyses: found.analyses.map((f) => readSqlFile(reading, f)),
    functions: found.functions.map((f) => readSqlFile(reading, f)),
    fixtures: found.fixtures,
  }
}

function installedPackage({ place, project, vars, declaredVars }: OpenPackage): InstalledPackage {
  return { ...place, name: project.name, version: project.version, vars, declaredVars }
}

/** Read once for its variables, and again where the rest of it may make use of them. */
function readProject(
  { place, projectPath, overrides }: Pick<OpenPackage, 'place' | 'projectPath' | 'overrides'>,
  options: LoadOptions,
  files: SourceSet,
  report: Report,
): ProjectFile {
  const { target, vars, env } = options
  const { file, diagnostic } = readTextFile(join(place.root, projectPath), place.prefix + projectPath)
  files.add(file)
  const read = (declared: Vars): ProjectFile => {
    const known = { ...declared, ...vars }
    const host = createLoadHost({ packageName: '', engine: target.type, target, vars: known, env, secrets: false })
    return readProjectFile(file, yamlEvaluator(file, host, files))
  }
  const first = read({})
  const declared = { ...first.vars, ...fromRoot(overrides, first.name) }
  const project = file.text.includes('{{') && Object.keys(declared).length > 0 ? read(declared) : first
  if (diagnostic !== undefined) report(diagnostic)
  else for (const d of project.diagnostics) report(d)
  return project
}
