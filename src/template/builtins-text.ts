import { type Builtin, type BuiltinCall, listOf, numberOf, pure, raise, refuse, strictText, textOf } from './builtin.ts'
import { invalidValue } from './errors.ts'
import { isList, plainData, type Value } from './value.ts'

/** All lists or all text. */
function concat(args: readonly Value[], call: BuiltinCall): Value {
  if (!args.some(isList)) return args.map((value, i) => textOf(value, call, i)).join('')
  return args.flatMap((value, i) => listOf(value, call, i))
}

function join(args: readonly Value[], call: BuiltinCall): string {
  const separator = args[1] ?? call.named.get('sep') ?? ', '
  return listOf(args[0]!, call, 0)
    .map((item) => textOf(item, call, 0))
    .join(textOf(separator, call, 1))
}

function toInteger([value]: readonly Value[], call: BuiltinCall): number {
  if (typeof value === 'boolean') return value ? 1 : 0
  const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value
  if (typeof number === 'string')
    return raise(invalidValue, { message: `\`${number}\` is no whole number` }, call.site(0))
  const whole = Math.trunc(numberOf(number!, call, 0))
  if (Number.isSafeInteger(whole)) return whole === 0 ? 0 : whole
  return raise(
    invalidValue,
    { message: `\`${value}\` is too large for a number`, hint: 'keep it as text' },
    call.site(0),
  )
}

function toFloat([value]: readonly Value[], call: BuiltinCall): number {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string') return numberOf(value!, call, 0)
  const number = value.trim() === '' || !/^\s*[+-]?(\d|\.\d)[\d.eE+-]*\s*$/.test(value) ? Number.NaN : Number(value)
  return Number.isFinite(number) ? number : raise(invalidValue, { message: `\`${value}\` is no number` }, call.site(0))
}

function replace(args: readonly Value[], call: BuiltinCall): string {
  const [text, from, to] = args.map((value, i) => textOf(value, call, i)) as [string, string, string]
  if (from === '') raise(invalidValue, { message: 'the text to replace is empty' }, call.site(1))
  return text.split(from).join(to)
}

function split(args: readonly Value[], call: BuiltinCall): Value {
  const text = strictText(args[0]!, call, 0)
  const separator = strictText(args[1] ?? ',', call, 1)
  if (separator === '') raise(invalidValue, { message: 'the separator is empty' }, call.site(1))
  return text === '' ? [] : text.split(separator)
}

export const textBuiltins: readonly Builtin[] = [
  pure('concat a…', concat),
  pure('join xs separator? sep=', join),
  pure('lower text', ([text], call) => textOf(text!, call, 0).toLowerCase()),
  pure('upper text', ([text], call) => textOf(text!, call, 0).toUpperCase()),
  pure('trim text', ([text], call) => textOf(text!, call, 0).trim()),
  pure('replace text from to', replace),
  pure('split text separator?', split),
  pure('newline', () => '\n'),
  pure('string x', ([x], call) => textOf(x!, call, 0)),
  pure('int x', toInteger),
  pure('float x', toFloat),
  pure('json x', ([x], call) => JSON.stringify(plainData(x!)) ?? refuse(call, 0, 'a value', x!)),
]
