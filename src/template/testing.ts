import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import { SourceFile, SourceSet } from '../base/source-file.ts'
import type { EvaluationScope } from './evaluation.ts'
import type { RefCall, SourceCall, TemplateHost } from './host.ts'
import { createMacroRegistry, type MacroLibrary } from './macro-registry.ts'
import { parseTemplate } from './parse-template.ts'
import type { MacroDefinition, Template } from './template.ts'
import { type Dict, TextObject, type Value } from './value.ts'

/** What a test's world looks like; everything has a default. */
export interface World {
  readonly macros?: string
  /** Macros of a package `pkg`. */
  readonly packageMacros?: string
  /** The built-in library. */
  readonly library?: string
  readonly engine?: string
  readonly vars?: { readonly [name: string]: Value }
  readonly env?: { readonly [name: string]: string }
  readonly rows?: readonly Dict[]
  readonly globals?: Dict
  readonly incremental?: boolean
  readonly said?: string[]
}

const relation = (text: string): TextObject =>
  new TextObject(text, { database: 'db', schema: text.split('.')[0]!, identifier: text.split('.').at(-1)! })

function hostOf(world: World): TemplateHost {
  const vars = world.vars ?? {}
  return {
    engine: world.engine ?? 'duckdb',
    packageName: 'shop',
    ref: (call: RefCall) =>
      relation(
        `s.${call.package === undefined ? '' : `${call.package}_`}${call.name}${call.version === undefined ? '' : `_v${call.version}`}`,
      ),
    source: (call: SourceCall) => relation(`${call.source}.${call.table}${call.quarantine ? '__quarantine' : ''}`),
    function: ({ name }) => relation(`s.${name}`),
    this: relation('s.me'),
    isIncremental: () => world.incremental ?? false,
    variable: (name) => (Object.hasOwn(vars, name) ? vars[name] : undefined),
    variableNames: () => Object.keys(vars),
    environment: (name) => world.env?.[name],
    target: { name: 'dev', type: world.engine ?? 'duckdb', schema: 'main', threads: 4 },
    query: () => world.rows,
    columnsOf: () => world.rows?.map((row) => String(row['name'])),
    say: (level, text) => void world.said?.push(`${level}: ${text}`),
    literal: (value) => (typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)),
    identifier: (name) => `"${name}"`,
    globals: world.globals,
  }
}

function definitionsIn(
  text: string | undefined,
  path: string,
  packageName: string,
  files: SourceSet,
): readonly MacroDefinition[] {
  if (text === undefined) return []
  const parsed = parseTemplate(files.add(new SourceFile(path, text)), { packageName })
  if (parsed.diagnostics.length > 0) throw new UserError(parsed.diagnostics)
  return parsed.template!.definitions
}

function libraryOf(definitions: readonly MacroDefinition[]): MacroLibrary {
  const of = (kind: string, name: string) => definitions.filter((d) => d.kind === kind && d.name === name)
  return {
    find: (kind, name, engine) =>
      of(kind, name).find((d) => d.engine === engine) ?? of(kind, name).find((d) => d.engine === undefined),
    enginesOf: (kind, name) => of(kind, name).flatMap((d) => d.engine ?? []),
    names: (kind) => definitions.filter((d) => d.kind === kind).map((d) => d.name),
    all: () => definitions,
  }
}

/** A scope for tests, with a host that answers from `world`. */
export function scopeOf(world: World = {}): EvaluationScope {
  const files = new SourceSet()
  const own = definitionsIn(world.macros, 'macros/m.sql', 'shop', files)
  const foreign = definitionsIn(world.packageMacros, 'packages/pkg/m.sql', 'pkg', files)
  const library = libraryOf(definitionsIn(world.library, '<tsdbt>/m.sql', 'tsdbt', files))
  const { registry } = createMacroRegistry([...own, ...foreign], { projectName: 'shop', library })
  return { host: hostOf(world), macros: registry, files }
}

/** Parses text that has no mistakes. */
export function templateOf(text: string, path = 'models/a.sql'): Template {
  const { template, diagnostics } = parseTemplate(new SourceFile(path, text), { packageName: 'shop' })
  if (template === undefined || diagnostics.length > 0) throw new UserError(diagnostics)
  return template
}

/** The diagnostics that `work` throws; a test fails when it throws none. */
export function diagnosticsOf(work: () => unknown): readonly Diagnostic[] {
  try {
    work()
  } catch (error) {
    if (error instanceof UserError) return error.diagnostics
    throw error
  }
  throw new Error('nothing was raised')
}

/** Code and marked text of a diagnostic, as tests state them: `template/unknown-name: reff`. */
export function marked(diagnostic: Diagnostic, text: string): string {
  const { span } = diagnostic
  return `${diagnostic.code}: ${span === undefined ? '' : text.slice(span.start, span.end)}`
}
