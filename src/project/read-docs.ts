import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceSet } from '../base/source-file.ts'
import type { DocBlock, FindDoc } from '../config/doc-block.ts'
import { readTextFile } from '../config/text-file.ts'
import { duplicateDoc, unreadable } from './errors.ts'
import { type NameSearch, PackageNames } from './package-names.ts'
import { type ScannedDoc, scanDocs } from './scan-docs.ts'
import { type FoundFile, reasonOf } from './walk-files.ts'

/** A doc block with its place. */
export interface Doc extends DocBlock {
  readonly name: string
  readonly packageName: string
  /** Relative to the resource folder. */
  readonly path: string
  /** Relative to the package. */
  readonly originalFilePath: string
}

type Report = (diagnostic: Diagnostic) => void

/** The doc blocks of all packages. */
export class Docs {
  readonly #names: PackageNames<Doc>

  constructor(search: NameSearch) {
    this.#names = new PackageNames(search)
  }

  get all(): readonly Doc[] {
    return [...this.#names.values()]
  }

  /** Reads the Markdown files of a package. */
  read(packageName: string, found: readonly FoundFile[], files: SourceSet, report: Report): void {
    const first = new Map<string, ScannedDoc>()
    for (const file of found) {
      for (const doc of scanFile(file, files, report)) {
        const { name, nameSpan, text } = doc
        const earlier = first.get(name)
        if (earlier !== undefined) {
          const labels = [{ span: earlier.nameSpan, text: 'first here' }]
          report(duplicateDoc({ name }, { span: nameSpan, labels }))
          continue
        }
        first.set(name, doc)
        const { localPath: path, ownPath: originalFilePath } = file
        const uniqueId = `doc.${packageName}.${name}`
        this.#names.add(packageName, name, { uniqueId, text, name, packageName, path, originalFilePath })
      }
    }
  }

  /** How descriptions of a package find their blocks. */
  finder(packageName: string): FindDoc {
    return (name, wanted) => this.#names.find(name, packageName, wanted)[0] ?? { known: this.#names.names() }
  }
}

function scanFile(found: FoundFile, files: SourceSet, report: Report): readonly ScannedDoc[] {
  try {
    const { file, diagnostic } = readTextFile(found.absolutePath, found.path)
    files.add(file)
    if (diagnostic === undefined) return scanDocs(file, report)
    report(diagnostic)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    report(unreadable({ path: found.path, reason: reasonOf(error) }, { span: { path: found.path, start: 0, end: 0 } }))
  }
  return []
}
