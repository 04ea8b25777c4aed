/** Where a `hyperd` was found, and how. */
export interface HyperdFound {
  /** Absolute path of the program. */
  readonly path: string
  /** For people: `TSDBT_HYPERD`, `the npm package hyperdb-api-node-linux-x64-gnu` … */
  readonly origin: string
  /** As it tells: `main.0.0.26359.r07abb490`. */
  readonly version: string
}

/** Versions of the file format; 2 is read by every Tableau since 2021, 3 brings decimals of 38 digits. */
export type HyperVersion = 0 | 1 | 2 | 3 | 4

/** Statements on one `.hyper` file. Every failure is a `UserError`. */
export interface HyperConnection {
  execute(sql: string): Promise<void>
  /** Rows as Hyper writes them; null is SQL's. */
  query(sql: string): Promise<readonly (readonly (string | null)[])[]>
  /** Feeds `copy … from stdin`; resolves to the number of rows. */
  copyFrom(sql: string, rows: NodeJS.ReadableStream): Promise<number>
  /** Lets go of the file: afterwards it is complete and may be copied, moved or opened by others. */
  close(): Promise<void>
}

export interface HyperFile {
  /** Absolute. */
  readonly path: string
  /** Makes the file, which must not exist, in this version of the format; absent: it is opened. */
  readonly create?: HyperVersion
  /** What messages call it; `path` when absent. */
  readonly shown?: string
  /** Absolute folders that statements read other files from. */
  readonly reads?: readonly string[]
  /** Aborted: what runs fails with `CancelledError`. */
  readonly signal?: AbortSignal
}

/** The one `hyperd` of a run: starts on first use, ends with the run. */
export interface HyperService {
  /** Raises `UserError` with the ways to get one when there is none. */
  locate(): Promise<HyperdFound>
  /** The server may touch the file's folder and `reads`, and nothing else. */
  connect(file: HyperFile): Promise<HyperConnection>
  /** Lets Hyper check the whole of a file that nobody has open; raises `UserError` when it is damaged. */
  validate(file: Pick<HyperFile, 'path' | 'shown'>): Promise<void>
  close(): Promise<void>
}
