import type { Element } from 'xast'
import { x } from 'xastscript'
import type { Aggregation } from '../../../config/exports/workbook/measure-expression.ts'
import type { DateLevel, DatePart, Field } from '../../../config/exports/workbook/workbook-spec.ts'
import { type ColumnInstance, columnElement, instanceElement } from '../column-element.ts'
import { bracketed, type TableauField } from '../field.ts'
import type { TableauDataSource } from '../tableau-data-source.ts'
import { calculationNameOf } from './generated-calculations.ts'

/** A field at its place on a sheet. */
export interface Pill {
  /** `[federated.…].[sum:revenue:qk]`. */
  readonly ref: string
  readonly instance: ColumnInstance
  readonly field: TableauField
  readonly continuous: boolean
  /** As the sheet has it. */
  readonly use: Field
}

const AGGREGATIONS: { readonly [a in Aggregation]: readonly [prefix: string, derivation: string] } = {
  sum: ['sum', 'Sum'],
  avg: ['avg', 'Avg'],
  median: ['med', 'Median'],
  min: ['min', 'Min'],
  max: ['max', 'Max'],
  count: ['cnt', 'Count'],
  count_distinct: ['ctd', 'CountD'],
  stdev: ['std', 'Std. Dev.'],
  variance: ['var', 'Variance'],
}

const LEVELS: { readonly [l in DateLevel]: readonly [prefix: string, derivation: string] } = {
  year: ['tyr', 'Year-Trunc'],
  quarter: ['tqr', 'Quarter-Trunc'],
  month: ['tmn', 'Month-Trunc'],
  week: ['twk', 'Week-Trunc'],
  day: ['tdy', 'Day-Trunc'],
  hour: ['thr', 'Hour-Trunc'],
  minute: ['tmi', 'Minute-Trunc'],
}

const PARTS: { readonly [p in DatePart]: readonly [prefix: string, derivation: string] } = {
  year: ['yr', 'Year'],
  quarter: ['qr', 'Quarter'],
  month: ['mn', 'Month'],
  week: ['wk', 'Week'],
  day: ['dy', 'Day'],
  hour: ['hr', 'Hour'],
  minute: ['mi', 'Minute'],
  weekday: ['wd', 'Weekday'],
}

/** How a place takes a field: `axis` puts dates and numbers on a scale, `header` makes a header of each value. */
export type Placing = 'axis' | 'header'

/** The fields of one sheet: every pill that is made is remembered, so that the sheet can declare what it uses. */
export class SheetFields {
  readonly source: TableauDataSource
  readonly #fields = new Map<string, TableauField>()
  readonly #instances = new Map<string, Element>()
  /** By the measure whose share they are. */
  readonly #shares = new Map<string, Pill>()

  constructor(source: TableauDataSource) {
    this.source = source
  }

  /** The field must have been checked before. */
  pill(use: Field, placing: Placing = 'header'): Pill {
    const { field, ...how } = this.#meaning(use, placing)
    const instance: ColumnInstance = { ...how, column: bracketed(field.name) }
    this.#remember(field, instance, instanceElement(instance))
    return {
      ref: this.#ref(instance.name),
      instance,
      field,
      continuous: instance.type === 'quantitative',
      use,
    }
  }

