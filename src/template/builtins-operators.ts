import { type Builtin, type BuiltinCall, lazy, numberOf, pure, raise, refuse } from './builtin.ts'
import { invalidValue } from './errors.ts'
import { isDict, isList, isTruthy, printed, sameValue, TextObject, type Value } from './value.ts'

/** Numbers by size, texts by code unit; nothing else has an order. */
function compare(args: readonly Value[], call: BuiltinCall): number {
  const [a, b] = args.map((value) => (value instanceof TextObject ? value.text : value)) as [Value, Value]
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  if (typeof a !== 'number' && typeof a !== 'string') return refuse(call, 0, 'a number or a text', a)
  return refuse(call, 1, typeof a === 'number' ? 'a number, as the first,' : 'a text, as the first,', b)
}

function finite(value: number, call: BuiltinCall): number {
  if (Number.isFinite(value)) return value === 0 ? 0 : value
  return raise(invalidValue, { message: `the result of \`${call.name}\` is too large` }, call.site())
}

const fold =
  (step: (a: number, b: number) => number) =>
  (args: readonly Value[], call: BuiltinCall): number =>
    finite(
      args.map((value, i) => numberOf(value, call, i)).reduce((a, b) => step(a, b)),
      call,
    )

function divide(step: (a: number, b: number) => number) {
  return (args: readonly Value[], call: BuiltinCall): number => {
    const a = numberOf(args[0]!, call, 0)
    const b = numberOf(args[1]!, call, 1)
    if (b === 0) raise(invalidValue, { message: 'division by zero' }, call.site(1))
    return finite(step(a, b), call)
  }
}

function contains(args: readonly Value[], call: BuiltinCall): boolean {
  const [item, whole] = args as [Value, Value]
  if (isList(whole)) return whole.some((member) => sameValue(member, item))
  if (isDict(whole)) return typeof item === 'string' && Object.hasOwn(whole, item)
  const text = printed(whole)
  if (typeof whole === 'string' && text !== undefined)
    return text.includes(printed(item) ?? refuse(call, 0, 'a text', item))
  return refuse(call, 1, 'a list, a dict or a text', whole)
}

export const operatorBuiltins: readonly Builtin[] = [
  pure('eq a b', ([a, b]) => sameValue(a!, b!)),
  pure('ne a b', ([a, b]) => !sameValue(a!, b!)),
  pure('lt a b', (args, call) => compare(args, call) < 0),
  pure('lte a b', (args, call) => compare(args, call) <= 0),
  pure('gt a b', (args, call) => compare(args, call) > 0),
  pure('gte a b', (args, call) => compare(args, call) >= 0),
  pure('not x', ([x]) => !isTruthy(x!)),
  pure('in x xs', contains),
  pure('is_null x', ([x]) => x === null),
  pure(
    'add a b c…',
    fold((a, b) => a + b),
  ),
  pure(
    'sub a b',
    fold((a, b) => a - b),
  ),
  pure(
    'mul a b c…',
    fold((a, b) => a * b),
  ),
  pure(
    'div a b',
    divide((a, b) => a / b),
  ),
  pure(
    'mod a b',
    divide((a, b) => a % b),
  ),
  lazy('and a b…', (count, argument) => {
    let value = argument(0)
    for (let i = 1; i < count && isTruthy(value); i++) value = argument(i)
    return value
  }),
  lazy('or a b…', (count, argument) => {
    let value = argument(0)
    for (let i = 1; i < count && !isTruthy(value); i++) value = argument(i)
    return value
  }),
  lazy('iif condition yes no', (_count, argument) => (isTruthy(argument(0)) ? argument(1) : argument(2))),
  lazy('default x fallback', (_count, argument) => argument(0) ?? argument(1)),
]
