import type { Adapter, ExistingRelation } from '../adapters/adapter.ts'
import type { RecordedRelation } from '../adapters/relation-record.ts'
import type { NodeRelation } from '../project/resource.ts'
import { type RelationKind, type RelationName, relationKey } from '../sql/relation.ts'

/** What stands in the warehouse: asked once when a run begins, then kept up to date by what the run publishes. */
export class RelationCatalog {
  readonly #kinds = new Map<string, RelationKind>()
  readonly #made = new Map<string, RecordedRelation>()
  readonly #ignoreCase: boolean

  constructor(existing: readonly ExistingRelation[], ignoreCase: boolean) {
    this.#ignoreCase = ignoreCase
    for (const { name, kind } of existing) this.set(name, kind)
  }

  kindOf(relation: NodeRelation): RelationKind | null {
    return this.#kinds.get(this.#key(relation)) ?? null
  }

  set(relation: NodeRelation, kind: RelationKind): void {
    this.#kinds.set(this.#key(relation), kind)
  }

  /** As `set`, for what this run has published. */
  publish(relation: NodeRelation, kind: RelationKind, uniqueId: string): void {
    this.set(relation, kind)
    this.#made.set(this.#key(relation), { name: relation, kind, uniqueId })
  }

  /** Functions stand beside the relations: one may bear the name of a table. */
  publishFunction(name: RelationName, uniqueId: string): void {
    this.#made.set(`function ${this.#key(name)}`, { name, kind: 'function', uniqueId })
  }

  /** What this run has published. */
  get made(): readonly RecordedRelation[] {
    return [...this.#made.values()]
  }

  #key(relation: NodeRelation): string {
    const key = relationKey(relation)
    return this.#ignoreCase ? key.toLowerCase() : key
  }
}

/** One query over all schemas in which the run has something to do. */
export async function readCatalog(
  adapter: Adapter,
  schemas: readonly { readonly database: string; readonly schema: string }[],
): Promise<RelationCatalog> {
  return new RelationCatalog(await adapter.relations(schemas), adapter.capabilities.ignoresCase === true)
}
