/** Where a server keeps the relations of a target, for programs that read them themselves. Never a password. */
export interface LiveConnection {
  readonly engine: string
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string | null
  readonly tls: boolean
}
