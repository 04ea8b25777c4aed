import { defineDiagnostic } from '../base/diagnostic.ts'

export const eventTimeUnpaired = defineDiagnostic<{ given: string; missing: string }>(
  'commands/event-time-unpaired',
  'error',
  '`--event-time-start` and `--event-time-end` bound a window of time together.',
  ({ given, missing }) => ({
    message: `\`${given}\` needs \`${missing}\` beside it`,
    hints: ['the start belongs to the window, the end does not; both are UTC'],
  }),
)

export const badTime = defineDiagnostic<{ option: string; text: string }>(
  'commands/bad-time',
  'error',
  'A time on the command line is a date, or a date and a time of day, as ISO 8601 writes them. Without an offset it is UTC.',
  ({ option, text }) => ({
    message: `\`${option}\`: \`${text}\` is no time`,
    hints: ['write `2026-01-31`, `2026-01-31 06:00:00` or `2026-01-31T06:00:00+01:00`'],
  }),
)

export const emptyWindow = defineDiagnostic<{ options: string; start: string; end: string }>(
  'commands/empty-window',
  'error',
  'A window of time ends before it begins, or where it begins.',
  ({ options, start, end }) => ({
    message: `${options}: the start \`${start}\` is not before the end \`${end}\``,
    hints: ['the start belongs to the window, the end does not: one day is `2026-01-31` to `2026-02-01`'],
  }),
)

export const badSample = defineDiagnostic<{ text: string; near: string | undefined }>(
  'commands/bad-sample',
  'error',
  '`--sample` takes a number of hours, days, months or years back from now, or a start and an end.',
  ({ text, near }) => ({
    message: `\`--sample\`: \`${text}\` is not understood`,
    hints: [near, "write `--sample '3 days'` or `--sample '{start: 2026-01-01, end: 2026-01-31}'`"],
  }),
)

export const badBatches = defineDiagnostic<{ node: string; why: string }>(
  'commands/bad-batches',
  'error',
  'Batches were asked for that cannot be run: of a node that has none, or whose bounds are not those of its batches.',
  ({ node, why }) => ({ message: `batches of \`${node}\` cannot be run: ${why}` }),
)
