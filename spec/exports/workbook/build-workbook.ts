import type { Diagnostic } from '../../../src/base/diagnostic.ts'
import { SourceFile } from '../../../src/base/source-file.ts'
import { readWorkbook } from '../../../src/config/exports/workbook/read-workbook.ts'
import { parseYaml } from '../../../src/config/parse-yaml.ts'
import { YamlReader } from '../../../src/config/yaml-reader.ts'
import { tableOf } from '../../../src/exports/tableau/testing.ts'
import { workbookDocument } from '../../../src/exports/tableau/workbook/workbook-document.ts'
import { workbookSources } from '../../../src/exports/tableau/workbook/workbook-sources.ts'
import { xmlText } from '../../../src/exports/tableau/xml-text.ts'

const trends = tableOf('trends', {
  date: 'date',
  seen_at: 'timestamp',
  campaign: 'text',
  channel: 'text',
  country: 'text',
  is_mature: 'boolean',
  spend: 'decimal',
  value: 'decimal',
  clicks: 'bigint',
  users: 'integer',
  latitude: 'double',
  longitude: 'double',
  period: 'integer',
})

const cohorts = tableOf('cohorts', {
  cohort: 'date',
  period: 'integer',
  country: 'text',
  active: 'bigint',
  size: 'bigint',
})

/** The `.twb` of a workbook over the two tables, and the mistakes in it as `line:column message | hints`. */
export function buildWorkbook(
  text: string,
  version: '18.1' | '26.1' = '18.1',
): { readonly document: string; readonly told: readonly string[] } {
  const file = new SourceFile('dashboards/workbook.yml', text)
  const { root, diagnostics: syntax } = parseYaml(file)
  const diagnostics: Diagnostic[] = [...syntax]
  const spec = root === undefined ? undefined : readWorkbook(new YamlReader(file, diagnostics, (t) => t), root)
  const told = (): string[] =>
    diagnostics.map((d) => {
      const { line, column } = file.position(d.span?.start ?? 0)
      return `${line}:${column} ${d.message}${d.hints?.map((hint) => ` | ${hint}`).join('') ?? ''}`
    })
  if (spec === undefined || diagnostics.length > 0) return { document: '', told: told() }
  const tables = [trends, cohorts].map((table) => ({ table, schema: 'Extract', relation: 'Extract' }))
  const sources = workbookSources(
    {
      spec,
      project: 'shop',
      export: 'dashboard',
      tables,
      connectionOf: ({ table }) => ({ kind: 'hyper', caption: table.name, path: `Data/Extracts/${table.name}.hyper` }),
    },
    diagnostics,
  )
  if (diagnostics.length > 0) return { document: '', told: told() }
  const request = {
    spec,
    sources,
    version,
    identity: ['shop', 'dashboard'],
    imagePath: (path: string) => `Image/${path}`,
  }
  return { document: xmlText(workbookDocument(request)), told: [] }
}
