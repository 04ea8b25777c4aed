import { defineDiagnostic } from '../../base/diagnostic.ts'

interface Where {
  /** Server and database, without a password. */
  readonly where: string
}

interface Reason extends Where {
  /** In the server's or the system's words. */
  readonly reason: string
}

export const unknownHost = defineDiagnostic(
  'db/unknown-host',
  'error',
  'The name of the server has no address.',
  ({ where, host, passing }: Where & { host: string; passing: boolean }) => ({
    message: passing
      ? `the name service does not answer, so \`${host}\` has no address now (${where})`
      : `no server is called \`${host}\` (${where})`,
    hints: [passing ? 'look at the network, and try again' : 'look at `host` of the target'],
  }),
)

export const connectionRefused = defineDiagnostic(
  'db/connection-refused',
  'error',
  'Nothing listens at the address of the server.',
  ({ where, address }: Where & { address: string }) => ({
    message: `nothing listens at ${address} (${where})`,
    hints: ['start the server, or look at `host` and `port` of the target'],
    notes: ['a server takes connections over the network only where its `listen_addresses` says so'],
  }),
)

export const connectTimeout = defineDiagnostic(
  'db/connect-timeout',
  'error',
  'The server did not answer within `connect_timeout`.',
  ({ where }: Where) => ({
    message: `the server does not answer (${where})`,
    hints: ['look at `host`, `port` and the firewalls between, or raise `connect_timeout` of the target'],
  }),
)

export const hostUnreachable = defineDiagnostic(
  'db/host-unreachable',
  'error',
  'The network has no way to the server.',
  ({ where }: Where) => ({
    message: `no way leads to the server (${where})`,
    hints: ['look at the network or the VPN of this machine, and at `host` of the target'],
  }),
)

export const socketMissing = defineDiagnostic(
  'db/socket-missing',
  'error',
  'The folder that `host` names has no socket of a server, or it may not be used.',
  ({ path, denied }: { path: string; denied: boolean }) => ({
    message: denied ? `the socket \`${path}\` may not be used` : `no server has a socket at \`${path}\``,
    hints: [
      denied
        ? 'look at the rights of the folder, or connect by the name of the server'
        : "start the server, or set `host` to the folder of the server's `unix_socket_directories`, and `port` to its port",
    ],
  }),
)

export const wrongPassword = defineDiagnostic(
  'db/wrong-password',
  'error',
  'The server refuses the user and password of the target. It does not tell which of the two is wrong.',
  ({ where, user }: Where & { user: string | undefined }) => ({
    message: `the server refuses ${user === undefined ? 'the user' : `the user \`${user}\``} with this password (${where})`,
    hints: [
      'look at `user` and `password` of the target; a role without a password or past its `valid until` is refused, too',
    ],
  }),
)

export const passwordMissing = defineDiagnostic(
  'db/password-missing',
  'error',
  'The server asks for a password, and the target has none.',
  ({ where }: Where) => ({
    message: `the server asks for a password, and the target has none (${where})`,
    hints: ['set it from the environment: `password: \'{{env_var "TSDBT_SECRET_PGPASSWORD"}}\'`'],
  }),
)

export const refusedByRules = defineDiagnostic(
  'db/refused-by-rules',
  'error',
  'The rules of the server (`pg_hba.conf`) let nobody in from this address with this user, database and encryption.',
  ({ where, reason, plain }: Reason & { plain: boolean }) => ({
    message: `the server lets no such connection in: ${reason} (${where})`,
    hints: [
      plain
        ? 'the connection was not encrypted: set `sslmode: require` or stricter, or ask an administrator for a line in `pg_hba.conf`'
        : 'ask an administrator for a line in `pg_hba.conf` for this user, database and address',
    ],
  }),
)

export const roleCannotLogIn = defineDiagnostic(
  'db/role-cannot-log-in',
  'error',
  'The user of the target does not exist, or may not log in.',
  ({ where, reason }: Reason) => ({
    message: `the user of the target cannot log in: ${reason} (${where})`,
    hints: ['look at `user` of the target, or make the role: `create role … login password …`'],
  }),
)

