import type { Frame, Span } from '../base/span.ts'
import type { Dict, Value } from './value.ts'

/** Where a call stands, for diagnostics that the host raises. */
export interface CallSite {
  readonly span: Span
  readonly frames: readonly Frame[]
}

export interface RefCall {
  readonly package?: string | undefined
  readonly name: string
  /** `v=2`, as text; undefined when the call names no version. */
  readonly version?: string | undefined
  /** `all_rows=true`: no window of time narrows it. */
  readonly allRows?: boolean | undefined
  /** The span of the name argument. */
  readonly span: Span
}

/** `{{function "f"}}`. */
export type FunctionCall = Omit<RefCall, 'version'>

export interface SourceCall {
  readonly source: string
  readonly table: string
  /** The span of the table argument. */
  readonly span: Span
  /** `{{quarantine …}}` instead of `{{source …}}`. */
  readonly quarantine: boolean
  /** `all_rows=true`: no window of time narrows it. */
  readonly allRows?: boolean | undefined
}

/** One row of a `query` as the language sees it: column name -> value. */
export type QueryRow = Dict

/**
 * What evaluation asks of the world outside. Implemented in `compile/` and `project/`. Methods throw `UserError` with
 * finished diagnostics; evaluation adds the call site where the diagnostic has no span.
 */
export interface TemplateHost {
  /** Engine whose macro overrides apply: `duckdb` or `postgres`. */
  readonly engine: string
  /** The package whose macros and refs are looked up first. */
  readonly packageName: string
  ref(call: RefCall, site: CallSite): Value
  source(call: SourceCall, site: CallSite): Value
  /** The name of a function of the project, as SQL. */
  function(call: FunctionCall, site: CallSite): Value
  /** The node's own relation; undefined where there is none (YAML, hooks of the project). */
  readonly this: Value | undefined
  isIncremental(): boolean
  /** Value of a project variable by its dotted name; undefined when there is none. */
  variable(name: string): Value | undefined
  /** Names of all variables, for suggestions. */
  variableNames(): readonly string[]
  /** Raises for a secret outside profiles. `undefined` when the variable is not set. */
  environment(name: string, site: CallSite): string | undefined
  readonly target: Dict
  /**
   * Rows of a query while compiling for execution. Returns undefined while parsing (the language then sees an empty
   * list). May throw `QueryNeeded`: the caller awaits the rows and evaluates the template again.
   */
  query(sql: string, site: CallSite): readonly QueryRow[] | undefined
  /** Column names of a relation in order; same rules as `query`. */
  columnsOf(relation: Value, site: CallSite): readonly string[] | undefined
  /** `{{warn}}` and `{{log}}`. */
  say(level: 'warning' | 'info', text: string, site: CallSite): void
  /** SQL text of a value, quoted for the engine (`literal`, `literals`). */
  literal(value: Value): string
  /** A quoted name (`identifier`). */
  identifier(name: string): string
  /** Further bare names, such as `model` and `column_name` in a generic test or `results` in on-run-end. */
  readonly globals?: Dict | undefined
}

/** Thrown by a host whose answer must be fetched first; evaluation is then repeated with the answer at hand. */
export class QueryNeeded extends Error {
  readonly request:
    | { readonly kind: 'query'; readonly sql: string }
    | { readonly kind: 'columns'; readonly relation: Value }

  constructor(request: QueryNeeded['request']) {
    super('query needed')
    this.request = request
  }
}
