import { arch, platform } from 'node:os'
import { join } from 'node:path'
import type { Adapter, Session } from '../adapters/adapter.ts'
import type { Dialect } from '../adapters/dialect.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { CancelledError, DatabaseError, UserError } from '../base/errors.ts'
import { Scrubber } from '../base/scrub.ts'
import { SourceSet } from '../base/source-file.ts'
import { version } from '../base/version.ts'
import { readProjectIdentity } from '../project/project-identity.ts'
import { diagnosticsIn } from './close-outcome.ts'
import { locateProject } from './locate-project.ts'
import type { EngineOptions } from './options.ts'
import type { DebugOutcome } from './outcome.ts'
import { displayPath, type ResolvedTarget, resolveTarget } from './resolve-target.ts'
import { readVariables } from './workspace.ts'

type Check = DebugOutcome['checks'][number]

/** Collects checks; the first one that fails ends the rest, because each needs the one before. */
class Checklist {
  readonly checks: Check[] = []
  readonly diagnostics: Diagnostic[] = []

  /** Undefined when the check failed. */
  async check<T>(name: string, look: () => T | Promise<T>, detail: (found: T) => string): Promise<T | undefined> {
    try {
      const found = await look()
      this.checks.push({ name, ok: true, detail: detail(found) })
      return found
    } catch (error) {
      this.checks.push({ name, ok: false, detail: this.#reason(error) })
      return undefined
    }
  }

  #reason(error: unknown): string {
    if (error instanceof CancelledError) throw error
    const found = diagnosticsIn(error)
    this.diagnostics.push(...found)
    return found[0]!.message
  }
}

/** Looks at everything that a run needs, from the versions to a table that can be written. Exit code 1 when a check fails. */
export async function debugProject(options: EngineOptions): Promise<DebugOutcome> {
  const list = new Checklist()
  const files = new SourceSet()
  await list.check(
    'versions',
    () => version,
    (v) => `tsdbt ${v}, Node.js ${process.versions.node}, ${platform()} ${arch()}`,
  )
  await checkProject(list, files, options)
  const ok = list.checks.every((check) => check.ok)
  return { exitCode: ok ? 0 : 1, checks: list.checks, diagnostics: list.diagnostics, files }
}

async function checkProject(list: Checklist, files: SourceSet, options: EngineOptions): Promise<void> {
  const env = options.env ?? {}
  const found = await list.check(
    'project',
    () => {
      const root = locateProject(options.projectDir ?? '.')
      const vars = readVariables(options.vars)
      const identity = readProjectIdentity(root, { env, vars })
      files.add(identity.file)
      if (identity.diagnostics.some((d) => d.severity === 'error')) throw new UserError(identity.diagnostics)
      return { root, vars, identity }
    },
    ({ root, identity }) => `\`${identity.project.name}\` in ${join(root, identity.projectPath)}`,
  )
  if (found === undefined) return
  const { root, vars } = found
  const target = await list.check(
    'profile',
    () => resolveTarget(root, vars, options, options.secrets ?? new Scrubber()),
    ({ written }) =>
      `\`${written.profileName}\`, target \`${written.targetName}\` in ${join(written.folder, 'profiles.yml')}`,
  )
  if (target === undefined) return
  files.add(target.written.file)
  await checkEngine(list, target, options, root)
  await list.check(
    'hyperd',
    () => findHyperd(root, env),
    (found) => found,
  )
}

/** Which program writes `.hyper` files, or how to get one: a project without such exports needs none. */
async function findHyperd(root: string, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const { locateHyperd } = await import('../exports/hyper/locate-hyperd.ts')
  try {
    const { version: hyperdVersion, path, origin } = await locateHyperd({ env, projectRoot: root })
    return `${hyperdVersion}, ${displayPath(root, path)} (${origin})`
  } catch (error) {
    const [first] = error instanceof UserError ? error.diagnostics : []
    if (first?.code !== 'exports/hyperd-missing' && first?.code !== 'exports/hyperd-platform') throw error
    return `none: ${[first.message, ...(first.hints ?? []).slice(0, 1)].join('; ')}`
  }
}

async function checkEngine(
  list: Checklist,
  target: ResolvedTarget,
  options: EngineOptions,
  root: string,
): Promise<void> {
  const { engine, profile, written } = target
  const place = displayPath(root, engine.describe(profile, written.folder))
  const engineVersion = await list.check(
    'engine',
    async () => (await engine.version()) ?? '',
    (v) => `${engine.type} ${v}`.trimEnd(),
  )
  if (engineVersion === undefined) return
  const context = {
    baseDir: written.folder,
    threads: 1,
    runId: '00000000',
    waitMs: options.waitMs ?? 0,
    signal: options.signal,
    span: written.typeSpan,
  }
  const adapter = await list.check(
    'connection',
    () => engine.open(profile, context),
    ({ version: connected }) => (connected === undefined ? place : `${place}, ${engine.type} ${connected}`),
  )
  if (adapter === undefined) return
  try {
    await list.check(
      'writing',
      () => tryToWrite(adapter, profile.database, profile.schema),
      () => `schema \`${profile.schema}\` in \`${profile.database}\``,
    )
  } finally {
    await adapter.close()
  }
}

/** Makes a table in the target's schema and rolls it back. */
async function tryToWrite(adapter: Adapter, database: string, schema: string): Promise<void> {
  const session = await adapter.acquire()
  try {
    await writeAndRollBack(session, adapter.dialect, database, schema)
  } finally {
    await session.release()
  }
}

async function writeAndRollBack(session: Session, dialect: Dialect, database: string, schema: string): Promise<void> {
  const name = { database, schema, identifier: 'debug__tsdbt_00000000' }
  const table = dialect.createTableAs(name, { text: 'select 1 as a', segments: [] }).text
  try {
    await rolledBack(session, [table])
  } catch (error) {
    // Only then: an engine may ask for the right to make schemas even of who names one that is there.
    if (!(error instanceof DatabaseError) || error.fault.kind !== 'schema-missing') throw error
    await rolledBack(session, [dialect.createSchema(database, schema), table])
  }
}

async function rolledBack(session: Session, statements: readonly string[]): Promise<void> {
  await session.begin()
  try {
    for (const statement of statements) await session.execute(statement)
  } finally {
    await session.rollback()
  }
}
