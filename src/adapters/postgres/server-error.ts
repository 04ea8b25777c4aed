/** The fields of an error message of the server, as the driver hands them over. */
export interface ServerError {
  readonly message: string
  /** SQLSTATE; of an error of the system or the driver its own code. */
  readonly code?: string | undefined
  readonly detail?: string | undefined
  readonly hint?: string | undefined
  /** 1-based, in code points of the statement. */
  readonly position?: string | undefined
  /** The statement inside a function or a `do` block that failed. */
  readonly internalQuery?: string | undefined
  readonly schema?: string | undefined
  readonly table?: string | undefined
  readonly column?: string | undefined
  readonly constraint?: string | undefined
  /** The routine of the server that raised it: tells apart what one SQLSTATE stands for, in every language. */
  readonly routine?: string | undefined
}

/** The fields of whatever the driver threw. */
export function serverError(error: unknown): ServerError {
  return error instanceof Error ? (error as Error & Partial<ServerError>) : { message: String(error) }
}

/** Whether a code is a SQLSTATE, that is, whether the server said it and not the system. */
export function isSqlState(code: string | undefined): code is string {
  return (
    code !== undefined && /^[0-9A-Z]{5}$/.test(code) && /^(?:[0-9]|F0|HV|P0|XX|[I-Z])/.test(code) && code !== 'EPIPE'
  )
}

/** Names in a message, in the quotes of whatever language the server speaks. */
export function quotedNames(text: string): readonly string[] {
  const pairs = /"([^"]+)"|»([^«]+)«|«\s?([^»]+?)\s?»|„([^“”]+)[“”]|“([^”]+)”|『([^』]+)』|「([^」]+)」/g
  return [...text.matchAll(pairs)].map((m) => m.slice(1).find((name) => name !== undefined)!)
}
