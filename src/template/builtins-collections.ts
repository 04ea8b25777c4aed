import {
  type Builtin,
  type BuiltinCall,
  dictArgument,
  integerOf,
  listOf,
  pure,
  raise,
  refuse,
  strictText,
} from './builtin.ts'
import { invalidValue, limitExceeded, unknownProperty } from './errors.ts'
import { type Dict, dictOf, isDict, isList, isTruthy, plainData, sameValue, TextObject, type Value } from './value.ts'

/** Longest list that `range` gives. */
const rangeLimit = 1_000_000

function range(args: readonly Value[], call: BuiltinCall): readonly number[] {
  const numbers = args.map((value, i) => integerOf(value, call, i))
  const from = numbers.length > 1 ? numbers[0]! : 0
  const to = numbers.length > 1 ? numbers[1]! : numbers[0]!
  const step = numbers[2] ?? 1
  if (step === 0) raise(invalidValue, { message: 'the step of `range` is zero' }, call.site(2))
  const length = Math.max(0, Math.ceil((to - from) / step))
  if (length > rangeLimit) {
    const message = `a range of ${length} exceeds the limit of ${rangeLimit.toLocaleString('en-US')}`
    raise(limitExceeded, { message }, call.site(numbers.length > 1 ? 1 : 0))
  }
  return Array.from({ length }, (_, i) => from + i * step)
}

/** The part of a value: an own key of a dict or relation, an index of a list (negative counts from the end). */
export function partOf(value: Value, key: Value): Value | undefined {
  if (isList(value)) {
    const index = typeof key === 'number' ? key : /^-?\d+$/.test(String(key)) ? Number(key) : undefined
    return index === undefined ? undefined : value.at(index)
  }
  const parts = value instanceof TextObject ? value.parts : isDict(value) ? value : undefined
  const name = String(key)
  return parts !== undefined && Object.hasOwn(parts, name) ? parts[name] : undefined
}

/** Names of the parts that a value has, for suggestions. */
export function partNames(value: Value): readonly string[] {
  if (value instanceof TextObject) return Object.keys(value.parts)
  return isDict(value) ? Object.keys(value) : []
}

function get(args: readonly Value[], call: BuiltinCall): Value {
  const [value, key] = args as [Value, Value]
  if (typeof key !== 'string' && typeof key !== 'number') return refuse(call, 1, 'a text or a number', key)
  const found = partOf(value, key)
  if (found !== undefined) return found
  const fallback = args[2] ?? call.named.get('default')
  if (fallback !== undefined) return fallback
  if (typeof value !== 'object' || value === null) return refuse(call, 0, 'a dict, a list or a relation', value)
  if (isList(value)) {
    const message = `there is no item ${key} in a list of ${value.length}`
    return raise(
      invalidValue,
      { message, hint: 'counting begins at 0; `(get x key default)` gives a default' },
      call.site(1),
    )
  }
  const owner = value instanceof TextObject ? value.text : 'the dict'
  return raise(unknownProperty, { name: String(key), owner, candidates: partNames(value) }, call.site(1), {
    hints: ['`(get x key default)` gives a default instead'],
  })
}

function slice(args: readonly Value[], call: BuiltinCall): Value {
  const from = integerOf(args[1]!, call, 1)
  const to = args[2] === undefined || args[2] === null ? undefined : integerOf(args[2], call, 2)
  const whole = args[0]!
  if (isList(whole)) return whole.slice(from, to)
  return Array.from(strictText(whole, call, 0))
    .slice(from, to)
    .join('')
}

function lengthOf([value]: readonly Value[], call: BuiltinCall): number {
  if (isList(value)) return value.length
  if (typeof value === 'string') return Array.from(value).length
  if (isDict(value)) return Object.keys(value).length
  return refuse(call, 0, 'a list, a dict or a text', value!)
}

function sort(args: readonly Value[], call: BuiltinCall): Value {
  const list = listOf(args[0]!, call, 0)
  const texts = list.every((item) => typeof item === 'string')
  if (!texts && !list.every((item) => typeof item === 'number')) {
    const message = '`sort` needs a list of texts or a list of numbers'
    return raise(invalidValue, { message }, call.site(0))
  }
  const order = (a: Value, b: Value): number =>
    (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0
  const sorted = [...list].sort(order)
  return isTruthy(call.named.get('reverse') ?? false) ? sorted.reverse() : sorted
}

function unique(args: readonly Value[], call: BuiltinCall): Value {
  const seen = new Set<string>()
  return listOf(args[0]!, call, 0).filter((item) => {
    const identity = JSON.stringify(plainData(item))
    if (seen.has(identity)) return false
    seen.add(identity)
    return true
  })
}

function pluck(args: readonly Value[], call: BuiltinCall): Value {
  const key = strictText(args[1]!, call, 1)
  return listOf(args[0]!, call, 0).map((item) => {
    const found = partOf(item, key) ?? args[2]
    if (found !== undefined) return found
    if (!isDict(item)) return refuse(call, 0, 'a list of dicts', args[0]!)
    return raise(unknownProperty, { name: key, owner: 'a dict of the list', candidates: partNames(item) }, call.site(1))
  })
}

function where(args: readonly Value[], call: BuiltinCall): Value {
  return listOf(args[0]!, call, 0).filter((item) => {
    for (const [key, wanted] of call.named) {
      const found = partOf(item, key)
      if (found === undefined || !sameValue(found, wanted)) return false
    }
    return true
  })
}

export const collectionBuiltins: readonly Builtin[] = [
  pure('list a…', (args) => args),
  pure('dict …=', (_args, call) => dictOf(call.named)),
  pure('range from to? step?', range),
  pure('get x key default? default=', get),
  pure('slice xs from to?', slice),
  pure('keys dict', ([dict], call) => Object.keys(dictArgument(dict!, call, 0))),
  pure('values dict', ([dict], call) => Object.values(dictArgument(dict!, call, 0))),
  pure('items dict', ([dict], call) =>
    Object.entries(dictArgument(dict!, call, 0)).map(
      ([key, value]): Dict =>
        dictOf([
          ['key', key],
          ['value', value],
        ]),
    ),
  ),
  pure('length x', lengthOf),
  pure('sort xs reverse=', sort),
  pure('unique xs', unique),
  pure('first xs', ([xs], call) => listOf(xs!, call, 0)[0] ?? null),
  pure('last xs', ([xs], call) => listOf(xs!, call, 0).at(-1) ?? null),
  pure('pluck dicts key default?', pluck),
  pure('where dicts …=', where),
]
