import type {
  CompileOutcome,
  DebugOutcome,
  ListOutcome,
  OperationOutcome,
  RunReport,
  ShowOutcome,
} from '../commands/outcome.ts'
import { words } from './engine-options.ts'
import type { FlagValues } from './flag.ts'
import { rowObjects } from './render/cell-text.ts'
import { renderExports } from './render/export-plan.ts'
import { renderListing } from './render/listing.ts'
import { renderPlan } from './render/plan.ts'
import type { PreviewFormat } from './render/preview.ts'
import { renderPreviews, renderRows } from './render/preview.ts'
import type { LogRecord } from './render/record.ts'
import type { Reporter } from './reporter.ts'

/** The answers that go to stdout, as text or as the records that stand for them in a JSON log. */

export function printListing(outcome: ListOutcome, values: FlagValues, reporter: Reporter): void {
  const keys = words(values.get('output-keys') as readonly string[] | undefined)
  const lines = renderListing(outcome.nodes, formatOf(values, 'selector'), keys, reporter.dataStyle)
  reporter.data(lines.map((line) => `${line}\n`).join(''), () => lines.map((line) => note('ListCmdOut', 'Z049', line)))
}

export function printCompiled(outcome: CompileOutcome, values: FlagValues, reporter: Reporter): void {
  const inline = values.has('inline')
  // The whole project goes to files; what was asked for by name is also shown.
  if (!inline && !['select', 'models', 'model'].some((name) => values.has(name))) return
  const json = formatOf(values, 'text') === 'json'
  const nodes = withoutCompanions(outcome.nodes)
  const texts = nodes.map(({ name, sql }) => {
    if (json) return `${JSON.stringify(inline ? { compiled: sql } : { node: name, compiled: sql }, null, 2)}\n`
    return `${nodes.length > 1 ? `-- ${name}\n` : ''}${sql.trimEnd()}\n`
  })
  reporter.data(texts.join(json ? '' : '\n'), () =>
    nodes.map(({ name, uniqueId, sql }, i) => ({
      name: 'CompiledNode',
      code: 'Q042',
      level: 'info',
      msg: texts[i]!.trimEnd(),
      data: {
        node_name: name,
        compiled: sql,
        is_inline: inline,
        output_format: json ? 'json' : 'text',
        unique_id: uniqueId,
        quiet: false,
      },
    })),
  )
}

/** Tests come along with the models that are selected; they are shown when nothing else was asked for. */
function withoutCompanions(nodes: CompileOutcome['nodes']): CompileOutcome['nodes'] {
  const others = nodes.filter((node) => !/^(?:unit_)?test\./.test(node.uniqueId))
  return others.length === 0 ? nodes : others
}

export function printPreviews(tables: ShowOutcome['tables'], values: FlagValues, reporter: Reporter): void {
  const format = formatOf(values, 'text') as PreviewFormat
  reporter.data(renderPreviews(tables, format), () => tables.map((table) => previewRecord(table, format)))
}

export function printOperation(
  outcome: OperationOutcome,
  macro: string | undefined,
  values: FlagValues,
  reporter: Reporter,
): void {
  const { rows } = outcome
  if (rows === null || rows.columns.length === 0) return
  printPreviews([{ uniqueId: null, name: macro ?? 'operation', rows }], values, reporter)
}

export function printPlan(report: RunReport, reporter: Reporter): void {
  const text = renderPlan(report.plan) + renderExports(report.exportPlan)
  reporter.data(text, () => [
    ...report.plan.map((unit) => ({
      name: 'DryRunUnit',
      code: 'T004',
      level: 'info' as const,
      msg: renderPlan([unit]).trimEnd(),
      data: {
        mode: unit.mode,
        members: unit.members.map(({ uniqueId, materialized, build, publish, cleanup }) => ({
          unique_id: uniqueId,
          materialized,
          build: build.map((step) => step.label),
          publish: publish.map((step) => step.label),
          cleanup: cleanup.map((step) => step.label),
        })),
        tests: unit.tests,
      },
    })),
    ...report.exportPlan.map((plan) => ({
      name: 'DryRunExport',
      code: 'T005',
      level: 'info' as const,
      msg: renderExports([plan]).trimEnd(),
      data: { ...plan },
    })),
  ])
}

export function printChecks(outcome: DebugOutcome, reporter: Reporter): void {
  const width = Math.max(0, ...outcome.checks.map((check) => check.name.length))
  const lines = outcome.checks.map(({ name, ok, detail }) =>
    `${name.padEnd(width)}  ${ok ? 'ok    ' : 'failed'}  ${detail}`.trimEnd(),
  )
  reporter.data(lines.map((line) => `${line}\n`).join(''), () => lines.map((line) => note('DebugCmdOut', 'Z047', line)))
}

/** `preview` is the rows as JSON text where JSON is asked for, as editors expect, else the table. */
function previewRecord(table: ShowOutcome['tables'][number], format: PreviewFormat): LogRecord {
  const preview = format === 'text' ? renderRows(table.rows) : JSON.stringify(rowObjects(table.rows))
  return {
    name: 'ShowNode',
    code: 'Q041',
    level: 'info',
    msg: renderPreviews([table], format).trimEnd(),
    data: {
      node_name: table.name,
      preview,
      is_inline: table.uniqueId === null,
      output_format: format,
      unique_id: table.uniqueId ?? '',
      quiet: false,
    },
  }
}

function note(name: string, code: string, text: string): LogRecord {
  return { name, code, level: 'info', msg: text, data: { msg: text } }
}

function formatOf(values: FlagValues, otherwise: string): string {
  return (values.get('output') as string | undefined) ?? otherwise
}
