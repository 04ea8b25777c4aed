import { readdirSync, realpathSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source-file.ts'
import type { FormatChoice } from '../config/exports/format-options.ts'
import { emptyWorkbook, workbookFileMissing, workbookFileOutside } from '../config/exports/workbook/errors.ts'
import { readWorkbook } from '../config/exports/workbook/read-workbook.ts'
import { parseYaml } from '../config/parse-yaml.ts'
import type { PropertyFile } from '../config/property-file.ts'
import { readTextFile } from '../config/text-file.ts'
import { type EvaluateScalar, isNothing, YamlReader } from '../config/yaml-reader.ts'
import { type FoundFile, projectHomes, reasonOf } from './walk-files.ts'

export interface WorkbookReading {
  readonly add: (file: SourceFile) => SourceFile
  readonly evaluator: (file: SourceFile) => EvaluateScalar
  readonly report: (diagnostic: Diagnostic) => void
}

/** Reads the files in which exports of a property file describe workbooks. */
export function withWorkbooks(properties: PropertyFile, found: FoundFile, reading: WorkbookReading): PropertyFile {
  if (!properties.exports.some(({ choice }) => namesWorkbook(choice))) return properties
  const exports = properties.exports.map((entry) => {
    const { choice } = entry
    if (!namesWorkbook(choice)) return entry
    const workbook = readFile(choice.options.workbookFile!, found, reading)
    return { ...entry, choice: { ...choice, options: { ...choice.options, workbook } } as FormatChoice }
  })
  return { ...properties, exports }
}

type WorkbookChoice = Extract<FormatChoice, { format: 'twb' | 'twbx' }>

function namesWorkbook(choice: FormatChoice): choice is WorkbookChoice {
  return (choice.format === 'twb' || choice.format === 'twbx') && choice.options.workbookFile !== null
}

function readFile(
  { path, span }: NonNullable<WorkbookChoice['options']['workbookFile']>,
  found: FoundFile,
  { add, evaluator, report }: WorkbookReading,
): WorkbookChoice['options']['workbook'] {
  const root = found.absolutePath.slice(0, -found.ownPath.length - 1)
  const prefix = found.path.slice(0, -found.ownPath.length)
  const absolute = join(root, path)
  if (leadsOut(root, absolute)) {
    report(workbookFileOutside({ path }, { span }))
    return null
  }
  try {
    const real = realpathSync(absolute)
    if (projectHomes(root).every((home) => leadsOut(home, real))) {
      report(workbookFileOutside({ path }, { span }))
      return null
    }
    const { file, diagnostic } = readTextFile(absolute, `${prefix}${path}`)
    add(file)
    if (diagnostic !== undefined) {
      report(diagnostic)
      return null
    }
    return parse(file, evaluator(file), report)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    report(workbookFileMissing({ path, reason: reasonOf(error), known: neighbours(root, absolute) }, { span }))
    return null
  }
}

function parse(
  file: SourceFile,
  evaluate: EvaluateScalar,
  report: (diagnostic: Diagnostic) => void,
): WorkbookChoice['options']['workbook'] {
  const { root, diagnostics: syntax } = parseYaml(file)
  const diagnostics: Diagnostic[] = [...syntax]
  const nothing = root === undefined || isNothing(root)
  if (nothing && diagnostics.length === 0)
    diagnostics.push(emptyWorkbook({ where: 'the workbook' }, { span: { path: file.path, start: 0, end: 0 } }))
  const workbook = nothing ? undefined : readWorkbook(new YamlReader(file, diagnostics, evaluate), root)
  for (const diagnostic of diagnostics) report(diagnostic)
  return workbook ?? null
}

function leadsOut(root: string, path: string): boolean {
  const way = relative(root, path)
  return way === '..' || way.startsWith(`..${sep}`) || way === ''
}

/** YAML files beside one that is not there. */
function neighbours(root: string, absolute: string): readonly string[] {
  try {
    const folder = dirname(absolute)
    const below = relative(root, folder).split(sep).join('/')
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .map((name) => (below === '' ? name : `${below}/${name}`))
      .sort()
  } catch {
    return []
  }
}
