import { spawnSync } from 'node:child_process'
import { afterAll, expect, test } from 'vitest'
import { onEachDatabase } from '../../on-each-database.ts'
import { HyperWork } from './hyper-job.ts'

/** Python with Tableau's own reader of extracts and another one, when it has them: `TSDBT_PYTHON` names another than `python3`. */
const python = process.env['TSDBT_PYTHON'] ?? 'python3'
const hasReaders = spawnSync(python, ['-c', 'import tableauhyperapi, pantab, pyarrow']).status === 0

if (!hasReaders)
  process.stderr.write(
    `SKIPPED: ${python} has not both of tableauhyperapi and pantab, so no extract is read with them (pip install tableauhyperapi pantab)\n`,
  )

const SCRIPT = `
import json, sys, tempfile
from pathlib import Path
from tableauhyperapi import Connection, HyperProcess, Telemetry, TableName
import pantab
path = sys.argv[1]
with HyperProcess(Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU, parameters={"log_config": ""}) as hyper:
    with Connection(hyper.endpoint, path) as connection:
        names = connection.catalog.get_table_names("Extract")
        definition = connection.catalog.get_table_definition(names[0])
        columns = [[c.name.unescaped, str(c.type), str(c.nullability)] for c in definition.columns]
        rows = connection.execute_list_query('select * from "Extract"."Extract" order by 1')
        count = connection.execute_scalar_query('select count(*) from "Extract"."Extract"')
frame = pantab.frame_from_hyper(path, table=TableName("Extract", "Extract"), return_type="pyarrow")
print(json.dumps({
    "tables": [str(n) for n in names],
    "columns": columns,
    "rows": [[None if v is None else str(v) for v in row] for row in rows],
    "count": count,
    "pantab": sorted([[None if v is None else str(v) for v in row.values()] for row in frame.to_pylist()]),
}))
`

const work = new HyperWork()
afterAll(() => work.close())

onEachDatabase((here) => {
  test.skipIf(!hasReaders)("Tableau's own Python and pantab read an extract cell by cell", async () => {
    await here.database.sql(
      'create table main.facts (id bigint, name text, day date, at_time timestamp, amount decimal(18,2), score double precision, ok boolean)',
      `insert into main.facts values (1, 'é🎉 "q"', '2024-02-29', '2024-02-29 12:34:56.789012', -1234567890123456.78, 0.1, true),
       (2, null, null, null, null, null, null), (3, '', '1001-01-01', '9999-12-31 23:59:59.999999', 0.01, -1e300, false)`,
      'select 1',
    )
    await work.write(await here.database.open(), here.database.name, {
      tables: [{ name: 'facts', primaryKey: ['id'] }],
    })
    const { stdout, stderr, status } = spawnSync(python, ['-c', SCRIPT, work.path('out')], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const rows = [
      ['1', 'é🎉 "q"', '2024-02-29', '2024-02-29 12:34:56.789012', '-1234567890123456.78', '0.1', 'True'],
      ['2', null, null, null, null, null, null],
      ['3', '', '1001-01-01', '9999-12-31 23:59:59.999999', '0.01', '-1e+300', 'False'],
    ]
    expect(JSON.parse(stdout)).toEqual({
      tables: ['"Extract"."Extract"'],
      columns: [
        ['id', 'BIG_INT', 'Nullability.NOT_NULLABLE'],
        ['name', 'TEXT', 'Nullability.NULLABLE'],
        ['day', 'DATE', 'Nullability.NULLABLE'],
        ['at_time', 'TIMESTAMP', 'Nullability.NULLABLE'],
        ['amount', 'NUMERIC(18, 2)', 'Nullability.NULLABLE'],
        ['score', 'DOUBLE', 'Nullability.NULLABLE'],
        ['ok', 'BOOL', 'Nullability.NULLABLE'],
      ],
      rows,
      count: 3,
      pantab: rows,
    })
  })
})
