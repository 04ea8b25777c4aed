import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import { badEnvLines } from './errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface ReadEnvironment {
  readonly env: Environment
  readonly diagnostics: readonly Diagnostic[]
}

/** The process's environment over `.env` of the working folder, and that over `.env` of the project. */
export function readEnvironment(env: Environment, cwd: string, projectFolder: string): ReadEnvironment {
  const diagnostics: Diagnostic[] = []
  const read = (folder: string): Environment => {
    const path = join(folder, '.env')
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch {
      // No such file is the usual case, and one that cannot be read is not ours to judge.
      return {}
    }
    const { values, bad } = parseEnvFile(text)
    if (bad.length > 0) diagnostics.push(badEnvLines({ path: relative(cwd, path), lines: bad }))
    return values
  }
  const outer = resolve(projectFolder) === resolve(cwd) ? {} : read(projectFolder)
  return { env: { ...outer, ...read(cwd), ...env }, diagnostics }
}

/**
 * `NAME=value` lines, with `export` or without; a value in quotes may span lines, and in double ones `\\n` is a line break.
 * `bad` are the numbers of the lines that set nothing and are neither empty nor a comment.
 */
function parseEnvFile(text: string): { readonly values: Environment; readonly bad: readonly number[] } {
  const values: Record<string, string> = {}
  const bad: number[] = []
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!.trim()
    if (line === '' || line.startsWith('#')) continue
    const [, name, written = ''] = /^(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/.exec(line) ?? []
    const quote = /^["'`]/.exec(written)?.[0]
    if (name === undefined) bad.push(i + 1)
    else if (quote === undefined) values[name] = written.replace(/\s+#.*$/, '')
    else {
      const end = written.includes(quote, 1) ? i : lines.findIndex((later, at) => at > i && later.includes(quote))
      if (end < 0) {
        bad.push(i + 1)
        continue
      }
      const whole = [written, ...lines.slice(i + 1, end + 1)].join('\n')
      const inside = whole.slice(1, whole.indexOf(quote, 1))
      values[name] = quote === '"' ? inside.replaceAll('\\n', '\n') : inside
      i = end
    }
  }
  return { values, bad }
}
