import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Scrubber } from '../base/scrub.ts'
import { SourceFile, type SourceSet } from '../base/source-file.ts'
import type { Sources } from './render/diagnostic.ts'

/** The texts that a command hands back, then the command line, then files of the project that failed to open. */
export class LayeredSources implements Sources {
  readonly #projectDir: string
  readonly #own: readonly SourceFile[]
  readonly #scrubber: Scrubber
  #files: SourceSet | undefined

  /** `projectDir`: the folder that paths of diagnostics start from. */
  constructor(projectDir: string, own: readonly SourceFile[], scrubber: Scrubber) {
    this.#projectDir = projectDir
    this.#own = own
    this.#scrubber = scrubber
  }

  /** Adds the texts of an outcome; they go first. */
  use(files: SourceSet): void {
    this.#files = files
  }

  get(path: string): SourceFile | undefined {
    return this.#files?.get(path) ?? this.#own.find((file) => file.path === path) ?? this.#read(path)
  }

  secretsIn(line: string): ReturnType<Scrubber['find']> {
    return this.#scrubber.find(line)
  }

  #read(path: string): SourceFile | undefined {
    if (path.startsWith('<')) return undefined
    try {
      return new SourceFile(path, readFileSync(resolve(this.#projectDir, path), 'utf8').replace(/^\ufeff/, ''))
    } catch {
      // The place is shown without its text, which is what an unreadable file deserves.
      return undefined
    }
  }
}
