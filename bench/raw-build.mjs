// Executes what `tsdbt build` compiled, in order, on one connection, without tsdbt: the yardstick of the build benchmark.
//   node bench/raw-build.mjs PLAN DATABASE
// PLAN is a JSON list of statements; tests are queries whose rows are counted.
import { readFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

const [plan, database] = process.argv.slice(2)
const instance = await DuckDBInstance.create(database)
const connection = await instance.connect()
for (const statement of JSON.parse(readFileSync(plan, 'utf8'))) await (await connection.run(statement)).getRows()
connection.closeSync()
instance.closeSync()
