import type { Diagnostic } from '../../../base/diagnostic.ts'
import type { Span } from '../../../base/span.ts'
import { type Expression, readBy } from '../../../config/exports/workbook/measure-expression.ts'
import type { Calculation, Field, Filter, Sheet, WorkbookSpec } from '../../../config/exports/workbook/workbook-spec.ts'
import { formulaSyntax } from '../errors.ts'
import type { TableauField } from '../field.ts'
import { readFormula } from '../formula.ts'
import type { TableauDataSource } from '../tableau-data-source.ts'
import { checkFilter } from './check-filter.ts'
import {
  calculationElsewhere,
  filterAcrossTables,
  filterTwice,
  noGeographicRole,
  notADate,
  notANumber,
  tableNeeded,
  unknownColumn,
  unknownTable,
} from './errors.ts'
import { dashboardFields, fieldsOf } from './generated-calculations.ts'

/** Holds the workbook against the columns that there are. `sources` are without the workbook's own calculations. */
export function checkWorkbook(
  spec: WorkbookSpec,
  sources: ReadonlyMap<string, TableauDataSource>,
  diagnostics: Diagnostic[],
): void {
  new WorkbookCheck(spec, sources, diagnostics).run()
}

class WorkbookCheck {
  readonly #spec: WorkbookSpec
  readonly #sources: ReadonlyMap<string, TableauDataSource>
  readonly #diagnostics: Diagnostic[]
  readonly #told = new Set<string>()

  constructor(spec: WorkbookSpec, sources: ReadonlyMap<string, TableauDataSource>, diagnostics: Diagnostic[]) {
    this.#spec = spec
    this.#sources = sources
    this.#diagnostics = diagnostics
  }

  run(): void {
    for (const calculation of this.#spec.calculations) this.#calculation(calculation)
    for (const sheet of this.#spec.sheets) {
      const source = this.#source(sheet.data, sheet.span, `the sheet \`${sheet.name}\``)
      if (source === undefined) continue
      for (const field of [...fieldsOf(sheet), ...dashboardFields(this.#spec, sheet)]) this.#field(field, source)
      for (const filter of sheet.filters) this.#filter(filter, source)
      this.#location(sheet, source)
    }
    for (const dashboard of this.#spec.dashboards) this.#dashboard(dashboard)
  }

  #report(diagnostic: Diagnostic): void {
    const key = `${diagnostic.span?.path}:${diagnostic.span?.start}:${diagnostic.message}`
    if (this.#told.has(key)) return
    this.#told.add(key)
    this.#diagnostics.push(diagnostic)
  }

  #source(data: string | null, span: Span, where: string): TableauDataSource | undefined {
    const known = [...this.#sources.keys()]
    if (data === null) {
      if (known.length === 1) return this.#sources.get(known[0]!)
      this.#report(tableNeeded({ where, known }, { span }))
      return undefined
    }
    const source = this.#sources.get(data)
    if (source === undefined) this.#report(unknownTable({ where, name: data, known }, { span }))
    return source
  }

  #calculation(calculation: Calculation): void {
    const source = this.#source(calculation.data, calculation.span, `the calculation \`${calculation.name}\``)
    const { name, value } = calculation
    if (value.kind === 'formula') {
      const tokens = readFormula(value.formula)
      if ('problem' in tokens)
        this.#report(formulaSyntax({ field: name, problem: tokens.problem }, { span: value.span }))
    } else if (source !== undefined) this.#expression(value.expression, calculation.span, source)
  }

  #field(field: Field, source: TableauDataSource): void {
    const { value, span } = field
    switch (value.kind) {
      case 'column':
        this.#column(value.column, span, source, 'any')
        return
      case 'date': {
        const column = this.#column(value.column, span, source, 'columns')
        if (column === undefined || column.datatype === 'date' || column.datatype === 'datetime') return
        this.#report(notADate({ text: field.text, column: value.column, datatype: column.datatype }, { span }))
        return
      }
      case 'measure':
        this.#expression(value.expression, span, source)
        return
      case 'calculation':
        this.#calculationNamed(value.name, span, source)
    }
  }

  #expression(expression: Expression, span: Span, source: TableauDataSource): void {
    this.#aggregates(expression, span, source)
    for (const name of readBy(expression).calculations) this.#calculationNamed(name, span, source)
  }

  #aggregates(expression: Expression, span: Span, source: TableauDataSource): void {
    if (expression.kind === 'negative') this.#aggregates(expression.of, span, source)
    if (expression.kind === 'binary') {
      this.#aggregates(expression.left, span, source)
      this.#aggregates(expression.right, span, source)
    }
    if (expression.kind !== 'aggregate') return
    const column = this.#column(expression.column, span, source, 'columns')
    if (column === undefined || ['count', 'count_distinct', 'min', 'max'].includes(expression.aggregation)) return
    if (column.datatype === 'integer' || column.datatype === 'real') return
    this.#report(
      notANumber(
        { aggregation: expression.aggregation, column: expression.column, datatype: column.datatype },
        { span },
      ),
    )
  }

