import type { Element } from 'xast'
import { x } from 'xastscript'
import { bracketed, type TableauField, type TableauFieldType, valueText } from './field.ts'

/** A field put to use: as it is, aggregated or cut to a part of a date. */
export interface ColumnInstance {
  /** `[none:country:nk]`, in brackets. */
  readonly name: string
  /** `[country]`, in brackets. */
  readonly column: string
  readonly derivation: string
  readonly type: TableauFieldType
}

/** `<column>` of a field, in a data source and in what a sheet says of the fields that it uses. */
export function columnElement(field: TableauField): Element {
  return x(
    'column',
    {
      aggregation: field.aggregation,
      caption: field.caption === field.name ? null : field.caption,
      datatype: field.datatype,
      'default-format': field.format,
      hidden: field.hidden ? 'true' : null,
      name: bracketed(field.name),
      role: field.role,
      'semantic-role': field.semanticRole,
      type: field.type,
    },
    [
      ...(field.calculation === null
        ? []
        : [x('calculation', { class: 'tableau', formula: field.calculation.formula })]),
      ...(field.aliases.length === 0
        ? []
        : [
            x(
              'aliases',
              field.aliases.map(({ value, caption }) =>
                x('alias', { key: valueText(value, field.datatype), value: caption }),
              ),
            ),
          ]),
      ...(field.description === '' ? [] : [x('desc', [x('formatted-text', [x('run', field.description)])])]),
    ],
  )
}

export function instanceElement(instance: ColumnInstance): Element {
  return x('column-instance', {
    column: instance.column,
    derivation: instance.derivation,
    name: instance.name,
    pivot: 'key',
    type: instance.type,
  })
}

/** A dimension as it is. */
export function discreteInstance(field: TableauField): ColumnInstance {
  const type = field.type === 'quantitative' ? 'ordinal' : field.type
  return {
    name: bracketed(`none:${field.name}:${type === 'nominal' ? 'nk' : 'ok'}`),
    column: bracketed(field.name),
    derivation: 'None',
    type,
  }
}
