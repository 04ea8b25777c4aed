/** Where a `hyperd` was found, and how. */
export interface HyperdFound {
  /** Absolute path of the program. */
  readonly path: string
  /** For people: `TSDBT_HYPERD`, `npm package hyperdb-api-node-linux-x64-gnu` … */
  readonly origin: string
  /** As it tells: `main.0.0.26359.r07abb490`. */
  readonly version: string
}

/** A statement on one `.hyper` file. */
export interface HyperConnection {
  execute(sql: string): Promise<void>
  query(sql: string): Promise<readonly (readonly (string | null)[])[]>
  /** Feeds `copy … from stdin`. */
  copyFrom(sql: string, rows: NodeJS.ReadableStream): Promise<number>
  close(): Promise<void>
}

/** The one `hyperd` of a run: starts on first use, ends with the run. */
export interface HyperService {
  /** Raises `UserError` with the ways to get one when there is none. */
  locate(): Promise<HyperdFound>
  /** Makes the file (`create`) or opens it; its folder is allowed to the server first. */
  connect(
    file: string,
    options?: { readonly create?: boolean; readonly version?: 0 | 1 | 2 | 3 | 4 },
  ): Promise<HyperConnection>
  close(): Promise<void>
}
