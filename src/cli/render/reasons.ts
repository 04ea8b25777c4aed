import type { Reason } from '../../commands/explain-selection.ts'
import type { Style } from '../console.ts'

/** Lines below a listed node that say why it was selected. */
export function renderReasons(reasons: readonly Reason[], style: Style): readonly string[] {
  return reasons.flatMap((reason) => {
    const head = `  ${reason.part === 'none' ? '' : `${style.bold(partName(reason.part))}: `}${reason.text}`
    const lines = 'lines' in reason ? (reason.lines ?? []) : []
    const breaks = 'breaking' in reason && reason.breaking === true ? ` ${style.red('(breaks readers)')}` : ''
    return [`${head}${breaks}`, ...lines.map((line) => `    ${colored(line, style)}`)]
  })
}

const names: Readonly<Record<string, string>> = {
  configs: 'config',
  persisted_descriptions: 'description',
  macros: 'macro',
  vars: 'variable',
  fqn: 'place in the project',
}

function partName(part: string): string {
  return names[part] ?? part
}

function colored(line: string, style: Style): string {
  if (line.startsWith('- ')) return style.red(line)
  return line.startsWith('+ ') ? style.green(line) : line
}
