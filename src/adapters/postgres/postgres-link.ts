import type { Client } from 'pg'
import type { from, to } from 'pg-copy-streams'
import type { DatabaseFault } from '../../base/errors.ts'
import type { StatementComment } from '../statement-comment.ts'

/** What a connection needs to be made, made again and interrupted; one for all connections of a run. */
export interface PostgresLink {
  /** A client that is connected and set up; tries again as the profile says. Raises the driver's error. */
  connect(): Promise<Client>
  /** Asks the server to interrupt what the client runs; resolves when the server has taken note. */
  requestCancel(client: Client): Promise<void>
  /** Starts a stream into `copy … from stdin`. */
  readonly copyFrom: typeof from
  /** Starts a stream from `copy … to stdout`. */
  readonly copyTo: typeof to
  /** Milliseconds that publishing waits for a lock before it tries again. */
  readonly lockTimeoutMs: number
  /** Goes along with statements of no node. */
  readonly comment?: StatementComment | null | undefined
  /** Raises a `DatabaseError` when the run has lost what allows it to write. */
  assertHeld(): void
  /** Adds to a fault what the catalog knows; never over the connection whose statement failed. */
  explain?(fault: DatabaseFault): Promise<DatabaseFault>
}
