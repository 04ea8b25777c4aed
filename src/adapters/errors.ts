import { defineDiagnostic } from '../base/diagnostic.ts'
import type { DatabaseFault } from '../base/errors.ts'
import { faultWords } from '../base/fault-words.ts'
import { didYouMean } from '../base/nearest.ts'

interface KeyArgs {
  readonly key: string
  readonly known: readonly string[]
}

export const unknownProfileKey = defineDiagnostic(
  'db/unknown-profile-key',
  'error',
  'A target in `profiles.yml` has a key that its engine does not know.',
  ({ key, known }: KeyArgs) => ({
    message: `unknown key \`${key}\` in this target`,
    hints: [didYouMean(key, known) ?? `the keys are ${known.map((k) => `\`${k}\``).join(', ')}`],
  }),
)

export const badProfileValue = defineDiagnostic(
  'db/bad-profile-value',
  'error',
  'A value of a target in `profiles.yml` has the wrong type or form.',
  ({ key, wanted, got }: { key: string; wanted: string; got: string }) => ({
    message: `\`${key}\` must be ${wanted}, not ${got}`,
  }),
)

export const missingProfileKey = defineDiagnostic(
  'db/missing-profile-key',
  'error',
  'A target in `profiles.yml` lacks a key that its engine needs.',
  ({ key, about }: { key: string; about: string }) => ({
    message: `this target has no \`${key}\`: ${about}`,
  }),
)

export const unknownEngine = defineDiagnostic(
  'db/unknown-engine',
  'error',
  'The `type` of a target names an engine that tsdbt does not have.',
  ({ type, known }: { type: string | null; known: readonly string[] }) => ({
    message: type === null ? 'this target has no `type`' : `no engine is called \`${type}\``,
    hints: [
      (type === null ? undefined : didYouMean(type, known)) ??
        `the engines are ${known.map((k) => `\`${k}\``).join(', ')}`,
    ],
  }),
)

/** Who has a database file open or a target in use. Unknown parts are left out. */
export interface LockHolder {
  readonly host?: string | undefined
  readonly pid?: number | undefined
  readonly program?: string | undefined
  readonly user?: string | undefined
  /** As the operating system or the server prints it. */
  readonly since?: string | undefined
  /** Where the holder's connection comes from, as the server sees it. */
  readonly address?: string | undefined
  /** The server's process that serves the holder. */
  readonly serverProcess?: number | undefined
}

function describeHolder(holder: LockHolder): string {
  const parts: string[] = []
  if (holder.pid !== undefined) parts.push(`PID ${holder.pid}`)
  if (holder.program !== undefined) parts.push(`program \`${holder.program}\``)
  if (holder.user !== undefined) parts.push(`user \`${holder.user}\``)
  if (holder.host !== undefined) parts.push(`host \`${holder.host}\``)
  if (holder.address !== undefined) parts.push(`address \`${holder.address}\``)
  if (holder.serverProcess !== undefined) parts.push(`server process ${holder.serverProcess}`)
  if (holder.since !== undefined) parts.push(`running since ${holder.since}`)
  return parts.length === 0 ? 'the holder is not known' : parts.join(', ')
}

export const databaseLocked = defineDiagnostic(
  'db/locked',
  'error',
  'Another process has the database file open; DuckDB lets one process write at a time. End it, or wait with `--wait`.',
  ({ path, holder, waitedMs }: { path: string; holder: LockHolder; waitedMs: number }) => ({
    message:
      waitedMs > 0
        ? `database \`${path}\` is still held by another process after ${Math.round(waitedMs / 1000)} s: ${describeHolder(holder)}`
        : `database \`${path}\` is held by another process: ${describeHolder(holder)}`,
    hints: ['end that process, or wait for it with `--wait 10m`'],
  }),
)

export const targetHeld = defineDiagnostic(
  'db/target-held',
  'error',
  'Another run writes to the same database and schema; the second one is refused, or waits with `--wait`.',
  ({ target, holder, waitedMs }: { target: string; holder: LockHolder; waitedMs: number }) => ({
    message:
      waitedMs > 0
        ? `target \`${target}\` is still held by another run after ${Math.round(waitedMs / 1000)} s: ${describeHolder(holder)}`
        : `target \`${target}\` is held by another run: ${describeHolder(holder)}`,
    hints: ['let that run finish, or wait for it with `--wait 10m`'],
  }),
)

