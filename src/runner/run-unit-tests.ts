import type { Diagnostic } from '../base/diagnostic.ts'
import { CancelledError } from '../base/errors.ts'
import type { UnitTest } from '../project/resource.ts'
import type { UnitOutcome } from './close-unit.ts'
import { diagnosticsOf } from './database-diagnostic.ts'
import { executeUnitTest } from './execute-unit-test.ts'
import { type Judgement, judgeUnitTest } from './judge-unit-test.ts'
import { type PreparedUnitTest, prepareUnitTest } from './prepare-unit-test.ts'
import type { Ending } from './result-book.ts'
import { compiledPath, type RunContext } from './run-context.ts'
import { plainTable } from './show-differences.ts'
import { stopMessage } from './skip-message.ts'
import { unitTestFailed } from './unit-test-errors.ts'
import type { Worker } from './worker-pool.ts'

/** Runs the unit tests of one model, each on a free worker. The first that does not pass holds the model back. */
export async function runUnitTests(
  context: RunContext,
  ids: readonly string[],
  priority: number,
): Promise<UnitOutcome> {
  const tests = ids.map((id) => context.request.graph.nodes.get(id) as UnitTest)
  const passed = await Promise.all(
    tests.map((test) => context.pool.run(priority, (worker) => runUnitTest(context, worker, test))),
  )
  const failed = tests.find((_, i) => !passed[i])
  return { blockedBy: failed?.uniqueId ?? null }
}

async function runUnitTest(context: RunContext, worker: Worker, test: UnitTest): Promise<boolean> {
  const { book, request, stop } = context
  if (stop.reason !== null) {
    book.skip(test, stopMessage(stop.reason), null)
    return false
  }
  const open = book.open(test, worker.threadId)
  let prepared: PreparedUnitTest | null = null
  const end = (ending: Ending): boolean => {
    book.close(open, { ...ending, compiledSql: prepared?.sql.text ?? null })
    if (ending.status === 'pass') return true
    if (request.failFast && ending.status !== 'skipped') stop.stop('fail-fast')
    return false
  }
  try {
    prepared = await open.during('compile', () => prepareUnitTest(context, worker.session, test))
    const ready = prepared
    request.compiler.keep({ uniqueId: test.uniqueId, sql: ready.sql, modelSql: null })
    const judgement = await open.during('execute', async () =>
      judgeUnitTest(context, worker, test, await executeUnitTest(context, worker, ready)),
    )
    return end(judgement === null ? { status: 'pass', message: '', failures: 0 } : failure(context, ready, judgement))
  } catch (error) {
    if (error instanceof CancelledError) return end({ status: 'skipped', message: stopMessage(stop.reason) })
    const found = diagnosticsOf(error, { node: test, statement: null, see: compiledPath(context, test) })
    const placed = found.map((d) => atTest(d, test, compiledPath(context, test)))
    return end({ status: 'error', message: found[0]?.message ?? 'failed', diagnostics: placed })
  }
}

/** A mistake that has no place in a file is told at the name of the test. */
function atTest(diagnostic: Diagnostic, test: UnitTest, compiled: string | undefined): Diagnostic {
  const hints = diagnostic.hints ?? []
  const name = diagnostic.code === 'template/missing-variable' ? /`([^`]+)`/.exec(diagnostic.message)?.[1] : undefined
  const more =
    name === undefined ? [] : [`unit tests do not see \`--vars\`: give it under \`overrides: {vars: {${name}: …}}\``]
  const { span, see } = diagnostic
  const placed = span !== undefined && (span.end > 0 || span.path !== test.originalFilePath)
  return {
    ...diagnostic,
    span: placed ? span : test.span,
    node: test.uniqueId,
    see: see === undefined ? undefined : compiled,
    hints: [...hints, ...more],
  }
}

function failure(context: RunContext, { test, model, notes }: PreparedUnitTest, judgement: Judgement): Ending {
  const { failures, words, rows, more, span } = judgement
  const see = compiledPath(context, test)
  const rest = more === 0 ? [] : [`${more} more ${more === 1 ? 'row' : 'rows'} like these`]
  const diagnostic = unitTestFailed(
    { test: test.name, model: model.name, words, after: test.expect.tableAfter },
    {
      span: span ?? test.span,
      node: test.uniqueId,
      rows,
      notes: [...rest, ...notes],
      ...(see === undefined ? {} : { see }),
    },
  )
  const table = [plainTable(rows), ...rest].join('\n')
  return { status: 'fail', failures, message: `${words}\n\n${table}`, diagnostics: [diagnostic] }
}
