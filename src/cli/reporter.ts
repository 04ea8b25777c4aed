import { randomUUID } from 'node:crypto'
import { compareDiagnostics, type Diagnostic } from '../base/diagnostic.ts'
import type { Event } from '../base/events.ts'
import type { Scrubber } from '../base/scrub.ts'
import type { FreshnessOutcome, RunReport } from '../commands/outcome.ts'
import type { Console, Style } from './console.ts'
import { plainStyle, scrubbedJson } from './console.ts'
import { cannotWriteLog } from './errors.ts'
import { LogFile } from './log-file.ts'
import { countDiagnostics, renderDiagnostic } from './render/diagnostic.ts'
import { diagnosticRecord } from './render/diagnostic-record.ts'
import { LiveRegion } from './render/live-region.ts'
import { clock, debugLine, jsonLine, textLine } from './render/log-line.ts'
import { Narrator } from './render/narrator.ts'
import { countKinds, kindOfNode } from './render/node-info.ts'
import type { LogRecord } from './render/record.ts'
import { reaches } from './render/record.ts'
import { completion, countStatuses, type Stats, statsLine } from './render/summary.ts'
import type { Settings } from './settings.ts'
import type { LayeredSources } from './sources.ts'

type Results = RunReport['results']

/** Says everything that a command has to say: events while it runs, data, diagnostics and the summary. */
export class Reporter {
  readonly #console: Console
  readonly #settings: Settings
  readonly #sources: LayeredSources
  readonly #scrubber: Scrubber
  readonly #narrator: Narrator
  readonly #live: LiveRegion | undefined
  readonly #file: LogFile | undefined
  readonly #begun = Date.now()
  readonly #pending: Diagnostic[] = []
  /** Stands in every JSON line and in the artifacts. */
  readonly invocationId: string = randomUUID()

  constructor(console: Console, settings: Settings, sources: LayeredSources, scrubber: Scrubber) {
    this.#console = console
    this.#settings = settings
    this.#sources = sources
    this.#scrubber = scrubber
    this.#narrator = new Narrator(settings.width)
    const live = settings.format === 'text' && console.err.interactive && reaches('info', settings.level)
    this.#live = live ? new LiveRegion(console.err) : undefined
    this.#file = this.#openFile()
  }

