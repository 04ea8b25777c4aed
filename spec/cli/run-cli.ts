import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunSettings {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Called with what was written so far, whenever something is. */
  readonly watch?: (text: string, kill: (signal: NodeJS.Signals) => void) => void
}

/** Runs the real binary, without the environment of the one who runs the tests. */
export function runCli(argv: readonly string[], { cwd, env = {}, watch }: RunSettings): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const path = { PATH: process.env['PATH'] ?? '', HOME: cwd }
    const child = spawn(process.execPath, [cli, ...argv], { cwd, env: { ...path, ...env } })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
      watch?.(stdout + stderr, (signal) => child.kill(signal))
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
      watch?.(stdout + stderr, (signal) => child.kill(signal))
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** A new folder with the given files, gone after the test. */
export function makeFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsdbt-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

/** Clock times and durations are different in every run; whether a new table's rows are counted differs by engine. */
export function steady(text: string): string {
  return text
    .replace(/\d\d:\d\d:\d\d(?= {2})/g, 'HH:MM:SS')
    .replace(/ in \d+\.\d\ds/g, ' in 0.00s')
    .replace(/\[(?:OK|SELECT \d+) in /g, '[OK in ')
}

/** Each line of a JSON log. */
export function jsonLines(text: string): { info: Record<string, unknown>; data: Record<string, unknown> }[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}
