import type { ResultColumn, Session } from '../adapters/adapter.ts'
import { DatabaseError, UserError } from '../base/errors.ts'
import { type MappedText, MappedTextBuilder } from '../base/source-map.ts'
import { type Given, type GivenInput, inputKey } from '../compile/given.ts'
import { givenQuery, givenRows } from '../compile/given-sql.ts'
import type { FixtureRows } from '../config/unit-test-entry.ts'
import { snapshotSpec } from '../materializations/snapshot/snapshot-spec.ts'
import { isRelationNode } from '../project/relation-of.ts'
import type { Model, NodeRelation, Seed, Snapshot, UnitTest, UnitTestInput } from '../project/resource.ts'
import { relationKey } from '../sql/relation.ts'
import { withoutSemicolon } from '../sql/statement.ts'
import { diagnosticsOf } from './database-diagnostic.ts'
import { inferColumns } from './infer-columns.ts'
import { introspectionOver } from './input-shapes.ts'
import type { RunContext } from './run-context.ts'
import { thisIsRead, unknownGivenColumn } from './unit-test-errors.ts'

/** What preparing needs of a run. */
export type UnitTestScope = Pick<RunContext, 'dialect' | 'shapes'> & {
  readonly request: Pick<RunContext['request'], 'graph' | 'compiler'>
}

/** Rows of an input in the types in which they are read. */
export interface TypedInput {
  readonly input: UnitTestInput
  readonly columns: readonly ResultColumn[]
  readonly sql: MappedText
}

/** A unit test that can be executed. */
export interface PreparedUnitTest {
  readonly test: UnitTest
  readonly model: Model | Snapshot
  /** The model's query, reading what is given. */
  readonly sql: MappedText
  readonly inputs: readonly TypedInput[]
  /** Seeds of which no rows are given, and the tables of the transaction into which they are loaded. */
  readonly seeds: readonly { readonly seed: Seed; readonly target: NodeRelation }[]
  /** Where the model's own rows stand before the increment; null when only its query is asked. */
  readonly table: NodeRelation | null
  /** Of types that had to be inferred. */
  readonly notes: readonly string[]
}

/** Finds the types of the inputs and compiles the model over them. Raises `UserError` for what does not fit. */
export async function prepareUnitTest(
  scope: UnitTestScope,
  session: Session,
  test: UnitTest,
): Promise<PreparedUnitTest> {
  const { graph, compiler } = scope.request
  const model = graph.nodes.get(test.model) as Model | Snapshot
  const notes: string[] = []
  const inputs: TypedInput[] = []
  for (const input of test.given) inputs.push(await typedInput(scope, session, { test, input, notes }))
  const table = test.expect.tableAfter ? scope.shapes.scratch(model.relation.identifier) : null
  const relations = new Map<string, NodeRelation>()
  const seeds = seedsOf(scope, test, model)
  const small = new Map<string, GivenInput>()
  const known = knownColumns(scope, inputs)
  for (const { seed, target } of seeds) {
    const { columns } = await scope.shapes.of(seed.uniqueId, session)
    const rows = scope.shapes.seedRows(seed.uniqueId)
    const cte = `__tsdbt__seed__${seed.name}`
    known.set(relationKey(seed.relation), columns)
    if (rows === undefined) relations.set(seed.uniqueId, target)
    else small.set(inputKey(seed.uniqueId), { cte, sql: givenRows(rows, columns, scope.dialect) })
  }
  const given = givenOf(test, inputs, table !== null)
  const sql = await compiler.compileQuery(model.uniqueId, {
    relations,
    incremental: test.overrides.incremental && model.resourceType === 'model',
    own: table === null ? undefined : { node: model.uniqueId, relation: table },
    introspection: introspectionOver(session, known),
    given: { ...given, inputs: new Map([...given.inputs, ...small]) },
  })
  const own = scope.dialect.relation(model.relation)
  if (sql.text.includes(own))
    throw new UserError(
      thisIsRead({ test: test.name, model: model.name }, { span: test.givenSpan, node: test.uniqueId }),
    )
  const read = seeds.filter(({ target }) => sql.text.includes(scope.dialect.relation(target)))
  return { test, model, sql, inputs, seeds: read, table, notes }
}

/** @param inTable the rows of `this` stand in a table */
function givenOf(test: UnitTest, inputs: readonly TypedInput[], inTable: boolean): Given {
  const { overrides, name, uniqueId, givenSpan } = test
  const given = new Map<string, GivenInput>()
  for (const { input, sql } of inputs) {
    if (inTable && input.what === 'this') continue
    const label = input.what === 'this' ? 'this' : input.node.split('.').slice(2).join('_')
    const cte = `__tsdbt__given__${input.what === 'quarantine' ? `${label}_quarantine` : label}`
    given.set(inputKey(input.node, input.what), { cte, sql })
  }
  const { vars, env, macros } = overrides
  return { inputs: given, vars, env, macros, giver: { name, uniqueId, span: givenSpan } }
}

async function typedInput(
  scope: UnitTestScope,
  session: Session,
  { test, input, notes }: { readonly test: UnitTest; readonly input: UnitTestInput; readonly notes: string[] },
): Promise<TypedInput> {
  const node = scope.request.graph.nodes.get(input.node)
  const rows = input.what === 'this' && node?.resourceType === 'snapshot' ? asHistory(node, input.rows) : input.rows
  const present = rows.kind === 'rows' ? rows.columns : await columnsOfQuery(session, test, rows)
  const columns = await columnsFor(scope, session, { test, input, present, notes })
  const { dialect } = scope
  if (rows.kind === 'rows') return { input, columns, sql: givenRows(withNames(rows, columns), columns, dialect) }
  const names = present.map((name) => nameIn(columns, name) ?? name)
  return { input, columns, sql: givenQuery(queryText(rows), names, columns, dialect) }
}

