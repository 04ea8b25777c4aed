import { join } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import { SourceSet } from '../base/source-file.ts'
import { type ProjectFile, readProjectFile } from '../config/project-file.ts'
import { readTextFile } from '../config/text-file.ts'
import { readSqlFile, unreadNames } from './build-models.ts'
import { buildResources } from './build-resources.ts'
import { findFiles } from './find-files.ts'
import { createLoadHost } from './load-host.ts'
import type { LoadOptions } from './load-options.ts'
import type { Project } from './project.ts'
import { findProjectFile } from './project-identity.ts'
import { readProperties } from './read-properties.ts'
import { Templates } from './templates.ts'
import { yamlEvaluator } from './yaml-evaluator.ts'

/**
 * Reads a whole project: files to checked resources. Mistakes of the project are collected in `diagnostics`; only a
 * missing project file is thrown, as `UserError`. Reads files, asks no database, and is the same for the same input.
 */
export function loadProject(options: LoadOptions): Project {
  const { root, target } = options
  const files = new SourceSet()
  const diagnostics: Diagnostic[] = []
  const report = (d: Diagnostic): void => {
    diagnostics.push(d)
  }
  const projectPath = findProjectFile(root)
  const project = readProject(options, projectPath, files, report)
  const packageName = project.name
  const vars = { ...project.vars, ...options.vars }
  const host = createLoadHost({ packageName, engine: target.type, target, vars, env: options.env, secrets: false })
  const found = findFiles(root, project, report)

  const reading = { packageName, files, report }
  const macroFiles = found.macros.map((f) => readSqlFile(reading, f))
  const testFiles = found.tests.map((f) => readSqlFile(reading, f))
  const definitions = [...macroFiles, ...testFiles].flatMap((f) => f.template?.definitions ?? [])
  const templates = new Templates({
    packageName,
    host,
    definitions,
    unread: unreadNames([...macroFiles, ...testFiles]),
    projectFile: files.get(projectPath)!,
    files,
    report,
  })
  const properties = readProperties({ found: found.properties, files, host, macros: templates.macros, report })
  const models = found.models.map((f) => readSqlFile(reading, f))
  const tests = testFiles.filter((f) => f.template?.definitionsOnly !== true)
  const resources = buildResources({
    packageName,
    projectPath,
    project,
    target,
    files,
    templates,
    properties,
    models,
    seeds: found.seeds,
    tests,
    report,
  })
  templates.reportMacros()
  return {
    name: project.name,
    version: project.version,
    root,
    file: projectPath,
    ...resources,
    macros: templates.macros,
    vars,
    publishRun: project.publishRun,
    targetPath: options.targetPath ?? project.targetPath,
    cleanTargets: project.cleanTargets,
    queryComment: project.queryComment,
    files,
    diagnostics,
  }
}

function readProject(
  options: LoadOptions,
  path: string,
  files: SourceSet,
  report: (d: Diagnostic) => void,
): ProjectFile {
  const { root, target, vars, env } = options
  const { file, diagnostic } = readTextFile(join(root, path), path)
  files.add(file)
  const host = createLoadHost({ packageName: '', engine: target.type, target, vars, env, secrets: false })
  const project = readProjectFile(file, yamlEvaluator(file, host, files))
  if (diagnostic !== undefined) report(diagnostic)
  else for (const d of project.diagnostics) report(d)
  return project
}
