import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { SourceFile } from '../../base/source-file.ts'
import { parseYaml } from '../parse-yaml.ts'
import type { YamlMap } from '../yaml-node.ts'
import { YamlReader } from '../yaml-reader.ts'
import { readHyperOptions } from './hyper-options.ts'

function read(text: string) {
  const file = new SourceFile('exports.yml', text)
  const diagnostics: Diagnostic[] = []
  const map: YamlMap = { kind: 'map', entries: [], start: 0, end: 0 }
  const reader = new YamlReader(file, diagnostics, (scalar) => scalar)
  const { root } = parseYaml(file)
  const options = readHyperOptions(reader, root?.kind === 'map' ? root : map, 'the export `sales`')
  const said = diagnostics.map((d) => {
    const { line, column } = file.position(d.span!.start)
    return `${line}:${column} ${[d.message, ...(d.hints ?? [])].join('; ')}`
  })
  return { options, said }
}

describe('options of format: hyper', () => {
  test('have defaults that every Tableau reads', () => {
    expect(read('')).toEqual({
      options: {
        version: 2,
        schema: 'Extract',
        table: null,
        tables: {},
        decimals: 'exact',
        intervals: 'text',
        outOfRange: 'error',
        keys: true,
      },
      said: [],
    })
  })

  test('are read as written', () => {
    const text = `version: 3
schema: public
table: Sales
tables: {mart_sales: Sales, mart_days: Days}
decimals: text
intervals: seconds
out_of_range: null
keys: false
`
    expect(read(text)).toEqual({
      options: {
        version: 3,
        schema: 'public',
        table: 'Sales',
        tables: { mart_sales: 'Sales', mart_days: 'Days' },
        decimals: 'text',
        intervals: 'seconds',
        outOfRange: 'null',
        keys: false,
      },
      said: [],
    })
  })

  test.each([
    ['out_of_range: null', 'null'],
    ['out_of_range: "null"', 'null'],
    ['out_of_range: ~', 'null'],
    ['out_of_range: error', 'error'],
    ['out_of_range:', 'error'],
  ])('%s is %s', (text, value) => {
    const { options, said } = read(`${text}\n`)
    expect([options.outOfRange, said]).toEqual([value, []])
  })

  test.each([
    ['verison: 3', '1:1 unknown key `verison` in `options` of the export `sales`; did you mean `version`?'],
    [
      'version: 5',
      '1:10 `version` is 5: versions of `.hyper` files are 0 to 4; leave it out (2), or write 3 for decimals of 38 digits',
    ],
    [
      'version: "3"',
      '1:10 `version` must be a whole number that is not negative, not the text `3`; write it without quotes',
    ],
    ['decimals: float', '1:11 `float` is no value of `decimals`; allowed: `exact`, `double`, `text`'],
    ['intervals: minutes', '1:12 `minutes` is no value of `intervals`; allowed: `text`, `seconds`'],
    ['out_of_range: clamp', '1:15 `clamp` is no value of `out_of_range`; allowed: `error`, `null`'],
    ['schema: ""', '1:9 `schema` is an empty name'],
    ['tables: [a]', '1:9 `tables` of the export `sales` must be a mapping, not a list'],
    [
      'tables: {a: Sales, b: SALES}',
      '1:23 `a` and `b` have one name in the file: `SALES`; give each table a name of its own',
    ],
    [
      'keys: yes',
      '1:7 `keys` must be `true` or `false`, not the text `yes`; YAML 1.2 knows `true` and `false` only, without quotes',
    ],
  ])('%s is a mistake', (text, message) => {
    expect(read(`${text}\n`).said).toEqual([message])
  })
})