  /** A measure as its share of all marks that differ in the given fields only. */
  share(pill: Pill, over: readonly Pill[]): Pill {
    const name = bracketed(`pcto:${pill.instance.name.slice(1, -1)}`)
    const instance: ColumnInstance = { ...pill.instance, name }
    const element = instanceElement(instance)
    element.children = [
      over.length === 0
        ? x('table-calc', { 'ordering-type': 'Rows', type: 'PctTotal' })
        : x(
            'table-calc',
            { 'ordering-type': 'Field', type: 'PctTotal' },
            over.map((field) => x('order', { field: field.ref })),
          ),
    ]
    this.#remember(pill.field, instance, element)
    const share = { ...pill, instance, ref: this.#ref(name) }
    this.#shares.set(pill.ref, share)
    return share
  }

  /** A measure as it stands on an axis of the sheet: its share where that is what is drawn. */
  onAxis(use: Field): Pill {
    const pill = this.pill(use, 'axis')
    return this.#shares.get(pill.ref) ?? pill
  }

  /** `[federated.…].[:Measure Names]` and the like. */
  special(name: 'Measure Names' | 'Multiple Values' | 'Latitude' | 'Longitude' | 'Geometry'): string {
    if (name === 'Measure Names') return this.#ref('[:Measure Names]')
    return this.#ref(name === 'Multiple Values' ? '[Multiple Values]' : `[${name} (generated)]`)
  }

  /** What the sheet uses, fields of formulas included, sorted by name. */
  dependencies(extra: readonly Element[] = []): Element {
    const fields = [...this.#fields.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    const instances = [...this.#instances].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, element]) => element)
    return x('datasource-dependencies', { datasource: this.source.name }, [
      ...extra,
      ...fields.map(columnElement),
      ...instances,
    ])
  }

  #ref(name: string): string {
    return `${bracketed(this.source.name)}.${name}`
  }

  #remember(field: TableauField, instance: ColumnInstance, element: Element): void {
    this.#declare(field)
    this.#instances.set(instance.name, element)
  }

  #declare(field: TableauField): void {
    if (this.#fields.has(field.name)) return
    this.#fields.set(field.name, field)
    for (const other of this.source.fields)
      if (field.calculation?.formula.includes(bracketed(other.name)) === true) this.#declare(other)
  }

  #field(name: string): TableauField {
    const { fields } = this.source
    const found = fields.find((f) => f.column === name) ?? fields.find((f) => f.name === name)
    if (found === undefined) throw new Error(`no field ${name} in ${this.source.caption}`)
    return found
  }

  #meaning(use: Field, placing: Placing): Omit<ColumnInstance, 'column'> & { readonly field: TableauField } {
    const { value } = use
    switch (value.kind) {
      case 'column':
        return plain(this.#field(value.column), placing, use.discrete)
      case 'date': {
        const field = this.#field(value.column)
        const [prefix, derivation] = value.truncated ? LEVELS[value.level] : PARTS[value.level]
        const discrete = use.discrete ?? !value.truncated
        const name = bracketed(`${prefix}:${field.name}:${discrete ? 'ok' : 'qk'}`)
        return { field, name, derivation, type: discrete ? 'ordinal' : 'quantitative' }
      }
      case 'measure':
        if (value.expression.kind === 'aggregate') {
          const field = this.#field(value.expression.column)
          return aggregated(field, AGGREGATIONS[value.expression.aggregation], use.discrete)
        }
        return this.#calculated(calculationNameOf(value.expression), placing, use.discrete)
      case 'calculation':
        return this.#calculated(value.name, placing, use.discrete)
    }
  }

  #calculated(
    name: string,
    placing: Placing,
    discrete: boolean | null,
  ): Omit<ColumnInstance, 'column'> & { readonly field: TableauField } {
    const field = this.#field(name)
    if (field.calculation?.aggregate === true) return aggregated(field, ['usr', 'User'], discrete)
    return field.role === 'measure' ? aggregated(field, ['sum', 'Sum'], discrete) : plain(field, placing, discrete)
  }
}

function aggregated(
  field: TableauField,
  [prefix, derivation]: readonly [string, string],
  discrete: boolean | null,
): Omit<ColumnInstance, 'column'> & { readonly field: TableauField } {
  const name = bracketed(`${prefix}:${field.name}:${discrete === true ? 'ok' : 'qk'}`)
  return { field, name, derivation, type: discrete === true ? 'ordinal' : 'quantitative' }
}

/** A column as it is. Text has headers only; dates and numbers may stand on an axis. */
function plain(
  field: TableauField,
  placing: Placing,
  discrete: boolean | null,
): Omit<ColumnInstance, 'column'> & { readonly field: TableauField } {
  const scaled = field.datatype !== 'string' && field.datatype !== 'boolean'
  if (scaled && (discrete === null ? placing === 'axis' : !discrete))
    return { field, name: bracketed(`none:${field.name}:qk`), derivation: 'None', type: 'quantitative' }
  const type = field.type === 'nominal' ? 'nominal' : 'ordinal'
  return { field, name: bracketed(`none:${field.name}:${type === 'nominal' ? 'nk' : 'ok'}`), derivation: 'None', type }
}
