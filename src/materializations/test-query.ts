import { type MappedText, MappedTextBuilder } from '../base/source-map.ts'
import type { CompiledTest } from '../compile/compiled-node.ts'

/** One row, one column `failures`: `fail_calc` over the bad rows. Null there is an error of the test. */
export function failureQuery(test: CompiledTest, failCalc: string): MappedText {
  return new MappedTextBuilder()
    .raw(`select ${failCalc} as failures from (\n`)
    .append(test.sql)
    .raw('\n) as dbt_internal_test')
    .build()
}

/** Rows of the tested relation that a test looks at, for thresholds in percent. */
export function rowCountQuery(modelSql: string): string {
  return `select count(*) as n from ${modelSql}`
}
