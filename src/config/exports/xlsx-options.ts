import type { YamlMap } from '../yaml-node.ts'
import type { YamlReader } from '../yaml-reader.ts'
import { OptionReader, type SortColumn } from './option-reader.ts'

export interface XlsxOptions {
  /** What becomes of a text of more than 32,767 characters, and of rows beyond 1,048,576. */
  readonly tooLong: 'fail' | 'cut'
  readonly tooManyRows: 'fail' | 'cut'
  /** Excel's own codes. */
  readonly dateFormat: string
  readonly timestampFormat: string
  readonly timeFormat: string
  readonly orderBy: readonly SortColumn[]
}

const KEYS = ['too_long', 'too_many_rows', 'date_format', 'timestamp_format', 'time_format', 'order_by']
const WAYS = ['fail', 'cut'] as const

/** `options` of `format: xlsx`. */
export function readXlsxOptions(reader: YamlReader, map: YamlMap, where: string): XlsxOptions {
  const options = new OptionReader(reader, map, { where, keys: KEYS })
  const code = (key: string, usual: string): string => {
    const value = options.text(key)
    if (value === undefined) return usual
    if (/[ymdhs]/i.test(value) && !value.includes('%')) return value
    options.refuse(
      key,
      `\`${key}\` is \`${value}\`, and not a number format of Excel`,
      `write for example \`${usual}\``,
    )
    return usual
  }
  return {
    tooLong: options.choice('too_long', WAYS) ?? 'fail',
    tooManyRows: options.choice('too_many_rows', WAYS) ?? 'fail',
    dateFormat: code('date_format', 'yyyy-mm-dd'),
    timestampFormat: code('timestamp_format', 'yyyy-mm-dd hh:mm:ss'),
    timeFormat: code('time_format', 'hh:mm:ss'),
    orderBy: options.sorting(),
  }
}
