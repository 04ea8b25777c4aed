import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../../src/base/diagnostic.ts'
import { SourceFile } from '../../src/base/source-file.ts'
import { readWorkbook } from '../../src/config/exports/workbook/read-workbook.ts'
import type { WorkbookSpec } from '../../src/config/exports/workbook/workbook-spec.ts'
import { parseYaml } from '../../src/config/parse-yaml.ts'
import { YamlReader } from '../../src/config/yaml-reader.ts'
import { dashboardPicture } from './dashboard-picture.ts'
import { readMarts } from './read-marts.ts'

/** The root project's workbook, relative to the root. */
const WORKBOOK = 'dashboards/ad_performance.yml'

/**
 * The dashboards of the workbook by the names of their files. `root` is the repository, `built` a folder in which its
 * project was built on DuckDB.
 */
export async function workbookPictures(root: string, built: string): Promise<ReadonlyMap<string, string>> {
  const spec = readSpec(root)
  const tables = await readMarts(built, spec)
  const countries = readFileSync(join(root, 'seeds/countries.csv'), 'utf8')
  const pictures = new Map<string, string>()
  for (const dashboard of spec.dashboards) {
    const name = dashboard.name.toLowerCase().replace(/[^a-z]+/g, '-')
    pictures.set(`${name}.svg`, await dashboardPicture(dashboard, { spec, tables, countries }))
  }
  return pictures
}

function readSpec(root: string): WorkbookSpec {
  const file = new SourceFile(WORKBOOK, readFileSync(join(root, WORKBOOK), 'utf8'))
  const { root: node, diagnostics } = parseYaml(file)
  const found: Diagnostic[] = [...diagnostics]
  const spec = node === undefined ? undefined : readWorkbook(new YamlReader(file, found, (text) => text), node)
  if (spec !== undefined && found.length === 0) return spec
  const told = found.map(({ message, span }) => {
    const { line, column } = file.position(span?.start ?? 0)
    return `${WORKBOOK}:${line}:${column} ${message}`
  })
  throw new Error(told.join('\n'))
}
