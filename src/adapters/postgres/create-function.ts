import { type MappedText, MappedTextBuilder } from '../../base/source-map.ts'
import { quoteIdentifier, quoteString } from '../../sql/quote.ts'
import type { RelationName } from '../../sql/relation.ts'
import { castBody, type FunctionSpec } from '../sql-function.ts'

const VOLATILITY = { deterministic: ' immutable', stable: ' stable', 'non-deterministic': ' volatile' } as const

/** A function in SQL, after what stands in its way was moved aside. */
export function createSqlFunction(spec: FunctionSpec, relation: (name: RelationName) => string): readonly MappedText[] {
  const { name, arguments: args, returns, volatility } = spec
  const tag = freeTag(spec.body.text)
  const statement = new MappedTextBuilder().raw(`create or replace function ${relation(name)}(`)
  for (const [i, { name: argument, type, defaultValue }] of args.entries()) {
    statement.raw(`${i === 0 ? '' : ', '}${quoteIdentifier(argument)} `).append(type)
    if (defaultValue !== null) statement.raw(` default ${defaultValue}`)
  }
  statement.raw(') returns ').append(returns)
  statement.raw(` language sql${volatility === null ? '' : VOLATILITY[volatility]} as ${tag}\nselect `)
  statement.append(castBody(spec)).append(narrowed(spec)).raw(`\n${tag}`)
  return [makeWay(spec), statement.build()]
}

/**
 * Postgres forgets length and precision of an argument's type, so such arguments are cast in the body. Others are left as
 * they are: a body that is a single expression is put in where the function is called.
 */
function narrowed({ arguments: args }: FunctionSpec): MappedText {
  if (!args.some(({ type }) => type.text.includes('('))) return { text: '', segments: [] }
  const from = new MappedTextBuilder().raw('\nfrom (select ')
  for (const [i, { name, type }] of args.entries())
    from
      .raw(`${i === 0 ? '' : ', '}cast($${i + 1} as `)
      .append(type)
      .raw(`) as ${quoteIdentifier(name)}`)
  return from.raw(') as arguments').build()
}

/**
 * `create or replace` keeps names, types and defaults of arguments and the type of the result. An older function that has
 * others is dropped, or renamed when views use it: they go on with it until they are made again, and the name of a stray
 * has it dropped by a later run.
 */
function makeWay({ name, arguments: args, returns, aside }: FunctionSpec): MappedText {
  const type = (text: string) => `to_regtype(${quoteString(text)})`
  const types = args.length === 0 ? `''` : `concat_ws(' ', ${args.map((a) => `${type(a.type.text)}::oid`).join(', ')})`
  const names = `array[${args.map((a) => quoteString(a.name)).join(', ')}]::text[]`
  const defaults = args.filter((a) => a.defaultValue !== null).length
  const body = `
declare
  old record;
begin
  for old in
    select p.oid::regprocedure::text as signature
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    join pg_language l on l.oid = p.prolang
    where n.nspname = ${quoteString(name.schema)} and p.proname = ${quoteString(name.identifier)}
      and p.prokind = 'f' and l.lanname = 'sql'
      and not exists (
        select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
      )
      and not (
        p.proargtypes::text = ${types} and p.prorettype = ${type(returns.text)} and not p.proretset
        and coalesce(p.proargnames, '{}') = ${names} and p.pronargdefaults <= ${defaults}
      )
  loop
    begin
      execute 'drop function ' || old.signature;
    exception when dependent_objects_still_exist then
      execute 'alter function ' || old.signature || ' rename to ' || ${quoteString(quoteIdentifier(aside))};
    end;
  end loop;
end
`
  const tag = freeTag(body)
  return { text: `do ${tag}${body}${tag}`, segments: [] }
}

/** A dollar quote that the text does not hold. */
function freeTag(text: string): string {
  for (let n = 0; ; n++) {
    const tag = `$tsdbt${n === 0 ? '' : n}$`
    if (!text.includes(tag)) return tag
  }
}