export const otherDatabase = defineDiagnostic(
  'db/other-database',
  'error',
  'A node is configured into another database than the one of its target, and the engine reaches only one at a time.',
  ({ database, schema, target }: { database: string; schema: string; target: string }) => ({
    message: `schema \`${schema}\` would be in database \`${database}\`, but this target is connected to \`${target}\``,
    hints: ['take the `database` out of the configuration, or use a target of that database'],
  }),
)

const FILE_REASONS: { readonly [code: string]: string } = {
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is a file',
  EPERM: 'permission denied',
}

export const certificateUnreadable = defineDiagnostic(
  'db/certificate-unreadable',
  'error',
  'A certificate or key file of a target cannot be read.',
  ({ key, path, reason }: { key: string; path: string; reason: string }) => ({
    message: `the file of \`${key}\`, \`${path}\`, cannot be read: ${FILE_REASONS[reason] ?? reason}`,
    hints: ['relative paths start from the folder of `profiles.yml`'],
  }),
)

export const databaseOpenHere = defineDiagnostic(
  'db/already-open',
  'error',
  'This process has already opened the database file. Two instances of one file in one process lose data, so the second is refused.',
  ({ path }: { path: string }) => ({
    message: `database \`${path}\` is already open in this process`,
    hints: ['close the other engine first'],
  }),
)

export const databaseNotWritable = defineDiagnostic(
  'db/not-writable',
  'error',
  'The database file or its folder cannot be written.',
  ({ path, reason }: { path: string; reason: string }) => ({
    message: `database \`${path}\` cannot be opened for writing: ${reason}`,
    hints: ["look at the permissions of the file and its folder, or change the target's `path`"],
  }),
)

export const notADatabase = defineDiagnostic(
  'db/not-a-database',
  'error',
  'The file that a target names is no DuckDB database.',
  ({ path, reason }: { path: string; reason: string }) => ({
    message: `\`${path}\` is not a DuckDB database: ${reason}`,
    hints: ["change the target's `path`; tsdbt never overwrites a file that it did not make"],
  }),
)

export const databaseDamaged = defineDiagnostic(
  'db/damaged',
  'error',
  'The database file is damaged; restore it from a copy.',
  ({ path, reason }: { path: string; reason: string }) => ({
    message: `database \`${path}\` is damaged: ${reason}`,
    hints: ['restore a copy of the file, or delete it and build again'],
  }),
)

export const databaseTooNew = defineDiagnostic(
  'db/too-new',
  'error',
  'The database file was written by a newer version of DuckDB than the one in tsdbt.',
  ({ path, version, reason }: { path: string; version: string; reason: string }) => ({
    message: `database \`${path}\` was written by a newer DuckDB than ${version}: ${reason}`,
    hints: ['update tsdbt, or use another file'],
  }),
)

export const cannotOpen = defineDiagnostic(
  'db/cannot-open',
  'error',
  'The database could not be opened, for the reason that the engine gives.',
  ({ path, reason }: { path: string; reason: string }) => ({
    message: `database \`${path}\` cannot be opened: ${reason}`,
  }),
)

export const badSetting = defineDiagnostic(
  'db/bad-setting',
  'error',
  'The engine refuses a setting of the target.',
  ({ name, reason, known }: { name: string; reason: string; known: readonly string[] }) => ({
    message: `the engine refuses the setting \`${name}\`: ${reason}`,
    hints: [didYouMean(name, known)],
  }),
)

export const missingExtension = defineDiagnostic(
  'db/missing-extension',
  'error',
  'A target asks for an extension of DuckDB that is not installed. tsdbt loads installed extensions and downloads none.',
  ({ name, reason }: { name: string; reason: string }) => ({
    message: `the extension \`${name}\` cannot be loaded: ${reason}`,
    hints: [`install it once with \`install ${name}\` in the DuckDB shell of the same version`],
  }),
)

export const cannotAttach = defineDiagnostic(
  'db/cannot-attach',
  'error',
  'A database of `attach` could not be attached.',
  ({ path, reason }: { path: string; reason: string }) => ({
    message: `\`${path}\` cannot be attached: ${reason}`,
  }),
)

