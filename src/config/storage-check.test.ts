import { describe, expect, it } from 'vitest'
import { SourceFile } from '../base/source-file.ts'
import { readPropertyFile } from './property-file.ts'

function read(config: string) {
  const indented = config.trim().replaceAll('\n', '\n      ')
  const text = `models:\n  - name: orders\n    config:\n      ${indented}\n`
  const file = readPropertyFile(new SourceFile('models/a.yml', text), (scalar) => scalar)
  return {
    config: Object.fromEntries(file.nodes[0]!.config.map((s) => [s.key, s.value])),
    problems: file.diagnostics.map((d) => [text.slice(d.span!.start, d.span!.end), d.message, d.hints?.[0]]),
  }
}

describe('configurations of storage', () => {
  it('are read in dbt’s words', () => {
    const { config, problems } = read(`
indexes:
  - {columns: [id], unique: true}
  - {columns: day, type: brin, include: [id], where: "id > 1", name: by_day}
unlogged: true
fillfactor: 70
partition_by: {field: day, granularity: month}
on_configuration_change: continue`)
    expect(problems).toEqual([])
    expect(config).toEqual({
      indexes: [
        { columns: ['id'], unique: true },
        { columns: ['day'], type: 'brin', include: ['id'], where: 'id > 1', name: 'by_day' },
      ],
      unlogged: true,
      fillfactor: 70,
      partition_by: { column: 'day', granularity: 'month', type: 'range' },
      on_configuration_change: 'continue',
    })
  })

  it.each([
    ['indexes: [{colums: [id]}]', 'colums', 'unknown key `colums` in `indexes`', 'did you mean `columns`?'],
    ['indexes: [{unique: true}]', '{unique: true}', '`indexes.0` must be a mapping with `columns`', undefined],
    ['indexes: [{columns: [1]}]', '[1]', '`indexes.0.columns` must be a column name', undefined],
    ['indexes: {columns: [id]}', '{columns: [id]}', '`indexes` must be a list of indexes', undefined],
    ['fillfactor: 5', '5', '`fillfactor` must be a whole number from 10 to 100', undefined],
    ['partition_by: {column: d, granularity: mont}', 'mont', '`mont`', 'did you mean `month`?'],
    ['partition_by: {column: d}', '{column: d}', 'with `granularity`', undefined],
    ['partition_by: {column: d, type: hash}', '{column: d, type: hash}', 'with `partitions`', undefined],
    ['partition_by: {column: d, type: list, granularity: day}', 'day', 'without `granularity`', undefined],
    ['partition_by: {type: list}', '{type: list}', 'a mapping with `column`', undefined],
    ['replace: swop', 'swop', '`swop`', 'did you mean `swap`?'],
    ['tablespace: ""', '""', '`tablespace` must be text', undefined],
  ])('%s is refused at its place', (config, place, message, hint) => {
    const { problems } = read(config)
    expect(problems).toEqual([[place, expect.stringContaining(message), hint]])
  })
})
