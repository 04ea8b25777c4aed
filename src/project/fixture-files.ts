import type { Span } from '../base/span.ts'
import { readCsvRows } from '../config/read-fixture-rows.ts'
import { readTextFile } from '../config/text-file.ts'
import type { FixtureRows } from '../config/unit-test-entry.ts'
import { unreadable } from './errors.ts'
import type { LoadContext } from './load-context.ts'
import { stemOf } from './resource-folder.ts'
import { ambiguousFixture, fixtureKind, unknownFixture } from './unit-test-errors.ts'
import { type FoundFile, reasonOf } from './walk-files.ts'

/** The files that unit tests take rows from. Each is read when the first test names it. */
export class FixtureFiles {
  readonly #context: LoadContext
  readonly #found: readonly FoundFile[]
  readonly #read = new Map<string, FixtureRows | undefined>()

  constructor(context: LoadContext, found: readonly FoundFile[]) {
    this.#context = context
    this.#found = found
  }

  /** Rows by a file's name, with or without its suffix, or by its path. Undefined after a report. */
  rows(name: string, format: 'csv' | 'sql', span: Span): FixtureRows | undefined {
    const file = this.#find(name, format, span)
    if (file === undefined) return undefined
    if (!this.#read.has(file.path)) this.#read.set(file.path, this.#load(file))
    return this.#read.get(file.path)
  }

  #find(name: string, format: string, span: Span): FoundFile | undefined {
    const matches = this.#found.filter((f) => names(f).includes(name))
    const fitting = matches.filter((f) => f.path.endsWith(`.${format}`))
    const [first, second] = fitting
    if (first !== undefined && second === undefined) return first
    const { report } = this.#context
    if (first !== undefined) report(ambiguousFixture({ name, paths: fitting.map((f) => f.path) }, { span }))
    else if (matches[0] !== undefined) report(fixtureKind({ path: matches[0].path, format }, { span }))
    else report(unknownFixture({ name, format, known: this.#found.flatMap(names) }, { span }))
    return undefined
  }

  #load(found: FoundFile): FixtureRows | undefined {
    const { files, report } = this.#context
    const { path } = found
    try {
      const { file, diagnostic } = readTextFile(found.absolutePath, path)
      files.add(file)
      if (diagnostic !== undefined) {
        report(diagnostic)
        return undefined
      }
      if (path.endsWith('.sql')) {
        const span = { path, start: 0, end: file.text.length }
        return { kind: 'sql', sql: file.text, span, exact: true }
      }
      return readCsvRows(file.text, (start, end) => ({ path, start, end }), report)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
      report(unreadable({ path, reason: reasonOf(error) }, { span: { path, start: 0, end: 0 } }))
      return undefined
    }
  }
}

function names({ path, localPath }: FoundFile): readonly string[] {
  const file = localPath.slice(localPath.lastIndexOf('/') + 1)
  return [stemOf(localPath), file, localPath, path]
}
