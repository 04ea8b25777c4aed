import { resolve } from 'node:path'
import type { FlagValues } from './flag.ts'
import { projectFolder } from './project-folder.ts'
import type { Threshold } from './render/record.ts'

export type LogFormat = 'text' | 'json' | 'debug'

/** How much is said, in which form, and where. */
export interface Settings {
  readonly format: LogFormat
  readonly level: Threshold
  /** Whether the text log begins with version and counts; commands whose answer is data leave them out. */
  readonly opening: boolean
  /** Columns of a progress line. */
  readonly width: number
  readonly file: {
    readonly folder: string
    readonly format: LogFormat
    readonly level: Threshold
    readonly maxBytes: number
  } | null
}

const defaultMaxBytes = 10 * 1024 * 1024

const dataVerbs: ReadonlySet<string> = new Set(['ls', 'show', 'compile', 'run-operation'])

export function readSettings(values: FlagValues, cwd: string, verb?: string): Settings {
  const format = formatOf(values.get('log-format'), 'text')
  const debug = values.get('debug') === true
  const level =
    values.get('quiet') === true
      ? 'error'
      : debug
        ? 'debug'
        : ((values.get('log-level') as Threshold | undefined) ?? 'info')
  const asksForFile = ['log-path', 'log-format-file', 'log-level-file', 'log-file-max-bytes'].some((name) =>
    values.has(name),
  )
  return {
    format,
    level,
    opening: debug || verb === undefined || !dataVerbs.has(verb),
    width: (values.get('printer-width') as number | undefined) ?? 80,
    file: asksForFile
      ? {
          // Relative to the project, as in dbt, even when the command runs in a folder below it.
          folder: resolve(projectFolder(values, cwd), (values.get('log-path') as string | undefined) ?? 'logs'),
          format: formatOf(values.get('log-format-file'), format === 'json' ? 'json' : 'debug'),
          level: (values.get('log-level-file') as Threshold | undefined) ?? 'debug',
          maxBytes: (values.get('log-file-max-bytes') as number | undefined) ?? defaultMaxBytes,
        }
      : null,
  }
}

function formatOf(value: unknown, otherwise: LogFormat): LogFormat {
  if (value === 'json' || value === 'debug' || value === 'text') return value
  return value === 'default' ? 'text' : otherwise
}
