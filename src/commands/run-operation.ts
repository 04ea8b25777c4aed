import type { RowSet, Session } from '../adapters/adapter.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { CancelledError, DatabaseError, UserError } from '../base/errors.ts'
import { didYouMean } from '../base/nearest.ts'
import { SourceFile } from '../base/source-file.ts'
import { type MappedText, sliceMapped } from '../base/source-map.ts'
import type { Binding } from '../compile/compiler.ts'
import { parseYaml } from '../config/parse-yaml.ts'
import { describeYaml } from '../config/yaml-node.ts'
import { rawValue } from '../config/yaml-reader.ts'
import { databaseDiagnostic, type InlineText } from '../runner/database-diagnostic.ts'
import { significantTokens } from '../sql/scan-sql.ts'
import type { Dict } from '../template/value.ts'
import { diagnosticsIn, outcomeOf } from './close-outcome.ts'
import { badArguments, macroMissing } from './errors.ts'
import { inlineTemplate } from './inline-template.ts'
import { LazyConnection } from './introspect.ts'
import type { OperationOptions } from './options.ts'
import type { OperationOutcome } from './outcome.ts'
import { createCompiler, type Workspace } from './workspace.ts'

/**
 * Calls a macro, or takes a text, and executes the statements it gives in one transaction, or a single one without; the rows
 * of the last one are the outcome's.
 */
export async function runOperation(workspace: Workspace, options: OperationOptions): Promise<OperationOutcome> {
  if (workspace.broken) return { ...outcomeOf(workspace, []), rows: null }
  const found: Diagnostic[] = []
  const connection = new LazyConnection(workspace)
  let executing: MappedText | undefined
  let rows: RowSet | null = null
  try {
    const text = await operationText(workspace, options, connection, found)
    const session = await connection.session()
    const statements = splitStatements(text)
    const run = async () => {
      let last: RowSet | null = null
      for (const statement of statements) {
        executing = statement
        last = await session.query(statement.text)
      }
      return last
    }
    // One statement is whole by itself, and some refuse to run inside a transaction.
    rows = statements.length === 1 ? await run() : await inTransaction(session, run)
  } catch (error) {
    if (error instanceof CancelledError) return { ...outcomeOf(workspace, found), exitCode: 130, rows: null }
    if (error instanceof DatabaseError) {
      const node: InlineText = {
        resourceType: 'inline',
        uniqueId: 'operation',
        originalFilePath: '<operation>',
        dependsOn: [],
      }
      found.push({
        ...databaseDiagnostic(error, { node, statement: executing ?? null, see: undefined }),
        node: undefined,
      })
    } else found.push(...diagnosticsIn(error))
  } finally {
    await connection.close()
  }
  return { ...outcomeOf(workspace, found, executing === undefined ? 2 : 1), rows }
}

async function inTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.begin()
  try {
    const result = await work()
    await session.commit()
    return result
  } catch (error) {
    await session.rollback()
    throw error
  }
}

async function operationText(
  workspace: Workspace,
  options: OperationOptions,
  connection: LazyConnection,
  found: Diagnostic[],
): Promise<MappedText> {
  const { project, target } = workspace
  const compiler = createCompiler(workspace, {}, (d) => found.push(d))
  const binding: Binding = { relations: new Map(), incremental: false, introspection: connection.introspection }
  if (options.sql !== undefined)
    return compiler.compileScript(inlineTemplate(workspace, '--sql', options.sql), project.name, binding)
  const name = options.macro ?? ''
  const macro = project.macros.resolve('macro', name, target.engine.type, project.name)
  if (macro === undefined)
    throw new UserError(macroMissing({ name, near: didYouMean(name, project.macros.names('macro')) }))
  return compiler.compileMacroCall(macro, readArguments(workspace, options.args), binding)
}

function readArguments(workspace: Workspace, args: OperationOptions['args']): Dict {
  if (args === undefined) return {}
  if (typeof args !== 'string') return args as Dict
  const file = workspace.files.add(new SourceFile('<--args>', args))
  const { root, diagnostics } = parseYaml(file)
  if (diagnostics.length > 0) throw new UserError(diagnostics)
  if (root === undefined) return {}
  if (root.kind !== 'map') {
    const span = { path: file.path, start: root.start, end: root.end }
    throw new UserError(badArguments({ got: describeYaml(root) }, { span }))
  }
  return rawValue(root) as Dict
}

/** The statements of a text, without their semicolons. */
function splitStatements(text: MappedText): MappedText[] {
  const statements: MappedText[] = []
  let start: number | undefined
  let end = 0
  for (const token of significantTokens(text.text)) {
    if (token.kind === 'symbol' && text.text[token.start] === ';') {
      if (start !== undefined) statements.push(sliceMapped(text, start, end))
      start = undefined
      continue
    }
    start ??= token.start
    end = token.end
  }
  if (start !== undefined) statements.push(sliceMapped(text, start, end))
  return statements
}