  /** The listener for a command's events. */
  readonly on = (event: Event): void => {
    if (event.type === 'diagnostic' || event.type === 'selection.empty') this.#pending.push(event.diagnostic)
    this.#live?.see(event)
    for (const record of this.#narrator.describe(event)) this.say(record)
    if (event.type === 'freshness.finished') this.#answer(this.#narrator.freshness(event))
  }

  /** A result that is what the command was asked for: on stdout as it comes in. */
  #answer(record: LogRecord): void {
    this.#toFile(record)
    this.data(textLine(record, this.#console.out.style), () => [record])
  }

  /** One record to the log: JSON on stdout, text on stderr, and the log file. */
  say(record: LogRecord): void {
    this.#toFile(record)
    const { format, level } = this.#settings
    if (format === 'json') {
      if (reaches(record.level, level) || (record.always === true && reaches('info', level))) this.#json(record)
      return
    }
    if (!reaches(record.progress === true ? 'info' : record.level, level)) return
    if (!this.#settings.opening && (record.name === 'MainReportVersion' || record.name === 'FoundStats')) return
    // The region shows what is running.
    if (this.#live !== undefined && (record.name === 'LogStartLine' || record.name === 'LogHookStartLine')) return
    const { style } = this.#console.err
    this.#aside(format === 'debug' ? debugLine(record, style) : textLine(record, style))
  }

  /** The style of data: without colours in a JSON log. */
  get dataStyle(): Style {
    return this.#settings.format === 'json' ? plainStyle : this.#console.out.style
  }

  /** What the command was asked for: the text on stdout, or the record when stdout is JSON. Never silenced. */
  data(text: string, record: () => readonly LogRecord[]): void {
    if (this.#settings.format === 'json') for (const line of record()) this.#json(line)
    else this.#console.out.write(text)
  }

  /** Prose on stderr that belongs to no event, without a time. */
  remark(text: string): void {
    const record: LogRecord = { name: 'Note', code: 'Z050', level: 'info', msg: text, data: { msg: text } }
    if (this.#settings.format === 'json') this.say(record)
    else {
      this.#toFile(record)
      if (reaches('info', this.#settings.level)) this.#aside(`${text}\n`)
    }
  }

  /** Everything wrong with the command, sorted, each once. `results` tell which events they become. */
  diagnostics(list: readonly Diagnostic[], results: Results = [], mirror = false): void {
    this.#live?.close()
    const all = distinct([...list, ...this.#pending]).sort(compareDiagnostics)
    const statuses = new Map(results.map((result) => [result.uniqueId, result.status]))
    const texts: string[] = []
    for (const diagnostic of all) {
      const status = diagnostic.node === undefined ? undefined : statuses.get(diagnostic.node)
      const affected =
        status === undefined ? undefined : { status, info: this.#narrator.infoOf(diagnostic.node, status) }
      const record = diagnosticRecord(diagnostic, this.#sources, affected)
      this.#toFile(record)
      if (!reaches(record.level, this.#settings.level)) continue
      if (this.#settings.format !== 'json') {
        texts.push(renderDiagnostic(diagnostic, this.#sources, this.#console.err.style))
        continue
      }
      this.#json(record)
      // Editors that ask for one query read its errors from stderr.
      if (mirror && record.level === 'error') this.#console.err.writeJson(jsonLine(record, this.invocationId))
    }
    if (texts.length > 1 && results.length === 0) texts.push(`${countDiagnostics(all)}\n`)
    this.#console.err.write(texts.join('\n'))
    this.#silentFailures(results)
  }

  /** Our own bug, with what is needed to report it. */
  crash(report: string): void {
    this.#live?.close()
    const record: LogRecord = {
      name: 'MainStackTrace',
      code: 'Z003',
      level: 'error',
      msg: report.trimEnd(),
      data: { stack_trace: report },
    }
    this.#toFile(record)
    if (this.#settings.format === 'json') this.#json(record)
    else this.#console.err.write(report)
  }

  /** The end of a run: what was done, dbt's line of counts on stdout, and before it the warnings of tests. */
  summary({ results, exitCode }: RunReport): void {
    const stats = countStatuses(results.map((result) => result.status))
    this.#summary(stats, exitCode, () => this.#testWarnings(results))
  }

  /** The same of measured sources. */
  freshnessSummary({ results, exitCode }: FreshnessOutcome): void {
    const stats = countStatuses(results.map(({ status }) => (status === 'runtime error' ? 'error' : status)))
    this.#summary(stats, exitCode, () => '')
  }

  #summary(stats: Stats, exitCode: number, warnings: () => string): void {
    const interrupted = exitCode === 130
    const text = completion(stats, exitCode)
    this.say({
      name: 'EndOfRunSummary',
      code: 'Z030',
      level: 'info',
      msg: text,
      tone: exitCode !== 0 ? 'bad' : stats.warn > 0 ? 'odd' : 'good',
      data: {
        num_errors: stats.error,
        num_warnings: stats.warn,
        num_partial_success: 0,
        keyboard_interrupt: interrupted,
      },
    })
    const line = statsLine(stats)
    const record: LogRecord = { name: 'StatsLine', code: 'Z023', level: 'info', msg: line, data: { stats } }
    this.#toFile(record)
    if (!reaches('info', this.#settings.level)) return
    if (this.#settings.format === 'json') this.#json(record)
    else this.#console.out.write(`${this.#console.out.interactive ? '' : warnings()}${clock(undefined)}  ${line}\n`)
  }

  /** `Finished running 1 seed, 2 view models in 0.53s.` */
  finished(report: RunReport): void {
    const kinds = new Map<string, number>()
    for (const { uniqueId } of report.results) {
      const node = this.#narrator.nodes.get(uniqueId)
      const kind = node === undefined ? uniqueId.split('.', 1)[0]! : kindOfNode(node)
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    }
    const line = countKinds(kinds)
    this.#live?.close()
    if (line === '') return
    this.say({
      name: 'FinishedRunningStats',
      code: 'E047',
      level: 'info',
      msg: `Finished running ${line} in ${report.elapsed.toFixed(2)}s.`,
      data: { stat_line: line, execution: ` in ${report.elapsed.toFixed(2)}s`, execution_time: report.elapsed },
    })
  }

  /** The last record, and the end of the live lines and of the log file. */
  close(command: string, success: boolean): void {
    this.#live?.close()
    const elapsed = (Date.now() - this.#begun) / 1000
    const completedAt = new Date().toISOString()
    this.say({
      name: 'CommandCompleted',
      code: 'Q039',
      level: 'debug',
      always: true,
      msg: `Command \`${command}\` ${success ? 'succeeded' : 'failed'} at ${completedAt} after ${elapsed.toFixed(2)} seconds`,
      data: { command: `tsdbt ${command}`, success, completed_at: completedAt, elapsed },
    })
    this.#file?.close()
  }

  /** Takes the live lines away at once, before the process ends. */
  abandon(): void {
    this.#live?.close()
  }

  /** Nodes that failed without a diagnostic of their own, for example because a test withheld them. */
  #silentFailures(results: Results): void {
    for (const result of results) {
      if (result.status !== 'error' || result.diagnostics.length > 0) continue
      const name = this.#narrator.nodes.get(result.uniqueId)?.name ?? result.uniqueId
      this.say({
        name: 'RunResultError',
        code: 'Z024',
        level: 'error',
        tone: 'bad',
        msg: `\`${name}\`: ${result.message}`,
        data: { msg: result.message, node_info: this.#narrator.infoOf(result.uniqueId, result.status) },
      })
    }
  }

  /** dbt's two lines for each test that warns; orchestrators count them. */
  #testWarnings(results: Results): string {
    const lines: string[] = []
    for (const { uniqueId, status, message } of results) {
      const node = this.#narrator.nodes.get(uniqueId)
      if (status !== 'warn' || node === undefined) continue
      const time = clock(undefined)
      lines.push(
        `${time}  Warning in ${node.resourceType} ${node.name} (${node.path})\n${time}  ${message.replaceAll('\n', ' ')}\n`,
      )
    }
    return lines.join('')
  }

  #json(record: LogRecord): void {
    this.#console.out.writeJson(jsonLine(record, this.invocationId))
  }

  #aside(text: string): void {
    if (this.#live === undefined) this.#console.err.write(text)
    else this.#live.above(text)
  }

  #openFile(): LogFile | undefined {
    const wanted = this.#settings.file
    if (wanted === null) return undefined
    try {
      return new LogFile(wanted.folder, wanted.maxBytes)
    } catch (error) {
      this.#pending.push(cannotWriteLog({ path: wanted.folder, reason: (error as Error).message }))
      return undefined
    }
  }

  #toFile(record: LogRecord): void {
    const wanted = this.#settings.file
    if (this.#file === undefined || wanted === null || !reaches(record.level, wanted.level)) return
    if (wanted.format === 'json')
      this.#file.write(`${scrubbedJson(jsonLine(record, this.invocationId), this.#scrubber)}\n`)
    else this.#file.write(this.#scrubber.scrub((wanted.format === 'debug' ? debugLine : textLine)(record, plainStyle)))
  }
}

function distinct(list: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map<string, Diagnostic>()
  for (const diagnostic of list) {
    const { code, message, span, data, node } = diagnostic
    const key = JSON.stringify([code, message, span, data?.path, data?.line, node])
    if (!seen.has(key)) seen.set(key, diagnostic)
  }
  return [...seen.values()]
}
