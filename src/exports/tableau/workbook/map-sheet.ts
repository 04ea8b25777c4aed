import type { Field } from '../../../config/exports/workbook/workbook-spec.ts'
import { markColor } from './color-encoding.ts'
import { commonEncodings, labelFormats } from './mark-encodings.ts'
import type { Encoding, SheetContext, SheetParts } from './sheet-parts.ts'
import { format, styleRule } from './style-rule.ts'

/** Places, filled by their shape or as points. */
export function mapSheet(context: SheetContext): SheetParts {
  const { sheet, fields, spec } = context
  const labels = sheet.labels.map((field) => fields.pill(field))
  const location = sheet.location!
  const area = location.kind === 'area'
  const places: Encoding[] = area
    ? [
        ...location.fields.map((field) => ({ shelf: 'lod', ref: fields.pill(field).ref }) as const),
        { shelf: 'geometry', ref: fields.special('Geometry') },
      ]
    : []
  return {
    rows: area ? fields.special('Latitude') : fields.pill(averaged(location.latitude), 'axis').ref,
    columns: area ? fields.special('Longitude') : fields.pill(averaged(location.longitude), 'axis').ref,
    panes: [
      {
        mark: area ? 'Multipolygon' : 'Circle',
        axis: null,
        stacking: 'auto',
        encodings: [...commonEncodings(context, labels), ...places],
        markFormats: [
          ...(sheet.color.kind === 'field' ? [] : [format('mark-color', markColor(sheet.color, 0, spec))]),
          format('has-stroke', 'true'),
          format('stroke-color', spec.theme.surface),
          ...(area ? [] : [format('mark-transparency', 200)]),
          ...labelFormats(labels.length > 0),
        ],
        label: null,
      },
    ],
    rules: styleRule('map', [format('washout', '0.0'), format('map-snap-zoom', 'true')]),
    map: true,
    filters: [],
    sorts: [],
  }
}

/** Coordinates of many rows are their mean, so that a mark stands where its detail lies. */
function averaged(field: Field): Field {
  if (field.value.kind !== 'column') return field
  return {
    ...field,
    value: { kind: 'measure', expression: { kind: 'aggregate', aggregation: 'avg', column: field.value.column } },
  }
}
