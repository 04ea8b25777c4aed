import { meetsThreshold, parseThreshold, type Threshold } from './threshold.ts'

/** What decides a test, read from its configuration. */
export interface TestRule {
  readonly severity: 'error' | 'warn'
  readonly warnIf: Threshold
  readonly errorIf: Threshold
  readonly warnText: string
  readonly errorText: string
}

export interface TestVerdict {
  readonly status: 'pass' | 'warn' | 'fail'
  /** Bad rows; 0 when the test passes, also when it passes through a threshold, as in dbt. */
  readonly failures: number
  /** Empty when it passes. */
  readonly message: string
}

/** Undefined when `warn_if` or `error_if` cannot be read. */
export function testRule(config: { severity: string; warn_if: string; error_if: string }): TestRule | undefined {
  const warnIf = parseThreshold(config.warn_if)
  const errorIf = parseThreshold(config.error_if)
  if (warnIf === undefined || errorIf === undefined) return undefined
  const severity = config.severity.toLowerCase() === 'warn' ? 'warn' : 'error'
  return { severity, warnIf, errorIf, warnText: config.warn_if.trim(), errorText: config.error_if.trim() }
}

/** True when a verdict needs the number of rows of the tested relation. */
export function needsRowCount(rule: TestRule): boolean {
  return rule.warnIf.percent || (rule.severity === 'error' && rule.errorIf.percent)
}

/** dbt's order: an error-severity test fails by `error_if`, else any test warns by `warn_if`, else it passes. */
export function testVerdict(rule: TestRule, failures: number, rows: number): TestVerdict {
  const noun = failures === 1 ? 'result' : 'results'
  if (rule.severity === 'error' && meetsThreshold(rule.errorIf, failures, rows))
    return { status: 'fail', failures, message: `Got ${failures} ${noun}, configured to fail if ${rule.errorText}` }
  if (meetsThreshold(rule.warnIf, failures, rows))
    return { status: 'warn', failures, message: `Got ${failures} ${noun}, configured to warn if ${rule.warnText}` }
  return { status: 'pass', failures: 0, message: '' }
}
