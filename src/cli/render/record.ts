export type Level = 'debug' | 'info' | 'warn' | 'error'

/** How a line's outcome is coloured. */
export type Tone = 'good' | 'bad' | 'odd'

/** One thing that is said, in dbt's terms: the text log prints `msg`, the JSON log all of it. */
export interface LogRecord {
  /** dbt's event name; readers dispatch on it. */
  readonly name: string
  readonly code: string
  readonly level: Level
  readonly msg: string
  readonly data: Readonly<Record<string, unknown>>
  /** ISO 8601; the moment of writing when it is absent. */
  readonly at?: string | undefined
  readonly tone?: Tone | undefined
  /** Programs that follow a run need it at every level; people at `debug` only. */
  readonly always?: boolean | undefined
  /** A line of progress: people who want less than `info` read the diagnostic instead. */
  readonly progress?: boolean | undefined
}

const rank: Readonly<Record<Level | 'none', number>> = { debug: 0, info: 1, warn: 2, error: 3, none: 4 }

/** The least level that is printed; `none` prints nothing. */
export type Threshold = Level | 'none'

export function reaches(level: Level, threshold: Threshold): boolean {
  return rank[level] >= rank[threshold]
}
