import { type MappedText, MappedTextBuilder } from '../base/source-map.ts'
import type { RelationName } from '../sql/relation.ts'

/** A scalar function of the warehouse. Its body is an expression, or a query that gives one value. */
export interface FunctionSpec {
  readonly name: RelationName
  readonly arguments: readonly {
    readonly name: string
    readonly type: MappedText
    /** SQL of the default, or null. */
    readonly defaultValue: string | null
  }[]
  readonly returns: MappedText
  /** Null: nothing is said. */
  readonly volatility: 'deterministic' | 'stable' | 'non-deterministic' | null
  readonly body: MappedText
  /** What an older one is called that is still in use and cannot be replaced, because it takes or gives other types. */
  readonly aside: string
}

/** The body as an expression of the declared type: what it gives is the same on every engine. */
export function castBody({ body, returns }: FunctionSpec): MappedText {
  return new MappedTextBuilder().raw('cast((\n').append(body).raw('\n) as ').append(returns).raw(')').build()
}
