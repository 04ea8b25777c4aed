import { describe, expect, test } from 'vitest'
import { buildWorkbook } from './build-workbook.ts'
import { everySheet } from './every-sheet.ts'
import { SCHEMAS, schemaErrors } from './validate-twb.ts'

describe.each(SCHEMAS)('by %s', (schema) => {
  test('every kind of sheet with every option is valid', async () => {
    const { document, told } = buildWorkbook(everySheet('clean'))
    expect(told).toEqual([])
    expect(await schemaErrors(schema, document)).toEqual([])
  })
})