export const databaseMissing = defineDiagnostic(
  'db/database-missing',
  'error',
  'The server has no database of the name in the target.',
  ({ where, name }: Where & { name: string | undefined }) => ({
    message: `there is no database ${name === undefined ? 'of this name' : `\`${name}\``} (${where})`,
    hints: ['look at `dbname` of the target (`psql -l` lists the databases), or make it: `create database …`'],
  }),
)

export const databaseRefused = defineDiagnostic(
  'db/database-refused',
  'error',
  'The server has the database, but lets the user not connect to it.',
  ({ where, reason }: Reason) => ({
    message: `the database lets this user not connect: ${reason} (${where})`,
    hints: ['its owner can allow it: `grant connect on database … to …`'],
  }),
)

export const serverFull = defineDiagnostic(
  'db/server-full',
  'error',
  'The server, the database or the role has as many connections as it may have.',
  ({ where, reason }: Reason) => ({
    message: `the server has no connection left: ${reason} (${where})`,
    hints: ['lower `threads` of the target, close other connections, or raise the limit of the role or the server'],
  }),
)

export const serverNotReady = defineDiagnostic(
  'db/server-not-ready',
  'error',
  'The server starts, shuts down or recovers, and accepts no connections meanwhile.',
  ({ where, reason }: Reason) => ({
    message: `the server accepts no connections now: ${reason} (${where})`,
    hints: ['try again when it is ready; `retries` of the target says how often tsdbt does so itself'],
  }),
)

export const connectionClosed = defineDiagnostic(
  'db/connection-closed',
  'error',
  'The server, or something between, closed the connection while it was being set up.',
  ({ where }: Where) => ({
    message: `the connection was closed before it was ready (${where})`,
    hints: [
      "look into the server's log, and at proxies and firewalls between; or is it another program that listens there?",
    ],
  }),
)

export const notPostgres = defineDiagnostic(
  'db/not-postgres',
  'error',
  'Something else than a Postgres server answers at the address.',
  ({ where }: Where) => ({
    message: `what answers there is no Postgres server (${where})`,
    hints: ['look at `host` and `port` of the target'],
  }),
)

export const tlsUnsupported = defineDiagnostic(
  'db/tls-unsupported',
  'error',
  'The target asks for encryption, and the server has none.',
  ({ where }: Where) => ({
    message: `the server offers no encryption (${where})`,
    hints: ['switch TLS on in the server (`ssl = on`), or, in a network that you trust, set `sslmode: disable`'],
  }),
)

export const certificateExpired = defineDiagnostic(
  'db/certificate-expired',
  'error',
  "The server's certificate is not valid at this time.",
  ({ where, early }: Where & { early: boolean }) => ({
    message: early
      ? `the server's certificate is not valid yet (${where})`
      : `the server's certificate has expired (${where})`,
    hints: [early ? 'look at the clock of this machine' : 'ask an administrator of the server to renew it'],
  }),
)

export const certificateUntrusted = defineDiagnostic(
  'db/certificate-untrusted',
  'error',
  "No authority that is trusted here has signed the server's certificate.",
  ({ where, selfSigned }: Where & { selfSigned: boolean }) => ({
    message: selfSigned
      ? `the server's certificate is signed by itself, and not trusted here (${where})`
      : `the server's certificate is signed by an authority that is not trusted here (${where})`,
    hints: [
      "set `sslrootcert` to the file with the certificate of the server's authority; `sslmode: require` encrypts without this check",
    ],
  }),
)

export const certificateHost = defineDiagnostic(
  'db/certificate-host',
  'error',
  "The server's certificate is made out to another name than `host`.",
  ({ where, names }: Where & { names: string | undefined }) => ({
    message: `the server's certificate is made out to another name${names === undefined ? '' : `: ${names}`} (${where})`,
    hints: [
      'set `host` to a name that the certificate has; `sslmode: verify-ca` checks the authority and not the name',
    ],
  }),
)

export const clientCertificate = defineDiagnostic(
  'db/client-certificate',
  'error',
  "The server wants a certificate of the client's, and got none or one that it does not trust.",
  ({ where }: Where) => ({
    message: `the server wants a certificate of this client that it trusts (${where})`,
    hints: ['set `sslcert` and `sslkey` to a certificate for `user`, signed by the authority that the server trusts'],
  }),
)

export const certificateFile = defineDiagnostic(
  'db/certificate-file',
  'error',
  'A file of `sslrootcert`, `sslcert` or `sslkey` does not hold what it should.',
  ({ problem }: { problem: string }) => ({
    message: `a certificate of this target cannot be used: ${problem}`,
    hints: [
      'the files must be in PEM form: `-----BEGIN CERTIFICATE-----` for `sslrootcert` and `sslcert`, a key without a passphrase for `sslkey`',
    ],
  }),
)

export const tlsFailed = defineDiagnostic(
  'db/tls-failed',
  'error',
  'Client and server could not agree on an encrypted connection.',
  ({ where, reason }: Reason) => ({
    message: `no encrypted connection could be made: ${reason} (${where})`,
    hints: ["look at the server's TLS versions and ciphers, and into its log"],
  }),
)

export const roleUnusable = defineDiagnostic(
  'db/role-unusable',
  'error',
  'The `role` of the target does not exist, or the user is no member of it.',
  ({ role, missing }: { role: string | undefined; missing: boolean }) => {
    const named = role === undefined ? 'the `role` of the target' : `the role \`${role}\``
    return {
      message: missing ? `${named} does not exist` : `the user may not take on ${named}`,
      hints: [
        missing
          ? 'look at `role` of the target, or make it: `create role …`'
          : 'make the user a member: `grant <role> to <user>`',
      ],
    }
  },
)

export const cannotConnect = defineDiagnostic(
  'db/cannot-connect',
  'error',
  'The connection could not be made, for the reason that the server or the system gives.',
  ({ where, reason }: Reason) => ({ message: `cannot connect: ${reason} (${where})` }),
)

export const roleTooMighty = defineDiagnostic(
  'db/reader-too-mighty',
  'error',
  'The role of an export reads its views and nothing else. A role that can do more is not taken for one.',
  ({ role, why }: { role: string; why: string }) => ({
    message: `\`${role}\` cannot be the reader of these views: ${why}`,
    hints: ['name another role, which is made when there is none'],
  }),
)

export const roleNotMade = defineDiagnostic(
  'db/reader-not-made',
  'error',
  'The role of an export does not exist, and the user of the target may not make roles. An administrator makes it once.',
  ({ role, statement }: { role: string; statement: string }) => ({
    message: `there is no role \`${role}\`, and the user of the target may not make one`,
    hints: [`let an administrator run \`${statement}\`, or leave \`role\` out`],
  }),
)
