/** A comment that goes along with statements, so that the engine's own logs tell what they are for. */
export interface StatementComment {
  /** Without the marks of a comment, and without any inside. */
  readonly text: string
  /** Behind the statement instead of before it. */
  readonly append: boolean
}

/** Where a connection's comment comes from: that of the node at work, else the one for all. */
export class CommentSlot {
  readonly #usual: StatementComment | null
  #now: StatementComment | null

  constructor(usual: StatementComment | null) {
    this.#usual = usual
    this.#now = usual
  }

  /** Null: the comment for statements of no node. */
  set(comment: StatementComment | null): void {
    this.#now = comment ?? this.#usual
  }

  /** What stands before the statement: an engine's positions count it. */
  get lead(): string {
    return this.#now === null || this.#now.append ? '' : `/* ${this.#now.text} */\n`
  }

  /** The statement as the engine gets it. */
  around(sql: string): string {
    return this.#now?.append === true ? `${sql}\n/* ${this.#now.text} */` : this.lead + sql
  }
}
