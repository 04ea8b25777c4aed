import { spawn } from 'node:child_process'
import { CancelledError, UserError } from '../../base/errors.ts'
import { programMissing } from './errors.ts'

export interface ProgramResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** How a program is run; nothing of it is read from a terminal. */
export interface ProgramSettings {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal | undefined
  /** What it is needed for: `git packages`. */
  readonly purpose: string
}

/** Runs `git` or `npm`. Raises `UserError` when there is no such program; how it ended is in the result. */
export function runProgram(
  program: 'git' | 'npm',
  argv: readonly string[],
  { cwd, env, signal, purpose }: ProgramSettings,
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], ...(signal && { signal }) })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.name === 'AbortError') reject(new CancelledError())
      else if (error.code === 'ENOENT') reject(new UserError(programMissing({ program, purpose })))
      else reject(error)
    })
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }))
  })
}
