import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { memoryPages, validateXML } from 'xmllint-wasm'

export const SCHEMAS = ['twb_2026.1.xsd', 'twb_2026.2.xsd'] as const

const folder = join(import.meta.dirname, '../../tableau-xsd')
const read = (name: string): { fileName: string; contents: string } => ({
  fileName: name,
  contents: readFileSync(join(folder, name), 'utf8'),
})

/** What Tableau's own schema has against a document; empty: nothing. */
export async function schemaErrors(schema: (typeof SCHEMAS)[number], document: string): Promise<readonly string[]> {
  const result = await validateXML({
    xml: [{ fileName: 'workbook.twb', contents: document }],
    schema: [read(schema)],
    preload: [read('_user_ns_stub.xsd'), read('_xml_ns_stub.xsd')],
    initialMemoryPages: 512,
    maxMemoryPages: memoryPages.GiB,
  })
  return result.valid ? [] : result.errors.map((error) => `${error.loc?.lineNumber ?? '?'}: ${error.message}`)
}
