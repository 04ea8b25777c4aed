/** What becomes of a record when it is loaded. */
export type Fate = 'accepted' | 'quarantined' | 'duplicate'

/** One record as text, without its line end; it may hold line breaks inside quotes. */
export interface Line {
  readonly text: string
  /** `frame` is no record: a header. */
  readonly fate: Fate | 'frame'
}

/** One file of the data set. Lines are made while they are written, so that a file of any size needs little memory. */
export interface DataFile {
  /** Below `data/`, with `/`; `.gz` compresses. */
  readonly path: string
  readonly encoding: 'utf-8' | 'utf-8-bom' | 'utf-16le-bom' | 'latin-1'
  readonly lineEnd: '\n' | '\r\n' | '\r'
  /** False: the last line has no line end. */
  readonly endsWithLineEnd: boolean
  lines(): Iterable<Line>
}

export function* header(text: string): Iterable<Line> {
  yield { text, fate: 'frame' }
}
