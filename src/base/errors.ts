import type { Diagnostic } from './diagnostic.ts'

/** The user can mend it: it carries finished diagnostics. Leads to exit code 2 before a run. */
export class UserError extends Error {
  readonly diagnostics: readonly Diagnostic[]
  /** What the engine said, when that is the reason. */
  readonly fault: DatabaseFault | undefined

  constructor(diagnostics: Diagnostic | readonly Diagnostic[], fault?: DatabaseFault) {
    const list = Array.isArray(diagnostics) ? (diagnostics as readonly Diagnostic[]) : [diagnostics as Diagnostic]
    super(list.map((d) => `${d.code}: ${d.message}`).join('\n'))
    this.name = 'UserError'
    this.diagnostics = list
    this.fault = fault
  }
}

/** What an engine said about one statement, in the words and units of tsdbt. */
export interface DatabaseFault {
  /** `column-missing`, `table-missing`, `syntax`, `type`, `division-by-zero`, `constraint`, `disk-full`, `locked`, `interrupted`, `connection`, `other` … */
  readonly kind: string
  /** The engine's message, without position and prefix. */
  readonly message: string
  /** UTF-16 offset of the mistake in the statement, when the engine tells. */
  readonly offset?: number | undefined
  /** Length of the offending text in UTF-16 units, when it is known. */
  readonly length?: number | undefined
  /** The name that was not found, when that is the mistake. */
  readonly name?: string | undefined
  /** Names that the engine or the catalog offers instead, best first. */
  readonly candidates?: readonly string[] | undefined
  /** What to do about it on this engine; takes the place of the general advice. */
  readonly hint?: string | undefined
  /** What else the engine tells: the dependants, the key that stands twice. One sentence each. */
  readonly notes?: readonly string[] | undefined
  readonly sql?: string | undefined
}

/** A statement failed in the engine. */
export class DatabaseError extends Error {
  readonly fault: DatabaseFault

  constructor(fault: DatabaseFault) {
    super(fault.message)
    this.name = 'DatabaseError'
    this.fault = fault
  }
}

/** The user or a signal stopped the run. */
export class CancelledError extends Error {
  constructor(message = 'cancelled') {
    super(message)
    this.name = 'CancelledError'
  }
}

/** Our own bug: the only error that is shown with a stack. */
export class InternalError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InternalError'
  }
}
