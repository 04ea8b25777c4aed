/**
 * A stretch of text in one file.
 * `path` is relative to the project with `/` between its parts (or `<tsdbt>/…`, `<inline>`, `<--vars>` for text
 * that is in no project file); `start` and `end` are UTF-16 offsets into the file's text, `end` exclusive.
 */
export interface Span {
  readonly path: string
  readonly start: number
  readonly end: number
}

/** One call of a macro on the way to a piece of text: `macro` was called at `span`. */
export interface Frame {
  readonly macro: string
  readonly span: Span
}
