/** What the text of a flag becomes. */
export type FlagKind =
  | { readonly is: 'text'; readonly value: string }
  | { readonly is: 'list'; readonly value: string }
  /** `--x` and `--no-x`; the help shows the one that changes something. */
  | { readonly is: 'switch'; readonly usual?: boolean }
  | { readonly is: 'integer'; readonly value: string; readonly from: number }
  | { readonly is: 'choice'; readonly value: string; readonly choices: readonly string[] }
  /** `10m`, `90s`, `1h30m`; a bare number counts seconds. Becomes milliseconds. */
  | { readonly is: 'duration'; readonly value: string }

/** One option, once for the command line, the environment and the help. */
export interface Flag {
  /** Without dashes: `target-path`. */
  readonly long: string
  readonly short?: string | undefined
  readonly kind: FlagKind
  readonly about: string
  /** The variables `TSDBT_<name>`, `DBT_ENGINE_<name>` and `DBT_<name>` stand in for the option, in this order. */
  readonly env?: string | undefined
  /** Not in the help: spellings of dbt, and options that orchestrators pass and that mean nothing here. */
  readonly hidden?: boolean | undefined
}

export type FlagValue = string | number | boolean | readonly string[]

/** Values by long name; absent when neither the command line nor the environment says anything. */
export type FlagValues = ReadonlyMap<string, FlagValue>

/** The name by which commander keeps the value: `target-path` is `targetPath`. */
export function attributeName(flag: Flag): string {
  return flag.long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
