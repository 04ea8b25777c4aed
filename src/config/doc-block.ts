/** A block of Markdown that descriptions can name. */
export interface DocBlock {
  /** `doc.<package>.<name>`. */
  readonly uniqueId: string
  readonly text: string
}

/** Finds a block by name, or tells which names there are. `packageName` is undefined when the call names none. */
export type FindDoc = (name: string, packageName: string | undefined) => DocBlock | { readonly known: Iterable<string> }
