import type { Cell, RowSet } from '../adapters/adapter.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { CancelledError, InternalError, UserError } from '../base/errors.ts'
import type { MappedText } from '../base/source-map.ts'
import { testWarning } from '../base/warning-policy.ts'
import type { CompiledTest } from '../compile/compiled-node.ts'
import type { Binding } from '../compile/compiler.ts'
import { planSharedScans, type SharedScan } from '../materializations/shared-scan.ts'
import { failureQuery, rowCountQuery } from '../materializations/test-query.ts'
import {
  needsRowCount,
  type TestRule,
  type TestVerdict,
  testRule,
  testVerdict,
} from '../materializations/test-verdict.ts'
import type { Test } from '../project/resource.ts'
import { diagnosticsOf } from './database-diagnostic.ts'
import { failCalcNull, testFailed } from './errors.ts'
import type { OpenNode } from './result-book.ts'
import { compiledPath, type RunContext } from './run-context.ts'
import { observed, plain } from './run-statement.ts'
import { sampleRows } from './sample-rows.ts'
import { stopMessage } from './skip-message.ts'
import { withTimeLimit } from './with-time-limit.ts'
import type { Worker } from './worker-pool.ts'

/** Where tests run: on any free worker, or all on the connection that holds the open transaction. */
export interface Lane {
  readonly pinned: boolean
  run<T>(job: (worker: Worker) => Promise<T>): Promise<T>
}

/** How a test ended. `compiled` is null when it could not be compiled. */
export interface AuditedTest {
  readonly test: Test
  readonly compiled: CompiledTest | null
  readonly status: 'pass' | 'warn' | 'fail' | 'error' | 'skipped'
}

/** True for endings that hold back publishing and dependants. */
export function blocks({ status }: AuditedTest): boolean {
  return status === 'fail' || status === 'error' || status === 'skipped'
}

export interface AuditOptions {
  readonly lane: Lane
  readonly binding: (worker: Worker) => Binding
  /** Published form of a test's SQL, for the results. */
  readonly published: (test: Test, sql: MappedText) => MappedText
}

/** Runs tests to their verdicts and writes their results. Simple tests of one relation share a scan. */
export async function auditTests(
  context: RunContext,
  tests: readonly Test[],
  options: AuditOptions,
): Promise<readonly AuditedTest[]> {
  if (tests.length === 0) return []
  return new Audit(context, options).run(tests)
}

interface OpenTest {
  readonly test: Test
  readonly open: OpenNode
  readonly compiled: CompiledTest
  readonly rule: TestRule
}

class Audit {
  readonly #context: RunContext
  readonly #options: AuditOptions
  readonly #done: AuditedTest[] = []
  /** The test whose error ended the open transaction, so that no other can run in it. */
  #broken: Test | null = null

  constructor(context: RunContext, options: AuditOptions) {
    this.#context = context
    this.#options = options
  }

  async run(tests: readonly Test[]): Promise<readonly AuditedTest[]> {
    const { lane } = this.#options
    const opened = await lane.run((worker) => this.#compileAll(worker, tests))
    const byId = new Map(opened.map((o) => [o.test.uniqueId, o]))
    const { scans, single } = planSharedScans(opened, this.#context.dialect)
    const jobs = [
      ...scans.map((scan) => (worker: Worker) => this.#runScan(worker, scan, byId)),
      ...single.map(
        ({ test }) =>
          (worker: Worker) =>
            this.#runExact(worker, byId.get(test.uniqueId)!, null),
      ),
    ]
    if (lane.pinned) for (const job of jobs) await lane.run(job)
    else await Promise.all(jobs.map((job) => lane.run(job)))
    return this.#done
  }

  async #compileAll(worker: Worker, tests: readonly Test[]): Promise<OpenTest[]> {
    const opened: OpenTest[] = []
    for (const test of tests) {
      const { book, request } = this.#context
      const open = book.open(test, worker.threadId)
      const rule = testRule(test.config)
      if (rule === undefined) throw new InternalError(`${test.uniqueId} has a threshold that nobody refused`)
      await this.#guard(worker, { test, open, compiled: null }, async () => {
        const binding = this.#options.binding(worker)
        const compiled = await open.during('compile', () => request.compiler.compileTest(test.uniqueId, binding))
        const published = this.#options.published(test, compiled.sql)
        if (published !== compiled.sql) request.compiler.keep({ ...compiled, sql: published })
        opened.push({ test, open, compiled, rule })
      })
    }
    return opened
  }

  async #runScan(worker: Worker, scan: SharedScan, byId: ReadonlyMap<string, OpenTest>): Promise<void> {
    const tests = scan.tests.map(({ test }) => byId.get(test.uniqueId)!)
    if (this.#broken !== null) {
      for (const test of tests) await this.#runExact(worker, test, null)
      return
    }
    const first = tests[0]!.open
    let counts: readonly Cell[]
    try {
      const scanned = await first.during('execute', () => this.#scan(worker, tests[0]!.test, scan))
      counts = scanned.rows[0]!
    } catch (error) {
      if (!(error instanceof UserError) && !(error instanceof CancelledError)) throw error
      // Each test then meets its own error, at its own place.
      for (const test of tests) await this.#runExact(worker, test, null, error)
      return
    }
    for (const { open } of tests.slice(1)) open.shareWork(first)
    const rows = Number(counts[0])
    for (const [i, test] of tests.entries()) {
      // A condition such as `= 0` is not met by the absence of bad rows: the exact query brings the evidence.
      const verdict = testVerdict(test.rule, 0, rows)
      if (Number(counts[i + 1]) === 0 && verdict.status === 'pass') this.#conclude(test, verdict, [])
      else await this.#runExact(worker, test, rows)
    }
  }