  #calculationNamed(name: string, span: Span, source: TableauDataSource): void {
    const own = this.#spec.calculations.find((calculation) => calculation.name === name)
    if (own === undefined) {
      this.#column(name, span, source, 'calculations')
      return
    }
    const of = own.data === null ? undefined : this.#sources.get(own.data)
    if (of !== undefined && of !== source)
      this.#report(calculationElsewhere({ name, data: own.data!, sheetData: source.tables[0]!.name }, { span }))
  }

  #column(
    name: string,
    span: Span,
    source: TableauDataSource,
    kind: 'any' | 'columns' | 'calculations',
  ): TableauField | undefined {
    const all = source.fields.filter((field) => kind === 'any' || (field.column === null) === (kind === 'calculations'))
    const found = all.find((field) => (field.column ?? field.name) === name)
    if (found !== undefined) return found
    const known = all.map((field) => field.column ?? field.name)
    const table = source.tables[0]!.name
    const own = kind === 'calculations' ? this.#spec.calculations.map((calculation) => calculation.name) : []
    this.#report(
      unknownColumn(
        { name, table, what: kind === 'calculations' ? 'calculation' : 'column', known: [...known, ...own] },
        { span },
      ),
    )
    return undefined
  }

  #filter(filter: Filter, source: TableauDataSource): void {
    const { value } = filter.field
    const name = value.kind === 'column' || value.kind === 'date' ? value.column : undefined
    const misfit = checkFilter(
      filter,
      source.fields.find(({ column }) => column === name),
    )
    if (misfit !== undefined) this.#report(misfit)
  }

  #location(sheet: Sheet, source: TableauDataSource): void {
    if (sheet.location?.kind !== 'area') return
    for (const { value, span } of sheet.location.fields) {
      if (value.kind !== 'column') continue
      const field = source.fields.find((f) => f.column === value.column)
      if (field !== undefined && field.semanticRole === null)
        this.#report(noGeographicRole({ column: value.column }, { span }))
    }
  }

  #dashboard(dashboard: WorkbookSpec['dashboards'][number]): void {
    const shared = new Map<string, string>()
    for (const filter of dashboard.filters) {
      this.#onSheet(filter.sheets[0], (source) => this.#filter(filter, source))
      const tables = new Set<TableauDataSource>()
      for (const name of filter.sheets) {
        const sheet = this.#spec.sheets.find((s) => s.name === name)
        const source = sheet === undefined ? undefined : this.#sourceOf(sheet)
        if (source === undefined) continue
        tables.add(source)
        const key = `${name}\n${filter.field.text}`
        if (shared.has(key)) this.#report(filterTwice({ sheet: name, field: filter.field.text }, { span: filter.span }))
        shared.set(key, filter.name)
      }
      if (tables.size > 1)
        this.#report(
          filterAcrossTables(
            { filter: filter.name, tables: [...tables].map((source) => source.tables[0]!.name) },
            { span: filter.span },
          ),
        )
    }
    for (const action of dashboard.actions) {
      if (action.kind === 'url') continue
      for (const name of [...action.from, ...action.to])
        this.#onSheet(name, (source) => {
          for (const column of action.fields) this.#column(column, action.span, source, 'any')
        })
    }
  }

  #onSheet(name: string | undefined, then: (source: TableauDataSource) => void): void {
    const sheet = this.#spec.sheets.find((s) => s.name === name)
    const source = sheet === undefined ? undefined : this.#sourceOf(sheet)
    if (source !== undefined) then(source)
  }

  #sourceOf(sheet: Sheet): TableauDataSource | undefined {
    return sheet.data === null
      ? this.#sources.size === 1
        ? [...this.#sources.values()][0]
        : undefined
      : this.#sources.get(sheet.data)
  }
}