/** Versions need an id, and the time of their last change; where rows do not give them, any will do. */
function asHistory(node: Snapshot, rows: FixtureRows): FixtureRows {
  if (rows.kind === 'sql') return rows
  const { meta } = snapshotSpec(node, '', true)
  const [id, updated] = [meta.dbt_scd_id, meta.dbt_updated_at]
  const added = [id, updated].filter((name) => !rows.columns.includes(name))
  return {
    ...rows,
    columns: [...rows.columns, ...added],
    rows: rows.rows.map((row, i) => {
      const from = row.cells.find((cell) => cell.column === meta.dbt_valid_from)?.value ?? null
      const cell = (column: string) => ({
        column,
        columnSpan: row.span,
        value: column === id ? `given ${i}` : from,
        span: row.span,
      })
      return { ...row, cells: [...row.cells, ...added.map(cell)] }
    }),
  }
}

interface Asked {
  readonly test: UnitTest
  readonly input: UnitTestInput
  readonly present: readonly string[]
  readonly notes: string[]
}

async function columnsFor(
  scope: UnitTestScope,
  session: Session,
  { test, input, present, notes }: Asked,
): Promise<readonly ResultColumn[]> {
  const { columns, open, why } =
    input.what === 'quarantine'
      ? { columns: [], open: true, why: 'its refused rows are what files make them' }
      : await scope.shapes.of(input.node, session)
  const unknown = present.filter((name) => nameIn(columns, name) === undefined)
  if (unknown.length === 0) return columns
  if (!open) {
    const known = columns.map((c) => c.name)
    throw new UserError(
      unknown.map((name) => {
        const span = columnSpan(input, name)
        return unknownGivenColumn({ column: name, input: input.input, known }, { span, node: test.uniqueId })
      }),
    )
  }
  const named = unknown.map((name) => `\`${name}\``).join(', ')
  notes.push(`types of ${named} in \`${input.input}\` are taken from the given values${why === null ? '' : `: ${why}`}`)
  const { rows } = input
  if (rows.kind === 'rows') return [...columns, ...inferColumns(rows, unknown)]
  return [...columns, ...unknown.map((name) => ({ name, type: 'text' }))]
}

/** Where a column is first named. */
function columnSpan({ rows, span }: UnitTestInput, column: string) {
  if (rows.kind === 'sql') return rows.span
  for (const row of rows.rows) for (const cell of row.cells) if (cell.column === column) return cell.columnSpan
  return span
}

/** The name as the relation has it: engines that fold names do not mind how a fixture writes them. */
function nameIn(columns: readonly ResultColumn[], name: string): string | undefined {
  const folded = name.toLowerCase()
  return (columns.find((c) => c.name === name) ?? columns.find((c) => c.name.toLowerCase() === folded))?.name
}

function withNames(rows: Extract<FixtureRows, { kind: 'rows' }>, columns: readonly ResultColumn[]) {
  if (rows.columns.every((name) => columns.some((c) => c.name === name))) return rows
  const named = (name: string): string => nameIn(columns, name) ?? name
  return {
    ...rows,
    columns: rows.columns.map(named),
    rows: rows.rows.map((row) => ({
      ...row,
      cells: row.cells.map((cell) => ({ ...cell, column: named(cell.column) })),
    })),
  }
}

export function queryText({ sql, span, exact }: Extract<FixtureRows, { kind: 'sql' }>): MappedText {
  return withoutSemicolon(new MappedTextBuilder().mapped(sql, span, exact).build())
}

async function columnsOfQuery(
  session: Session,
  test: UnitTest,
  rows: Extract<FixtureRows, { kind: 'sql' }>,
): Promise<readonly string[]> {
  const text = queryText(rows)
  const statement = new MappedTextBuilder().raw('select * from (\n').append(text).raw('\n) as given limit 0').build()
  try {
    return (await session.query(statement.text)).columns.map((c) => c.name)
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    throw new UserError(diagnosticsOf(error, { node: test, statement, see: undefined }), error.fault)
  }
}

function knownColumns({ request }: UnitTestScope, inputs: readonly TypedInput[]): Map<string, readonly ResultColumn[]> {
  const known = new Map<string, readonly ResultColumn[]>()
  for (const { input, columns } of inputs) {
    const node = request.graph.nodes.get(input.node)
    if (!isRelationNode(node)) continue
    const relation = input.what === 'quarantine' && node.resourceType === 'source' ? node.quarantine : node.relation
    known.set(relationKey(relation), columns)
  }
  return known
}

/** Seeds that the model may read, directly or through ephemeral models, and of which no rows are given. */
function seedsOf(
  { request, shapes }: UnitTestScope,
  test: UnitTest,
  model: Model | Snapshot,
): PreparedUnitTest['seeds'] {
  const given = new Set(test.given.map((g) => g.node))
  const found = new Map<string, { seed: Seed; target: NodeRelation }>()
  const visit = (ids: readonly string[]): void => {
    for (const id of ids) {
      const node = request.graph.nodes.get(id)
      if (node?.resourceType === 'seed' && !given.has(id) && !found.has(id))
        found.set(id, { seed: node, target: shapes.scratch(node.relation.identifier) })
      if (node?.resourceType === 'model' && node.config.materialized === 'ephemeral') visit(node.dependsOn)
    }
  }
  visit(model.dependsOn)
  return [...found.values()]
}
