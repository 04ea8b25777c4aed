import type { Frame, Span } from './span.ts'

/** A place in a data file, which is never held in memory as a whole. Line and column are 1-based. */
export interface DataPlace {
  readonly path: string
  readonly line: number
  readonly column?: number | undefined
  /** The physical line, when it is known. */
  readonly excerpt?: string | undefined
}

/** A second place that helps to understand the first. */
export interface Label {
  readonly span: Span
  readonly text: string
}

/** A few rows that show what is wrong. Cells are already text; null stands for SQL NULL. */
export interface SampleRows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}

export type Severity = 'error' | 'warning'

/** One mistake, as plain data: what, where, why and what to do next. Rendering belongs to the CLI. */
export interface Diagnostic {
  /** `layer/kebab-name`, listed in `docs/errors.md`. */
  readonly code: string
  readonly severity: Severity
  readonly message: string
  /** The smallest thing that is wrong. */
  readonly span?: Span | undefined
  /** Instead of `span` when the mistake is in a data file. */
  readonly data?: DataPlace | undefined
  readonly labels?: readonly Label[] | undefined
  /** What to do next: a near name, a command, a setting. One sentence each. */
  readonly hints?: readonly string[] | undefined
  readonly notes?: readonly string[] | undefined
  /** Macro calls that led here, innermost first. */
  readonly frames?: readonly Frame[] | undefined
  /** The unique id of the node, when it belongs to one. */
  readonly node?: string | undefined
  readonly rows?: SampleRows | undefined
  /** The engine's own words, when they add something. */
  readonly cause?: string | undefined
  /** A file to read on, for example the compiled SQL. */
  readonly see?: string | undefined
}

/** Everything of a diagnostic that the place of raising knows, as opposed to its kind. */
export type Place = Partial<Omit<Diagnostic, 'code' | 'severity' | 'message'>>

/** What a kind of diagnostic says; hints and notes here come before those of the place. */
export interface Wording {
  readonly message: string
  readonly hints?: readonly (string | undefined)[] | undefined
  readonly notes?: readonly string[] | undefined
  /** When the severity depends on the case. */
  readonly severity?: Severity | undefined
}

export interface DiagnosticKind<A> {
  (args: A, place?: Place): Diagnostic
  readonly code: string
  readonly severity: Severity
  /** One or two sentences for `docs/errors.md`: what it means and what to do. */
  readonly about: string
}

const kinds = new Map<string, DiagnosticKind<never>>()

/**
 * Declares a kind of diagnostic. Each layer's `errors.ts` owns its kinds; `docs/errors.md` is generated from them.
 * Throws when a code is declared twice.
 */
export function defineDiagnostic<A>(
  code: string,
  severity: Severity,
  about: string,
  word: (args: A) => Wording,
): DiagnosticKind<A> {
  const build = (args: A, place: Place = {}): Diagnostic => {
    const wording = word(args)
    const hints = [...(wording.hints ?? []).filter((h) => h !== undefined), ...(place.hints ?? [])]
    const notes = [...(wording.notes ?? []), ...(place.notes ?? [])]
    return { ...place, code, severity: wording.severity ?? severity, message: wording.message, hints, notes }
  }
  const kind: DiagnosticKind<A> = Object.assign(build, { code, severity, about })
  if (kinds.has(code)) throw new Error(`diagnostic code declared twice: ${code}`)
  kinds.set(code, kind as DiagnosticKind<never>)
  return kind
}

/** Every kind declared so far, sorted by code. */
export function diagnosticKinds(): readonly DiagnosticKind<never>[] {
  return [...kinds.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** Order of a report: by file, then by place, errors without a place last. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  const pathA = a.span?.path ?? a.data?.path ?? '\uffff'
  const pathB = b.span?.path ?? b.data?.path ?? '\uffff'
  if (pathA !== pathB) return pathA < pathB ? -1 : 1
  const startA = a.span?.start ?? a.data?.line ?? 0
  const startB = b.span?.start ?? b.data?.line ?? 0
  if (startA !== startB) return startA - startB
  return a.code < b.code ? -1 : a.code > b.code ? 1 : 0
}
