import type { Cell, ResultColumn, Session } from '../adapters/adapter.ts'
import { DatabaseError, UserError } from '../base/errors.ts'
import type { Introspection } from '../compile/compiler.ts'
import { type GivenInput, inputKey } from '../compile/given.ts'
import { emptyRows } from '../compile/given-sql.ts'
import type { FixtureRows } from '../config/unit-test-entry.ts'
import { seedRequest } from '../materializations/seed-request.ts'
import { resolveSnapshot } from '../materializations/snapshot/resolve-snapshot.ts'
import { metaColumns, snapshotSpec } from '../materializations/snapshot/snapshot-spec.ts'
import { isRelationNode } from '../project/relation-of.ts'
import type { Model, NodeRelation, RelationNode, Seed, Snapshot, Source } from '../project/resource.ts'
import { type RelationName, relationKey } from '../sql/relation.ts'
import { stagedName } from '../sql/staged-name.ts'
import type { RunRequest } from './run-request.ts'

type WrittenRows = Extract<FixtureRows, { kind: 'rows' }>

/** Rows up to which a seed is written into the query of a test. */
const smallSeed = 1000

/** What shapes are found with. */
export type ShapeRequest = Pick<RunRequest, 'graph' | 'adapter' | 'compiler' | 'runId'> & {
  readonly target: Pick<RunRequest['target'], 'database'>
}

/** The columns that a node's relation has, as far as they can be known without building it. */
export interface Shape {
  readonly columns: readonly ResultColumn[]
  /** True when it may have more columns. */
  readonly open: boolean
  /** Why they are not known; null when they are. */
  readonly why: string | null
}

const loadColumns: readonly ResultColumn[] = [
  { name: '_file', type: 'text' },
  { name: '_line', type: 'bigint' },
  { name: '_loaded_at', type: 'timestamp with time zone' },
]

/**
 * What the relations of a project look like, by the project as it is now: the query of a model and the file of a seed are
 * described, not the relation that an older version of them may have left. So nothing has to be built. Asked once a node.
 */
export class InputShapes {
  readonly #request: ShapeRequest
  readonly #known = new Map<string, Promise<Shape>>()
  readonly #seedRows = new Map<string, WrittenRows>()
  #tables = 0

  constructor(request: ShapeRequest) {
    this.#request = request
  }

  /** @param session outside any transaction */
  of(id: string, session: Session): Promise<Shape> {
    let shape = this.#known.get(id)
    if (shape === undefined) {
      shape = this.#find(id, session)
      this.#known.set(id, shape)
    }
    return shape
  }

  /** The rows of a seed that was asked for and is small: they are read once, not loaded for each test. */
  seedRows(id: string): WrittenRows | undefined {
    return this.#seedRows.get(id)
  }

  /** A name for a table of a transaction that is rolled back. */
  scratch(identifier: string): RelationName {
    const { adapter, target, runId } = this.#request
    const name = `${identifier}_${(this.#tables++).toString(36)}`
    return {
      ...adapter.scratch(target.database),
      identifier: stagedName(name, runId.slice(0, 8), adapter.dialect.maxIdentifierBytes),
    }
  }

