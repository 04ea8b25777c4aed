/** A stretch of a template file: UTF-16 offsets, `end` exclusive. */
export interface Range {
  readonly start: number
  readonly end: number
}

export interface Literal extends Range {
  readonly type: 'literal'
  readonly value: null | boolean | number | string
}

/** `x`, `x.a.b`, `package.macro`, also `(f)`: a variable, else a macro or built-in without arguments. */
export interface Name extends Range {
  readonly type: 'name'
  readonly name: string
  /** Where `name` ends and `parts` begin. */
  readonly nameEnd: number
  readonly parts: readonly string[]
}

/** `{{.}}` and `{{./part}}`: the item of the innermost `each`. */
export interface Item extends Range {
  readonly type: 'item'
  readonly parts: readonly string[]
}

/** `{{this}}` and `{{this.schema}}`: the node's relation. */
export interface This extends Range {
  readonly type: 'this'
  readonly parts: readonly string[]
}

/** `@index`, `@first`, `@last`, `@key`; `depth` counts `../`. */
export interface LoopData extends Range {
  readonly type: 'data'
  readonly name: string
  readonly depth: number
}

export interface Argument {
  readonly key: string
  readonly keyStart: number
  readonly keyEnd: number
  readonly value: Expression
}

/** A macro or built-in with arguments. `name` may hold a package or engine part (`tsdbt.cast`). */
export interface Call extends Range {
  readonly type: 'call'
  readonly name: string
  readonly nameStart: number
  readonly nameEnd: number
  readonly args: readonly Expression[]
  readonly named: readonly Argument[]
}

export type Expression = Literal | Name | Item | This | LoopData | Call

/** Text that is given as it stands, after whitespace is settled: the same as in the file from `start` to `end`. */
export interface Content extends Range {
  readonly type: 'content'
  readonly text: string
}

export interface Output extends Range {
  readonly type: 'output'
  readonly expression: Expression
}

export interface Branch {
  readonly test: Expression
  /** `unless`. */
  readonly negated: boolean
  readonly body: Program
}

export interface If extends Range {
  readonly type: 'if'
  readonly branches: readonly Branch[]
  readonly otherwise: Program | undefined
}

export interface Each extends Range {
  readonly type: 'each'
  readonly list: Expression
  readonly separator: Expression | undefined
  /** Item, then index or key. */
  readonly parameters: readonly string[]
  readonly body: Program
  readonly otherwise: Program | undefined
}

export interface Capture extends Range {
  readonly type: 'capture'
  readonly name: string
  readonly body: Program
}

export interface Assign extends Range {
  readonly type: 'set'
  readonly entries: readonly Argument[]
}

export interface Push extends Range {
  readonly type: 'push'
  readonly list: Name
  readonly value: Expression
}

export interface Return extends Range {
  readonly type: 'return'
  readonly value: Expression
}

export interface Config extends Range {
  readonly type: 'config'
  readonly entries: readonly Argument[]
}

export type Statement = Content | Output | If | Each | Capture | Assign | Push | Return | Config

export interface Program {
  readonly body: readonly Statement[]
}
