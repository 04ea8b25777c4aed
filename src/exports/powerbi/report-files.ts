import { lineageTag } from './lineage-tag.ts'
import type { SemanticModel } from './semantic-model.ts'

const SCHEMAS = 'https://developer.microsoft.com/json-schemas/fabric'
const REPORT = `${SCHEMAS}/item/report`
/** Names of pages and visuals are 20 hex digits. */
const short = (...names: readonly string[]) =>
  lineageTag(...names)
    .replaceAll('-', '')
    .slice(0, 20)

/** The JSON files of a project around its model and its report, by their paths. `title` names the page. */
export function projectFiles(model: SemanticModel, title: string): ReadonlyMap<string, string> {
  const { name } = model
  return written([
    [
      `${name}.pbip`,
      {
        $schema: `${SCHEMAS}/pbip/pbipProperties/1.0.0/schema.json`,
        version: '1.0',
        artifacts: [{ report: { path: `${name}.Report` } }],
        settings: { enableAutoRecovery: true },
      },
    ],
    [`${name}.SemanticModel/.platform`, platform(name, 'SemanticModel')],
    [
      `${name}.SemanticModel/definition.pbism`,
      { $schema: `${SCHEMAS}/item/semanticModel/definitionProperties/1.0.0/schema.json`, version: '4.0', settings: {} },
    ],
    ...reportFiles(model, title).map(([path, part]) => [`${name}.Report/${path}`, part] as const),
  ])
}

function reportFiles(model: SemanticModel, title: string): readonly (readonly [path: string, part: object])[] {
  const page = short(model.name, 'page')
  const visual = totals(model)
  return [
    ['.platform', platform(model.name, 'Report')],
    [
      'definition.pbir',
      {
        $schema: `${REPORT}/definitionProperties/1.0.0/schema.json`,
        version: '4.0',
        datasetReference: { byPath: { path: `../${model.name}.SemanticModel` } },
      },
    ],
    [
      'definition/version.json',
      { $schema: `${REPORT}/definition/versionMetadata/1.0.0/schema.json`, version: '1.0.0' },
    ],
    [
      'definition/report.json',
      { $schema: `${REPORT}/definition/report/1.0.0/schema.json`, themeCollection: {}, layoutOptimization: 'None' },
    ],
    [
      'definition/pages/pages.json',
      {
        $schema: `${REPORT}/definition/pagesMetadata/1.0.0/schema.json`,
        pageOrder: [page],
        activePageName: page,
      },
    ],
    [
      `definition/pages/${page}/page.json`,
      {
        $schema: `${REPORT}/definition/page/1.0.0/schema.json`,
        name: page,
        displayName: title,
        displayOption: 'FitToPage',
        height: 720,
        width: 1280,
      },
    ],
    ...(visual === null ? [] : [[`definition/pages/${page}/visuals/${visual.name}/visual.json`, visual] as const]),
  ]
}

/** A table of all measures, so that the first page shows numbers to compare; null when there are none to show. */
function totals(model: SemanticModel) {
  const measures = model.tables.flatMap((t) =>
    t.measures.filter((m) => !m.hidden).map((m) => [t.name, m.name] as const),
  )
  if (measures.length === 0) return null
  const projections = measures.map(([table, measure]) => ({
    field: { Measure: { Expression: { SourceRef: { Entity: table } }, Property: measure } },
    queryRef: `${table}.${measure}`,
    nativeQueryRef: measure,
  }))
  return {
    $schema: `${REPORT}/definition/visualContainer/1.0.0/schema.json`,
    name: short(model.name, 'totals'),
    position: { x: 40, y: 40, z: 0, width: 1200, height: 200, tabOrder: 0 },
    visual: { visualType: 'tableEx', query: { queryState: { Values: { projections } } } },
  }
}

function platform(name: string, type: 'SemanticModel' | 'Report'): object {
  return {
    $schema: `${SCHEMAS}/gitIntegration/platformProperties/2.0.0/schema.json`,
    metadata: { type, displayName: name },
    config: { version: '2.0', logicalId: lineageTag(name, type) },
  }
}

function written(parts: readonly (readonly [path: string, part: object])[]): ReadonlyMap<string, string> {
  return new Map(parts.map(([path, part]) => [path, `${JSON.stringify(part, null, 2)}\n`]))
}
