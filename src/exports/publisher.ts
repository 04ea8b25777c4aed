import type { PublishEntry, PublishedKind } from '../config/exports/publish/publish-options.ts'

/** A finished file that goes to a site. */
export interface PublishRequest {
  /** unique id of the export. */
  readonly node: string
  readonly format: string
  /** Absolute; the file in its place. */
  readonly path: string
  /** As people know it: `exports/sales.hyper`. */
  readonly shown: string
  readonly entry: PublishEntry
  /** Aborted when the run stops. */
  readonly signal: AbortSignal
}

/** What became of it, for results and manifests. Holds no secret. */
export interface Published {
  readonly kind: PublishedKind
  /** Empty when the server does not tell. */
  readonly id: string
  readonly name: string
  /** `/Marketing/EMEA` */
  readonly project: string
  readonly server: string
  /** Empty: the default site. */
  readonly site: string
  /** Where people find it; null when the server does not tell. */
  readonly url: string | null
  /** As the server tells it; empty when it does not. */
  readonly updatedAt: string
  readonly bytes: number
  /** Of the server, when it worked on it by itself. */
  readonly job: string | null
  /** Whether the server looked first that the workbook can be opened. */
  readonly validated: boolean
}

/** The one session of a run with the site that it publishes to. */
export interface Publisher {
  /** Raises `UserError`, after which the site has what it had before unless the diagnostic says that this is not known. */
  publish(request: PublishRequest): Promise<Published>
  /** Signs out. Never fails. */
  close(): Promise<void>
}
