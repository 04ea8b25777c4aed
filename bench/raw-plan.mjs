import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Writes the statements of a built project (read from its manifest) as a plan for raw-build.mjs: seeds by DuckDB's CSV
 * reader, models as `create or replace`, tests as a count of their rows.
 */
export function writeRawPlan(project, file) {
  const manifest = JSON.parse(readFileSync(join(project, 'target/manifest.json'), 'utf8'))
  const results = JSON.parse(readFileSync(join(project, 'target/run_results.json'), 'utf8')).results
  const tests = results.filter((r) => r.unique_id.startsWith('test.')).map((r) => r.unique_id)
  const built = results.filter((r) => !r.unique_id.startsWith('test.')).map((r) => r.unique_id)
  // Results come in the order of completion of a parallel run, which is a valid order for one connection too.
  const statements = [...built, ...tests].map((id) => {
    const node = manifest.nodes[id]
    // The manifest names the database after the original file; the raw run uses a file of its own.
    const local = (sql) => sql.replaceAll('"bench".', '')
    if (node.resource_type === 'seed')
      return `create or replace table ${local(node.relation_name)} as select * from read_csv('${join(project, node.original_file_path)}')`
    if (node.resource_type === 'test') return `select count(*) from (${local(node.compiled_code)}\n)`
    const kind = node.config.materialized === 'view' ? 'view' : 'table'
    return `create or replace ${kind} ${local(node.relation_name)} as (${local(node.compiled_code)}\n)`
  })
  writeFileSync(file, JSON.stringify(statements))
}
