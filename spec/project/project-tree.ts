import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { compareDiagnostics, type Diagnostic } from '../../src/base/diagnostic.ts'
import type { LoadOptions } from '../../src/project/load-options.ts'
import { loadProject } from '../../src/project/load-project.ts'
import type { Project } from '../../src/project/project.ts'

/** Path -> content. */
export type Tree = Readonly<Record<string, string | Uint8Array>>

/** Writes files into a new folder that goes away with the test. */
export function writeTree(tree: Tree): string {
  const root = mkdtempSync(join(tmpdir(), 'tsdbt-project-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(tree)) {
    const absolute = join(root, path)
    mkdirSync(dirname(absolute), { recursive: true })
    writeFileSync(absolute, content)
  }
  return root
}

export const target: LoadOptions['target'] = {
  profileName: 'shop',
  name: 'dev',
  type: 'duckdb',
  database: 'shop',
  schema: 'main',
  threads: 4,
  schemaNaming: 'prefix',
}

/** Loads a project of these files; `project.yml` is there already. */
export function load(tree: Tree, options: Partial<LoadOptions> = {}): Project {
  const root = options.root ?? writeTree({ 'project.yml': 'name: shop\nprofile: shop\n', ...tree })
  return loadProject({ target, vars: {}, env: {}, ...options, root })
}

/** Each mistake as `code path:line:column text`, in the order of a report; `text` is what the span covers. */
export function mistakes(project: Project): string[] {
  return [...project.diagnostics].sort(compareDiagnostics).map((d) => mistake(project, d))
}

function mistake(project: Project, d: Diagnostic): string {
  const code = d.severity === 'warning' ? `${d.code} (warning)` : d.code
  const file = d.span === undefined ? undefined : project.files.get(d.span.path)
  if (d.span === undefined || file === undefined) return `${code} ${d.span?.path ?? '?'}`
  const { line, column } = file.position(d.span.start)
  return `${code} ${d.span.path}:${line}:${column} ${file.text.slice(d.span.start, d.span.end)}`.trimEnd()
}
