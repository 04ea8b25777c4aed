// Executes what `tsdbt build` compiled, in order, on one connection, without tsdbt: the yardstick of the build benchmark.
//   node bench/raw-postgres.mjs PLAN HOST PORT DATABASE
// PLAN is a JSON list of statements; the rows of queries are read.
import { readFileSync } from 'node:fs'
import pg from 'pg'

const [plan, host, port, database] = process.argv.slice(2)
const connection = new pg.Client({ host, port: Number(port), user: 'postgres', database })
await connection.connect()
for (const statement of JSON.parse(readFileSync(plan, 'utf8'))) {
  await connection.query(statement).catch((error) => {
    throw new Error(`${error.message}\n${statement.slice(0, 500)}`)
  })
}
await connection.end()