  async #scan(worker: Worker, test: Test, scan: SharedScan): Promise<RowSet> {
    return this.#query(worker, test, plain(scan.sql))
  }

  /** In an open transaction a statement that fails must not end the others, where the engine can go back to before it. */
  #query(worker: Worker, test: Test, sql: MappedText, limit?: number): Promise<RowSet> {
    const { session } = worker
    const apart = this.#options.lane.pinned && session.queryApart !== undefined
    const ask = () => (apart ? session.queryApart!(sql.text, limit) : session.query(sql.text, limit))
    return observed(this.#context, worker, test, sql, ask)
  }

  /** @param scanned rows of the relation when a scan has counted them; @param cause the failure of that scan */
  async #runExact(worker: Worker, run: OpenTest, scanned: number | null, cause?: unknown): Promise<void> {
    await this.#guard(worker, run, async () => {
      if (cause !== undefined && this.#options.lane.pinned && (await this.#isBroken(worker))) throw cause
      const { test, open, compiled, rule } = run
      const limited = { node: test, used: open.seconds }
      await open.during('execute', () =>
        withTimeLimit(this.#context, worker, limited, async () => {
          const failures = await this.#failures(worker, test, compiled)
          const rows = scanned ?? (needsRowCount(rule) ? await this.#rowCount(worker, run) : 0)
          const verdict = testVerdict(rule, failures, rows)
          const samples = verdict.status === 'pass' ? [] : [await this.#evidence(worker, run, verdict)]
          this.#conclude(run, verdict, samples)
        }),
      )
    })
  }

  async #failures(worker: Worker, test: Test, compiled: CompiledTest): Promise<number> {
    const failCalc = test.config.fail_calc
    const found = await this.#query(worker, test, failureQuery(compiled, failCalc))
    const cell = found.rows[0]?.[0] ?? null
    const failures = cell === null ? Number.NaN : Number(cell)
    if (Number.isNaN(failures)) throw new UserError(failCalcNull({ failCalc }, this.#place(test)))
    return failures
  }

  async #rowCount(worker: Worker, { test, compiled }: OpenTest): Promise<number> {
    if (compiled.modelSql === null) return 0
    const counted = await this.#query(worker, test, plain(rowCountQuery(compiled.modelSql)))
    return Number(counted.rows[0]?.[0] ?? 0)
  }

  async #evidence(worker: Worker, { test, compiled, rule }: OpenTest, verdict: TestVerdict): Promise<Diagnostic> {
    const sample = await this.#query(worker, test, compiled.sql, 3)
    const warning = verdict.status === 'warn' && !this.#warningsFail
    const condition = verdict.status === 'warn' ? rule.warnText : rule.errorText
    const words = { name: test.name, failures: verdict.failures, warning, condition }
    return testFailed(words, {
      ...this.#place(test),
      ...(sample.rows.length === 0 ? {} : { rows: sampleRows(sample, test.columnName) }),
    })
  }

  get #warningsFail(): boolean {
    return this.#context.request.warnings.levelOf(testWarning) === 'error'
  }

  #place(test: Test): { span: Test['span']; node: string; see?: string } {
    const see = compiledPath(this.#context, test)
    return { span: test.span, node: test.uniqueId, ...(see === undefined ? {} : { see }) }
  }

  #conclude({ test, open, compiled }: OpenTest, verdict: TestVerdict, diagnostics: readonly Diagnostic[]): void {
    const status = verdict.status === 'warn' && this.#warningsFail ? 'fail' : verdict.status
    const { message, failures } = verdict
    const compiledSql = this.#options.published(test, compiled.sql).text
    this.#context.book.close(open, { status, message, failures, diagnostics, compiledSql })
    this.#done.push({ test, compiled, status })
  }

  /** Runs a part of a test; a mistake ends the test with status `error`. */
  async #guard(
    worker: Worker,
    { test, open, compiled }: { test: Test; open: OpenNode; compiled: CompiledTest | null },
    work: () => Promise<void>,
  ): Promise<void> {
    const { book, stop } = this.#context
    const end = (status: 'error' | 'skipped', message: string, diagnostics: readonly Diagnostic[] = []): void => {
      const compiledSql = compiled === null ? null : this.#options.published(test, compiled.sql).text
      book.close(open, { status, message, diagnostics, compiledSql, because: this.#broken?.uniqueId ?? null })
      this.#done.push({ test, compiled, status })
    }
    if (this.#broken !== null)
      return end('skipped', `not run: an error in \`${this.#broken.name}\` ended the transaction`)
    try {
      await work()
    } catch (error) {
      if (error instanceof CancelledError) return end('skipped', stopMessage(stop.reason))
      const found = diagnosticsOf(error, { node: test, statement: null, see: compiledPath(this.#context, test) })
      end(
        'error',
        found[0]?.message ?? 'failed',
        found.map((d) => this.#atTest(d, test)),
      )
      if (this.#options.lane.pinned && (await this.#isBroken(worker))) this.#broken = test
    }
  }

  /** A statement of our own making has no place in a file; the test's declaration is the next best. */
  #atTest(diagnostic: Diagnostic, test: Test): Diagnostic {
    const { span } = diagnostic
    const placed = span !== undefined && (span.end > 0 || span.path !== test.span.path)
    return placed || diagnostic.data !== undefined ? diagnostic : { ...diagnostic, span: test.span }
  }

  async #isBroken(worker: Worker): Promise<boolean> {
    try {
      await worker.session.query('select 1')
      return false
    } catch {
      return true
    }
  }
}
