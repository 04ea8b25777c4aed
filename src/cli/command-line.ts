import { SourceFile } from '../base/source-file.ts'
import type { Span } from '../base/span.ts'

/** The command line as a text, so that diagnostics can point into it. */
export class CommandLine {
  readonly file: SourceFile
  readonly argv: readonly string[]
  readonly #spans: readonly Span[]

  constructor(argv: readonly string[]) {
    const path = '<command line>'
    const spans: Span[] = []
    let text = 'tsdbt'
    for (const argument of argv) {
      text += ' '
      const start = text.length
      text += quoted(argument)
      spans.push({ path, start, end: text.length })
    }
    this.argv = argv
    this.file = new SourceFile(path, text)
    this.#spans = spans
  }

  /** The place of the last argument that is `text`, or that begins with it and goes on with `=`. */
  spanOf(text: string): Span | undefined {
    return this.#spans[this.argv.findLastIndex((argument) => argument === text || argument.startsWith(`${text}=`))]
  }

  /** The place of an option's value: the argument behind one of its spellings, or the one that holds both. */
  spanOfValue(spellings: readonly string[], value: string): Span | undefined {
    const { argv } = this
    const apart = argv.findLastIndex((argument, i) => spellings.includes(argument) && argv[i + 1] === value)
    if (apart !== -1) return this.#spans[apart + 1]
    const together = spellings.flatMap((spelling) => [`${spelling}=${value}`, `${spelling}${value}`])
    return this.#spans[argv.findLastIndex((argument) => together.includes(argument))]
  }

  /** The place where a missing argument would stand. */
  get end(): Span {
    return { path: this.file.path, start: this.file.text.length, end: this.file.text.length }
  }
}

/** As a shell would need it. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`
}
