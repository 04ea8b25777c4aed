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
  /** dbt's name of the variable, when dbt has one: then its prefixes count as well. See `variablesOf`. */
  readonly env?: string | undefined
  /** Another spelling of that option, whose variables count for both. */
  readonly aliasOf?: string | undefined
  /** Not in the help: spellings of dbt, and options that orchestrators pass and that mean nothing here. */
  readonly hidden?: boolean | undefined
}

export type FlagValue = string | number | boolean | readonly string[]

/** Values by long name; absent when neither the command line nor the environment says anything. */
export type FlagValues = ReadonlyMap<string, FlagValue>

/**
 * The environment variables that stand in for an option, the strongest first: `TSDBT_<name>`, and where dbt has a variable
 * its own names. None for other spellings of an option.
 */
export function variablesOf(flag: Flag): readonly string[] {
  if (flag.aliasOf !== undefined) return []
  const own = `TSDBT_${flag.long.replaceAll('-', '_').toUpperCase()}`
  const { env } = flag
  return env === undefined ? [own] : [...new Set([own, `TSDBT_${env}`, `DBT_ENGINE_${env}`, `DBT_${env}`])]
}

/** The name by which commander keeps the value: `target-path` is `targetPath`. */
export function attributeName(flag: Flag): string {
  return flag.long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