  async #find(id: string, session: Session): Promise<Shape> {
    const node = this.#request.graph.nodes.get(id)
    if (!isRelationNode(node)) return { columns: [], open: true, why: 'it is not in the project' }
    switch (node.resourceType) {
      case 'model':
        return this.#ofModel(node, session)
      case 'seed':
        return this.#ofSeed(node, session)
      case 'source':
        return this.#ofSource(node, session)
      case 'snapshot':
        return this.#ofSnapshot(node, session)
    }
  }

  /** The columns of its query, and those that keep the time of each version. */
  async #ofSnapshot(snapshot: Snapshot, session: Session): Promise<Shape> {
    const query = await this.#ofModel(snapshot, session)
    const spec = snapshotSpec(snapshot, '', true)
    const meta = metaColumns(snapshot.config)
    // A history that was described by its relation has them already.
    if (query.why !== null || query.columns.some((c) => c.name === spec.meta.dbt_scd_id)) return query
    const { resolved } = resolveSnapshot(spec, { columns: query.columns, meta, timeType: null })
    const texts: ReadonlySet<string> = new Set(['dbt_scd_id', 'dbt_is_deleted'])
    const typed = meta.map((c) => ({ name: spec.meta[c], type: texts.has(c) ? 'text' : resolved.timeType }))
    return { ...query, columns: [...query.columns, ...typed] }
  }

  async #ofModel(model: Model | Snapshot, session: Session): Promise<Shape> {
    const inputs = new Map<string, GivenInput>()
    const relations = new Map<string, readonly ResultColumn[]>()
    for (const id of model.dependsOn) {
      const parent = this.#request.graph.nodes.get(id)
      if (!isRelationNode(parent) || isEphemeral(parent)) continue
      const { columns, why } = await this.of(id, session)
      if (why !== null) continue
      const cte = `__tsdbt__empty__${parent.name}`
      inputs.set(inputKey(id), { cte, sql: emptyRows(columns, this.#request.adapter.dialect) })
      relations.set(relationKey(parent.relation), columns)
    }
    const giver = { name: model.name, uniqueId: model.uniqueId, span: model.span }
    try {
      const sql = await this.#request.compiler.compileQuery(model.uniqueId, {
        relations: new Map(),
        incremental: false,
        introspection: introspectionOver(session, relations),
        given: { inputs, vars: {}, env: {}, macros: new Map(), giver },
      })
      const { columns } = await session.query(`select * from (\n${sql.text}\n) as described limit 0`)
      return { columns: columns.map(castable), open: false, why: null }
    } catch (error) {
      return this.#ofRelation(model, session, `its query cannot be described: ${reasonOf(error)}`)
    }
  }

  async #ofSeed(seed: Seed, session: Session): Promise<Shape> {
    const target = this.scratch(seed.name)
    try {
      await session.begin()
      await session.loadSeed(seedRequest(seed, target))
      const columns = await session.columnsOf(target)
      const sql = `select * from ${this.#request.adapter.dialect.relation(target)}`
      const { rows } = await session.query(sql, smallSeed + 1)
      if (rows.length <= smallSeed) this.#seedRows.set(seed.uniqueId, rowsOf(columns, rows, seed))
      return { columns, open: false, why: null }
    } catch (error) {
      await session.rollback()
      return this.#ofRelation(seed, session, `its file cannot be read: ${reasonOf(error)}`)
    } finally {
      await session.rollback()
    }
  }

  async #ofSource(source: Source, session: Session): Promise<Shape> {
    const existing = await columnsOf(session, source.relation)
    const declared = source.columns.flatMap(({ name, dataType }) =>
      dataType === null ? [] : [{ name, type: dataType }],
    )
    if (source.files === null) {
      if (existing.length > 0) return { columns: existing, open: false, why: null }
      const why = 'it is not in the warehouse, and not all of its columns declare a `data_type`'
      if (declared.length === 0) return { columns: [], open: true, why }
      const all = declared.length === source.columns.length
      return { columns: await this.#usable(declared, session), open: !all, why: null }
    }
    const typed = await this.#usable(
      source.columns.map(({ name, dataType }) => ({ name, type: dataType ?? typeIn(existing, name) ?? 'text' })),
      session,
    )
    const more = [...existing, ...loadColumns].filter(({ name }) => typeIn(typed, name) === undefined)
    const distinct = more.filter(({ name }, i) => more.findIndex((c) => c.name === name) === i)
    return { columns: [...typed, ...distinct], open: true, why: null }
  }

  async #ofRelation(node: RelationNode, session: Session, why: string): Promise<Shape> {
    const existing = isEphemeral(node) ? [] : await columnsOf(session, node.relation)
    if (existing.length > 0) return { columns: existing, open: false, why: null }
    const { columns } = node
    const declared = columns.flatMap(({ name, dataType }) => (dataType === null ? [] : [{ name, type: dataType }]))
    if (declared.length > 0 && declared.length === columns.length)
      return { columns: await this.#usable(declared, session), open: false, why: null }
    return { columns: [], open: true, why }
  }

  /** Those whose type the engine takes as it is written. */
  async #usable(columns: readonly ResultColumn[], session: Session): Promise<readonly ResultColumn[]> {
    const ask = async (list: readonly ResultColumn[]): Promise<readonly ResultColumn[]> => {
      const casts = list.map(({ type }, i) => `cast(null as ${type}) as c${i}`)
      const asked = await session.query(`select ${casts.join(', ')}`)
      return list.map(({ name }, i) => ({ name, type: asked.columns[i]!.type }))
    }
    try {
      return columns.length === 0 ? [] : await ask(columns)
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
    }
    const found: ResultColumn[] = []
    for (const column of columns) {
      try {
        found.push(...(await ask([column])))
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error
      }
    }
    return found
  }
}

/** What templates ask while they are compiled: the columns of relations whose rows are given are known. */
export function introspectionOver(
  session: Session,
  given: ReadonlyMap<string, readonly ResultColumn[]>,
): Introspection {
  return {
    query: (sql) => session.query(sql),
    columnsOf: async (relation) => given.get(relationKey(relation)) ?? session.columnsOf(relation),
  }
}

function rowsOf(columns: readonly ResultColumn[], rows: readonly (readonly Cell[])[], seed: Seed): WrittenRows {
  const { span } = seed
  const text = (cell: Cell): string | null => (cell === null ? null : String(cell))
  return {
    kind: 'rows',
    columns: columns.map((c) => c.name),
    rows: rows.map((row) => ({
      cells: columns.map(({ name }, i) => ({ column: name, columnSpan: span, value: text(row[i]!), span })),
      span,
    })),
  }
}

function isEphemeral(node: RelationNode): boolean {
  return node.resourceType === 'model' && node.config.materialized === 'ephemeral'
}

function typeIn(columns: readonly ResultColumn[], name: string): string | undefined {
  return columns.find((c) => c.name === name)?.type
}

/** A column of nulls has a type that no cast can name. */
function castable({ name, type }: ResultColumn): ResultColumn {
  return { name, type: /^"?(?:null|sqlnull|unknown)"?$/i.test(type) ? 'text' : type }
}

async function columnsOf(session: Session, relation: NodeRelation): Promise<readonly ResultColumn[]> {
  try {
    return await session.columnsOf(relation)
  } catch (error) {
    if (error instanceof DatabaseError) return []
    throw error
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof UserError) return error.diagnostics[0]?.message ?? error.message
  if (error instanceof DatabaseError) return error.fault.message
  throw error
}
