import { UserError } from '../base/errors.ts'
import { readTime, type TimeWindow } from '../base/event-time.ts'
import { didYouMean } from '../base/nearest.ts'
import { SourceFile } from '../base/source-file.ts'
import { countBack, type Grain, grains } from '../base/time-grain.ts'
import type { CompileTime } from '../compile/create-compiler.ts'
import { parseYaml } from '../config/parse-yaml.ts'
import { rawValue } from '../config/yaml-reader.ts'
import type { TimeOptions } from './options.ts'
import { badSample, badTime, emptyWindow, eventTimeUnpaired } from './time-errors.ts'
import type { Workspace } from './workspace.ts'

/** The time of rows that a command is about. Raises `UserError` for options that do not go together or cannot be read. */
export function readTimeOptions(workspace: Workspace, options: TimeOptions): CompileTime {
  const now = timeOf('now', options.now ?? workspace.options.now ?? workspace.startedAt)
  const sample = options.sample === undefined ? null : readSample(options.sample, now)
  return { now, window: readWindow(options), sample }
}

function readWindow({ eventTimeStart, eventTimeEnd }: TimeOptions): TimeWindow | null {
  const [from, to] = ['--event-time-start', '--event-time-end']
  if (eventTimeStart === undefined && eventTimeEnd === undefined) return null
  if (eventTimeStart === undefined) throw new UserError(eventTimeUnpaired({ given: to, missing: from }))
  if (eventTimeEnd === undefined) throw new UserError(eventTimeUnpaired({ given: from, missing: to }))
  const window = { start: timeOf(from, eventTimeStart), end: timeOf(to, eventTimeEnd) }
  if (window.start < window.end) return window
  const written = { start: String(eventTimeStart), end: String(eventTimeEnd) }
  throw new UserError(emptyWindow({ options: `\`${from}\`, \`${to}\``, ...written }))
}

export function timeOf(option: string, value: string | Date): number {
  const time = value instanceof Date ? value.getTime() : readTime(value)
  if (time === undefined || Number.isNaN(time)) throw new UserError(badTime({ option, text: String(value) }))
  return time
}

function readSample(sample: NonNullable<TimeOptions['sample']>, now: number): TimeWindow {
  if (typeof sample !== 'string') return sampleBetween(sample.start, sample.end)
  const relative = /^\s*(\d+)\s+([a-z]+)\s*$/i.exec(sample)
  if (relative !== null) {
    const word = relative[2]!.toLowerCase()
    const grain = grains.find((g) => word === g || word === `${g}s`)
    const count = Number(relative[1])
    if (grain !== undefined && count > 0 && Number.isSafeInteger(count)) return sampleBack(now, grain, count)
    const near = didYouMean(
      word,
      grains.flatMap((g) => [g, `${g}s`]),
    )
    throw new UserError(badSample({ text: sample, near }))
  }
  const { root, diagnostics } = parseYaml(new SourceFile('<--sample>', sample))
  const value = root?.kind === 'map' && diagnostics.length === 0 ? rawValue(root) : null
  const { start, end, ...others } = (value ?? {}) as Record<string, unknown>
  if (typeof start !== 'string' || typeof end !== 'string' || Object.keys(others).length > 0)
    throw new UserError(badSample({ text: sample, near: undefined }))
  return sampleBetween(start, end)
}

/** As dbt counts: from now, not from the last boundary. */
function sampleBack(now: number, grain: Grain, count: number): TimeWindow {
  return { start: countBack(now, grain, count), end: now }
}

function sampleBetween(start: string | Date, end: string | Date): TimeWindow {
  const window = { start: timeOf('--sample', start), end: timeOf('--sample', end) }
  if (window.start < window.end) return window
  throw new UserError(emptyWindow({ options: '`--sample`', start: String(start), end: String(end) }))
}
