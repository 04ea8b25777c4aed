import { type MappedText, MappedTextBuilder } from '../../base/source-map.ts'
import { quoteIdentifier } from '../../sql/quote.ts'
import type { RelationName } from '../../sql/relation.ts'
import { castBody, type FunctionSpec } from '../sql-function.ts'

const BODY = '__tsdbt_body'

/** The macro that holds the body of a function. */
export function bodyOf(name: RelationName): RelationName {
  return { ...name, identifier: `${name.identifier}${BODY}` }
}

/** The function whose body a macro holds, or the macro itself. */
export function functionOf(macro: RelationName): RelationName {
  const { identifier } = macro
  return identifier.endsWith(BODY) ? { ...macro, identifier: identifier.slice(0, -BODY.length) } : macro
}

/**
 * A function as DuckDB has it: a macro. Typed parameters of macros refuse what would have to be cast, a literal for a
 * date even, so the parameters are untyped and cast by hand: the macro that is called casts them for a second one that
 * holds the body, in which they are put in as they come.
 */
export function createMacro(spec: FunctionSpec, relation: (name: RelationName) => string): readonly MappedText[] {
  const { name, arguments: args } = spec
  const macro = (of: string, parameters: readonly string[]) =>
    new MappedTextBuilder().raw(`create or replace macro ${of}(${parameters.join(', ')}) as `)
  if (args.length === 0) return [macro(relation(name), []).append(castBody(spec)).build()]
  const names = args.map((a) => quoteIdentifier(a.name))
  const inner = relation(bodyOf(name))
  const defaults = args.map((a, i) => (a.defaultValue === null ? names[i]! : `${names[i]} := ${a.defaultValue}`))
  const outer = macro(relation(name), defaults).raw(`${inner}(`)
  for (const [i, { type }] of args.entries())
    outer
      .raw(`${i === 0 ? '' : ', '}cast(${names[i]} as `)
      .append(type)
      .raw(')')
  return [macro(inner, names).append(castBody(spec)).build(), outer.raw(')').build()]
}
