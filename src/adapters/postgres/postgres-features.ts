import type { RelationName } from '../../sql/relation.ts'
import type { IndexSpec } from '../replacement.ts'
import type {
  PartitionFill,
  PartitionGrowth,
  PartitionNames,
  TableFeatures,
  ViewComparison,
} from '../table-features.ts'
import { ensureIndexes } from './ensure-indexes.ts'
import { compareMaterializedViews, refreshMaterializedView } from './materialized-view.ts'
import { fillPartitions } from './partitioning/fill-partitions.ts'
import { growPartitions } from './partitioning/grow-partitions.ts'
import { namePartitions } from './partitioning/name-partitions.ts'
import type { PostgresConnection } from './postgres-connection.ts'

/** What Postgres offers to tables beyond their rows, on one connection. */
export class PostgresFeatures implements TableFeatures {
  readonly #own: () => PostgresConnection

  /** @param own raises when the connection was given back */
  constructor(own: () => PostgresConnection) {
    this.#own = own
  }

  fillPartitions(fill: PartitionFill): Promise<PartitionNames> {
    return fillPartitions(this.#own(), fill)
  }

  namePartitions(names: PartitionNames): Promise<void> {
    return namePartitions(this.#own(), names)
  }

  growPartitions(growth: PartitionGrowth): Promise<string | null> {
    return growPartitions(this.#own(), growth)
  }

  ensureIndexes(table: RelationName, indexes: readonly IndexSpec[]): Promise<void> {
    return ensureIndexes(this.#own(), table, indexes)
  }

  compareMaterializedViews(
    published: RelationName,
    staged: RelationName,
    indexes: readonly IndexSpec[],
  ): Promise<ViewComparison> {
    return compareMaterializedViews(this.#own(), published, staged, indexes)
  }

  refreshMaterializedView(name: RelationName, options: { concurrently: boolean }): Promise<number | null> {
    return refreshMaterializedView(this.#own(), name, options)
  }
}
