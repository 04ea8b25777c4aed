import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import type { Span } from '../../base/span.ts'
import { sha256 } from '../../config/text-file.ts'
import { RECORD_FILE } from '../../project/packages/installed-record.ts'
import { isBelow } from '../../project/packages/local-folder.ts'
import { fileOutsidePackage, jinjaPackage } from './errors.ts'

/** Folders that are no part of a package wherever they stand. */
const left: ReadonlySet<string> = new Set(['.git', 'node_modules', 'target', 'logs', 'dbt_packages'])

/** The files of a package, sorted, relative with `/`. Links within it count as what they lead to. */
export function packageFiles(folder: string, what: string, span: Span | undefined): readonly string[] {
  const home = realpathSync(folder)
  const found: string[] = []
  const visit = (path: string, above: readonly string[]): void => {
    const absolute = join(folder, path)
    const entries = readdirSync(absolute, { withFileTypes: true })
    // Packages that were installed for it while it was worked on.
    if (path !== '' && entries.some((e) => e.name === RECORD_FILE)) return
    for (const entry of entries) {
      if (left.has(entry.name)) continue
      const below = path === '' ? entry.name : `${path}/${entry.name}`
      const real = realpathSync(join(absolute, entry.name))
      if (!isBelow(real, home)) throw new UserError(fileOutsidePackage({ what, path: below }, { span }))
      const stats = statSync(real)
      if (stats.isFile()) found.push(below)
      else if (stats.isDirectory() && !above.includes(real)) visit(below, [...above, real])
    }
  }
  visit('', [home])
  return found.sort()
}

/** SHA-256 over the names and contents of files. */
export function hashOfFiles(folder: string, files: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of files) hash.update(`${path}\0${sha256(readFileSync(join(folder, path)))}\n`)
  return hash.digest('hex')
}

/** Copies files as plain files. */
export function copyFiles(folder: string, files: readonly string[], to: string): void {
  for (const path of files) {
    const target = join(to, path)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(folder, path), target, { dereference: true })
  }
}

const jinja = /\{%-?\s*(?:macro|test|materialization|snapshot|set|if|for|do|call|endmacro)\b/

/** Raises `UserError` for a package that was written for dbt: each of its files would be a mistake. */
export function refuseJinja(folder: string, files: readonly string[], what: string, span: Span | undefined): void {
  const file = files.find((f) => f.endsWith('.sql') && jinja.test(readFileSync(join(folder, f), 'utf8')))
  if (file !== undefined) throw new UserError(jinjaPackage({ what, file }, { span }))
}
