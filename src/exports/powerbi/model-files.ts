import type { PbipOptions } from '../../config/exports/pbip-options.ts'
import { fileNames } from './file-names.ts'
import { lineageTag } from './lineage-tag.ts'
import { mText } from './m-text.ts'
import { partitionSource } from './partition-source.ts'
import type { Measure, ModelColumn, ModelTable, Relationship, SemanticModel } from './semantic-model.ts'
import { type TmdlObject, type TmdlProperty, tmdlColumn, tmdlFile, tmdlName } from './tmdl-text.ts'

/** A value that whoever opens the project may change. */
export interface Parameter {
  readonly name: string
  readonly value: string
  readonly description: string
}

/** The text files of a model in TMDL, by their paths within its folder `definition`. */
export function modelFiles(
  model: SemanticModel,
  parameters: readonly Parameter[],
  options: Pick<PbipOptions, 'source' | 'mode' | 'culture'>,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  const names = fileNames(model.tables.map((t) => t.name))
  const rows = parquetNames(model)
  files.set(
    'database.tmdl',
    tmdlFile([{ type: 'database', name: null, properties: [word('compatibilityLevel', '1600')] }]),
  )
  files.set('model.tmdl', tmdlFile(modelObjects(model, parameters, options.culture)))
  files.set('expressions.tmdl', tmdlFile(parameters.map((p) => parameterObject(model, p))))
  if (model.relationships.length > 0)
    files.set('relationships.tmdl', tmdlFile(model.relationships.map((r) => relationshipObject(model, r))))
  for (const table of model.tables) {
    const how = { ...options, file: rows.get(table.source)! }
    files.set(`tables/${names.get(table.name)}.tmdl`, tmdlFile([tableObject(model, table, how)]))
  }
  return files
}

/** The files of the rows, by the names of the exported tables. */
export function parquetNames(model: SemanticModel): ReadonlyMap<string, string> {
  return new Map([...fileNames(model.tables.map((t) => t.source))].map(([name, file]) => [name, `${file}.parquet`]))
}

const word = (key: string, value: string): TmdlProperty => ({ key, word: value })
const text = (key: string, value: string | null): readonly TmdlProperty[] =>
  value === null ? [] : [{ key, text: value }]
const flag = (key: string, value: boolean): readonly TmdlProperty[] => (value ? [{ key, flag: true }] : [])

function modelObjects(model: SemanticModel, parameters: readonly Parameter[], culture: string): readonly TmdlObject[] {
  const order = [...parameters.map((p) => p.name), ...model.tables.map((t) => t.name)]
  return [
    {
      type: 'model',
      name: 'Model',
      properties: [
        word('culture', culture),
        word('defaultPowerBIDataSourceVersion', 'powerBI_V3'),
        word('sourceQueryCulture', culture),
        { key: 'dataAccessOptions', flags: ['legacyRedirects', 'returnErrorValuesAsNull'] },
      ],
    },
    // Otherwise Power BI makes a hidden calendar of its own for every column of dates.
    { type: 'annotation', name: '__PBI_TimeIntelligenceEnabled', value: '0' },
    { type: 'annotation', name: 'PBI_QueryOrder', value: JSON.stringify(order) },
    ...model.tables.map((table) => ({ type: 'ref table', name: table.name })),
  ]
}

function parameterObject(model: SemanticModel, { name, value, description }: Parameter): TmdlObject {
  return {
    type: 'expression',
    name,
    value: `${mText(value)} meta [IsParameterQuery=true, Type="Text", IsParameterQueryRequired=true]`,
    description,
    properties: [word('lineageTag', lineageTag(model.name, 'expression', name))],
    annotations: [['PBI_ResultType', 'Text']],
  }
}

function relationshipObject(model: SemanticModel, relationship: Relationship): TmdlObject {
  const { from, to, oneToOne, inactive } = relationship
  return {
    type: 'relationship',
    name: lineageTag(model.name, 'relationship', from.table, from.column, to.table, to.column),
    properties: [
      ...(inactive === null ? [] : [word('isActive', 'false')]),
      ...(oneToOne ? [word('fromCardinality', 'one'), word('crossFilteringBehavior', 'bothDirections')] : []),
      word('fromColumn', tmdlColumn(from.table, from.column)),
      word('toColumn', tmdlColumn(to.table, to.column)),
    ],
    annotations: inactive === null ? [] : [['tsdbt_Inactive', inactive]],
  }
}

function tableObject(
  model: SemanticModel,
  table: ModelTable,
  how: Pick<PbipOptions, 'source' | 'mode'> & { readonly file: string },
): TmdlObject {
  const tag = lineageTag(model.name, 'table', table.source)
  return {
    type: 'table',
    name: table.name,
    description: table.description,
    properties: [
      ...flag('isHidden', table.hidden),
      word('lineageTag', tag),
      ...(table.isCalendar ? [word('dataCategory', 'Time')] : []),
    ],
    children: [
      ...table.measures.map((measure) => measureObject(model, table, measure)),
      ...table.columns.map((column) => columnObject(model, table, column)),
      {
        type: 'partition',
        name: table.name,
        value: 'm',
        properties: [
          word('mode', how.mode === 'import' ? 'import' : 'directQuery'),
          { key: 'source', expression: partitionSource(table, how.source, how.file) },
        ],
      },
    ],
    annotations: [['PBI_ResultType', 'Table']],
  }
}

function measureObject(model: SemanticModel, table: ModelTable, measure: Measure): TmdlObject {
  return {
    type: 'measure',
    name: measure.name,
    value: measure.expression,
    description: measure.description,
    properties: [
      ...text('formatString', measure.format),
      ...flag('isHidden', measure.hidden),
      ...text('displayFolder', measure.folder),
      word('lineageTag', lineageTag(model.name, 'measure', table.source, measure.name)),
    ],
  }
}

function columnObject(model: SemanticModel, table: ModelTable, column: ModelColumn): TmdlObject {
  return {
    type: 'column',
    name: column.name,
    description: column.description,
    properties: [
      word('dataType', column.dataType),
      ...flag('isHidden', column.hidden),
      ...flag('isKey', column.key),
      ...text('formatString', column.format),
      ...text('displayFolder', column.folder),
      word('lineageTag', lineageTag(model.name, 'column', table.source, column.source)),
      ...(column.category === null ? [] : [word('dataCategory', column.category)]),
      word('summarizeBy', column.summarizeBy),
      ...text('sourceColumn', column.source),
      ...(column.sortBy === null ? [] : [word('sortByColumn', tmdlName(column.sortBy))]),
    ],
    annotations: [
      ['SummarizationSetBy', 'User'],
      ...(column.part === null ? [] : [['UnderlyingDateTimeDataType', column.part] as const]),
    ],
  }
}