const FAULTS: readonly (readonly [kind: string, about: string])[] = [
  ['column-missing', 'The statement names a column that none of its relations has.'],
  ['table-missing', 'The statement names a table or view that does not exist.'],
  ['schema-missing', 'The statement names a schema or database that does not exist.'],
  ['function-missing', 'The statement calls a function that the engine does not have.'],
  ['ambiguous', 'A name could mean several columns; write the alias of the table before it.'],
  ['syntax', 'The engine cannot read the statement.'],
  ['type', 'Types do not fit: an operator or a function is not defined for its arguments.'],
  ['conversion', 'A value could not be converted to the wanted type while the statement ran.'],
  ['range', 'A value is outside the range of its type.'],
  ['division-by-zero', 'A division by zero, on an engine that raises it.'],
  ['constraint', 'A row breaks a constraint of the table.'],
  ['exists', 'A relation of this name exists already.'],
  ['grouping', 'A column is neither grouped nor aggregated, or an aggregate stands where none may be.'],
  ['dependency', 'Something else depends on the object.'],
  ['conflict', 'Another transaction changed the same thing at the same time.'],
  ['permission', 'The user of the connection may not do this.'],
  ['file', 'A file that the statement reads or writes is missing or unusable.'],
  ['out-of-memory', 'The engine ran out of memory.'],
  ['disk-full', 'The disk is full.'],
  ['connection', 'The connection to the engine was lost.'],
  [
    'commit-unknown',
    'The connection was lost while a transaction was committed, and the server does not tell whether it was.',
  ],
  ['lock-timeout', 'Another session held a lock longer than `lock_timeout` of the target allows to wait.'],
  ['deadlock', 'Two sessions waited for each other, and the engine ended this one. Safe to run again.'],
  ['serialization', 'Another transaction changed the same rows at the same time. Safe to run again.'],
  ['statement-timeout', 'A statement ran longer than `statement_timeout` allows.'],
  ['interrupted', 'Somebody cancelled the statement: tsdbt itself, or an administrator of the server.'],
  ['too-many-connections', 'The server, the database or the role has no connection left.'],
  ['read-only', 'The connection may only read: a standby server, or read-only by a setting.'],
  ['view-columns', 'A view cannot be replaced, because columns would vanish, or change their names or types.'],
  ['name-too-long', 'A name has more bytes than the engine keeps.'],
  ['object-missing', 'The statement names a role, index, setting or other object that does not exist.'],
  ['duplicate-name', 'A name that must be unique stands twice: a column, an alias or a CTE.'],
  [
    'wrong-object',
    'The relation is of another kind than the statement expects, for example a view instead of a table.',
  ],
  ['definition', 'The definition of a relation is not valid.'],
  ['cardinality', 'A sub-query or an update met more rows than the one that is allowed.'],
  ['argument', 'A function or a setting was given a value that it does not accept.'],
  [
    'transaction',
    'The statement does not fit the state of the transaction, for example because it must run outside of one.',
  ],
  ['collation', 'Texts with different collations are compared; name the one to use with `collate`.'],
  ['resources', 'The server has reached a limit of its configuration.'],
  ['too-complex', 'The statement is larger or deeper than the engine allows.'],
  ['in-use', 'The object is used by something else, or is not in a state that allows the statement.'],
  ['raised', 'A function or trigger of the database raised this error.'],
  ['data-damaged', 'The server found damaged data on its disk.'],
  ['engine-bug', 'The server reports an internal error of its own.'],
  ['unsupported', 'The engine does not support this.'],
  ['other', 'The engine refused the statement, for the reason that it gives.'],
]

const faultKinds = new Map(
  FAULTS.map(([kind, about]) => [kind, defineDiagnostic(`db/${kind}`, 'error', about, faultWords)]),
)

/** The kind of diagnostic for what an engine said; a fault of an unlisted kind is `db/other`. */
export function faultDiagnosticKind(fault: DatabaseFault) {
  return faultKinds.get(fault.kind) ?? faultKinds.get('other')!
}

export const constraintRefused = defineDiagnostic<{ kind: string; reason: string }>(
  'db/constraint-refused',
  'error',
  'The engine did not take a constraint of a contract, or rows that break it.',
  (a) => ({ message: `the \`${a.kind}\` constraint was refused: ${a.reason}` }),
)
