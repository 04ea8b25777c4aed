import type { Diagnostic } from '../../base/diagnostic.ts'
import type { Span } from '../../base/span.ts'
import { fieldTwice, formulaCycle, formulaMixes, parametersUnknown, unknownField, unknownFunction } from './errors.ts'
import { bracketed, type TableauField } from './field.ts'
import { captionOf, discreteType, type FieldDefaults } from './field-defaults.ts'
import { findField, type NamedField } from './find-field.ts'
import {
  calledFunctions,
  type FieldFacts,
  type FormulaLevel,
  type FormulaToken,
  formulaLevel,
  formulaType,
  plainWithinAggregate,
} from './formula.ts'
import { FUNCTIONS, functionResult } from './formula-functions.ts'
import { formulaPlace } from './formula-place.ts'
import { mergeField } from './merge-field.ts'
import type { CalculationMetadata } from './table-metadata.ts'

/** A calculated field as written, with the table that it was written for. */
export interface TableCalculation {
  readonly table: string
  readonly said: CalculationMetadata
}

interface Calculation extends TableCalculation, NamedField {}

interface Resolved {
  readonly field: TableauField
  readonly level: FormulaLevel
}

/**
 * Calculated fields with formulas as Tableau stores them: whatever name or caption a formula uses, internal names stand
 * in it at the end. Mistakes are added to `diagnostics`; a field that has one is left out.
 */
export function calculatedFields(
  written: readonly TableCalculation[],
  columns: readonly TableauField[],
  diagnostics: Diagnostic[],
): readonly TableauField[] {
  const known = new Map<string, Span | null>(columns.map((field) => [field.name.toLowerCase(), null]))
  const calculations: Calculation[] = []
  for (const { table, said } of written) {
    const key = said.name.toLowerCase()
    const earlier = known.get(key)
    if (earlier !== undefined) {
      const labels = earlier === null ? [] : [{ span: earlier, text: 'first here' }]
      diagnostics.push(fieldTwice({ name: said.name, table }, { ...at(said.span), labels }))
      continue
    }
    known.set(key, said.span)
    calculations.push({ table, said, name: said.name, caption: said.caption ?? captionOf(said.name) })
  }
  return new Resolution(columns, calculations, diagnostics).fields()
}

const at = (span: Span | null): { readonly span?: Span } => (span === null ? {} : { span })

class Resolution {
  readonly #columns: readonly TableauField[]
  readonly #calculations: readonly Calculation[]
  readonly #diagnostics: Diagnostic[]
  readonly #resolved = new Map<string, Resolved | null>()
  readonly #open: string[] = []

  constructor(columns: readonly TableauField[], calculations: readonly Calculation[], diagnostics: Diagnostic[]) {
    this.#columns = columns
    this.#calculations = calculations
    this.#diagnostics = diagnostics
  }

  fields(): readonly TableauField[] {
    return this.#calculations.flatMap((calculation) => this.#resolve(calculation)?.field ?? [])
  }

  #resolve(calculation: Calculation): Resolved | null {
    const { name, said } = calculation
    const known = this.#resolved.get(name)
    if (known !== undefined) return known
    const from = this.#open.indexOf(name)
    if (from >= 0) {
      this.#diagnostics.push(formulaCycle({ path: [...this.#open.slice(from), name] }, at(said.span)))
      return null
    }
    this.#open.push(name)
    const resolved = this.#made(calculation)
    this.#open.pop()
    if (!this.#resolved.has(name)) this.#resolved.set(name, resolved)
    return resolved
  }

  #made(calculation: Calculation): Resolved | null {
    const { said, table } = calculation
    const { tokens } = said
    const facts = new Map<string, { readonly name: string; readonly fact: NonNullable<ReturnType<FieldFacts>> }>()
    let whole = true
    for (const token of tokens) {
      if (token.kind !== 'reference' || facts.has(token.text)) continue
      const found = this.#named(calculation, token)
      if (found === null) whole = false
      else facts.set(token.text, found)
    }
    this.#checkFunctions(calculation)
    if (!whole) return null
    const factOf: FieldFacts = (name) => facts.get(name)?.fact
    const plain = plainWithinAggregate(tokens, factOf)
    if (plain !== undefined) {
      const place = at(formulaPlace(said, plain.start, plain.end))
      this.#diagnostics.push(formulaMixes({ field: said.name, name: plain.text }, place))
      return null
    }
    const level = formulaLevel(tokens, factOf)
    const datatype = said.datatype ?? formulaType(tokens, factOf)
    const numeric = datatype === 'integer' || datatype === 'real'
    const defaults: FieldDefaults = {
      caption: calculation.caption,
      role: numeric || level === 'aggregate' ? 'measure' : 'dimension',
      type: numeric ? 'quantitative' : discreteType(datatype),
      aggregation: null,
      semanticRole: null,
    }
    const field: TableauField = {
      ...mergeField(said, datatype, defaults, this.#diagnostics),
      name: calculation.name,
      table,
      column: null,
      description: (said.description ?? '').trim(),
      calculation: {
        formula: rewritten(said.formula, tokens, (name) => facts.get(name)!.name),
        aggregate: level === 'aggregate',
      },
    }
    return { field, level }
  }

  /** The field that a reference means; null after a mistake. */
  #named(
    { said, table }: Calculation,
    token: FormulaToken,
  ): { readonly name: string; readonly fact: NonNullable<ReturnType<FieldFacts>> } | null {
    const place = at(formulaPlace(said, token.start, token.end))
    const column = findField(this.#columns, token.text)
    const calculation = column?.exact === true ? undefined : findField(this.#calculations, token.text)
    if (column !== undefined && (calculation === undefined || !calculation.exact))
      return { name: column.field.name, fact: { datatype: column.field.datatype, level: 'row' } }
    if (calculation !== undefined) {
      const resolved = this.#resolve(calculation.field)
      if (resolved === null) return null
      return { name: calculation.field.name, fact: { datatype: resolved.field.datatype, level: resolved.level } }
    }
    const parameter = token.text === 'Parameters' && said.tokens[said.tokens.indexOf(token) + 1]?.text === '.'
    this.#diagnostics.push(
      parameter
        ? parametersUnknown({ field: said.name }, place)
        : unknownField(
            {
              name: token.text,
              where: `the formula of \`${said.name}\``,
              table,
              known: [...this.#columns, ...this.#calculations].map((field) => field.name),
            },
            place,
          ),
    )
    return null
  }

  #checkFunctions({ said }: Calculation): void {
    for (const call of calledFunctions(said.tokens)) {
      if (functionResult(call.text) !== undefined) continue
      const place = at(formulaPlace(said, call.start, call.end))
      this.#diagnostics.push(unknownFunction({ name: call.text, field: said.name, known: FUNCTIONS }, place))
    }
  }
}

function rewritten(formula: string, tokens: readonly FormulaToken[], nameOf: (written: string) => string): string {
  let text = ''
  let done = 0
  for (const token of tokens) {
    if (token.kind !== 'reference') continue
    text += formula.slice(done, token.start) + bracketed(nameOf(token.text))
    done = token.end
  }
  return text + formula.slice(done)
}
