import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { memoryPages, validateXML } from 'xmllint-wasm'

export const SCHEMAS = ['twb_2026.1.xsd', 'twb_2026.2.xsd'] as const

const folder = join(import.meta.dirname, '../../tableau-xsd')
const read = (name: string): { fileName: string; contents: string } => ({
  fileName: name,
  contents: readFileSync(join(folder, name), 'utf8'),
})

/** What Tableau's own schema has against each document; empty: nothing. Many at once: reading the schema takes longest. */
export async function schemaErrors(
  schema: (typeof SCHEMAS)[number],
  documents: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const names = Object.keys(documents)
  const result = await validateXML({
    xml: names.map((name, i) => ({ fileName: `${i}.twb`, contents: documents[name]! })),
    schema: [read(schema)],
    preload: [read('_user_ns_stub.xsd'), read('_xml_ns_stub.xsd')],
    initialMemoryPages: 512,
    maxMemoryPages: memoryPages.GiB,
  })
  const stray = result.errors.filter((error) => error.loc === null).map((error) => error.rawMessage)
  if (stray.some((message) => !/fails to validate|validates/.test(message))) throw new Error(stray.join('\n'))
  return Object.fromEntries(
    names.map((name, i) => [
      name,
      result.errors
        .filter((error) => error.loc?.fileName === `${i}.twb`)
        .map((error) => `${error.loc!.lineNumber}: ${error.message}`),
    ]),
  )
}
