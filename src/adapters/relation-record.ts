import { DatabaseError } from '../base/errors.ts'
import type { MadeKind, RelationName } from '../sql/relation.ts'
import { relationKey } from '../sql/relation.ts'
import type { Adapter, Session } from './adapter.ts'

const SCHEMA = 'tsdbt_state'
const TABLE = 'relations'
/** Values that one statement takes. */
const AT_ONCE = 500

/** Whose relations: several projects and targets may share a database, and know nothing of each other's. */
export interface RecordOwner {
  readonly project: string
  readonly target: string
  /** The schema of the target: two developers may call theirs `dev`. */
  readonly schema: string
}

/** A relation or a function that a run has made. */
export interface RecordedRelation {
  readonly name: RelationName
  readonly kind: MadeKind
  /** Of the node that made it. */
  readonly uniqueId: string
}

type Recorded = Pick<RecordedRelation, 'name' | 'kind'>

function keyOf({ name, kind }: Recorded): string {
  return `${kind === 'function'}${relationKey(name)}`
}

/** The record of one owner's relations in one database: the table `tsdbt_state.relations`. */
export class RelationRecord {
  readonly #adapter: Adapter
  readonly #session: Session
  readonly #database: string
  readonly #owner: RecordOwner

  constructor(adapter: Adapter, session: Session, place: { readonly database: string; readonly owner: RecordOwner }) {
    this.#adapter = adapter
    this.#session = session
    this.#database = place.database
    this.#owner = place.owner
  }

  /** Undefined when there is no record yet. */
  async read(): Promise<readonly RecordedRelation[] | undefined> {
    try {
      const { rows } = await this.#session.query(
        `select table_schema, table_name, kind, unique_id from ${this.#table} where ${this.#isOwn} order by 1, 2`,
      )
      return rows.map(([schema, identifier, kind, uniqueId]) => ({
        name: { database: this.#database, schema: String(schema), identifier: String(identifier) },
        kind: kind as MadeKind,
        uniqueId: String(uniqueId),
      }))
    } catch (error) {
      const missing = ['table-missing', 'schema-missing']
      if (error instanceof DatabaseError && missing.includes(error.fault.kind)) return undefined
      throw error
    }
  }

  /**
   * Adds what is not recorded as it is, whoever had it before; nothing is written when nothing is new. In one transaction,
   * so that a reader sees the old record or the new one.
   */
  async add(made: readonly RecordedRelation[]): Promise<void> {
    const recorded = await this.read()
    const known = new Map(recorded?.map((r) => [keyOf(r), r]))
    const changed = made.filter((relation) => {
      const before = known.get(keyOf(relation))
      return before?.kind !== relation.kind || before.uniqueId !== relation.uniqueId
    })
    if (changed.length === 0) return
    if (recorded === undefined) await this.#create()
    await this.#session.begin()
    try {
      for (let at = 0; at < changed.length; at += AT_ONCE) {
        const part = changed.slice(at, at + AT_ONCE)
        // A relation that another owner has built over is that one's now.
        if (recorded !== undefined) await this.#session.execute(this.#removing(part))
        await this.#insert(part)
      }
      await this.#session.commit()
    } catch (error) {
      await this.#session.rollback()
      throw error
    }
  }

  /** The statement that takes relations out of the record. */
  forgetting(relations: readonly Recorded[]): string {
    return `delete from ${this.#table} where ${this.#isOwn} and ${this.#isOneOf(relations)}`
  }

  #removing(relations: readonly RecordedRelation[]): string {
    return `delete from ${this.#table} where ${this.#isOneOf(relations)}`
  }

  async #insert(relations: readonly RecordedRelation[]): Promise<void> {
    const { literal } = this.#adapter.dialect
    const { project, target, schema } = this.#owner
    const owner = [project, target, schema].map((text) => literal(text)).join(', ')
    const rows = relations.map(({ name, kind, uniqueId }) => {
      const values = [name.schema, name.identifier, kind, uniqueId].map((text) => literal(text))
      return `(${owner}, ${values.join(', ')}, current_timestamp)`
    })
    await this.#session.execute(`insert into ${this.#table} values ${rows.join(',\n')}`)
  }

  async #create(): Promise<void> {
    await this.#adapter.createSchemas([{ database: this.#database, schema: SCHEMA }])
    await this.#session.execute(`create table if not exists ${this.#table} (
  project text not null, target text not null, target_schema text not null, table_schema text not null,
  table_name text not null, kind text not null, unique_id text not null, made_at timestamp with time zone not null)`)
  }

  #isOneOf(relations: readonly Recorded[]): string {
    const { literal } = this.#adapter.dialect
    const values = relations.map(
      ({ name, kind }) => `(${literal(name.schema)}, ${literal(name.identifier)}, ${kind === 'function'})`,
    )
    return `(table_schema, table_name, kind = 'function') in (${values.join(', ')})`
  }

  get #table(): string {
    return this.#adapter.dialect.relation({ database: this.#database, schema: SCHEMA, identifier: TABLE })
  }

  get #isOwn(): string {
    const { literal } = this.#adapter.dialect
    const { project, target, schema } = this.#owner
    return `project = ${literal(project)} and target = ${literal(target)} and target_schema = ${literal(schema)}`
  }
}
