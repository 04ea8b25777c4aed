import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectParts } from './warehouse/project-parts.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const cli = join(root, 'dist/cli.js')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const ciScript = readFileSync(join(root, '.ci/run'), 'utf8')

interface Command {
  readonly line: string
  readonly output: string
}

/** The `console` blocks: lines after `$ ` are commands, what follows is what they print. */
function readCommands(markdown: string): Command[] {
  const commands: Command[] = []
  for (const [, block] of markdown.matchAll(/```console\n([\s\S]*?)```/g)) {
    for (const part of block!.split(/^\$ /m).slice(1)) {
      const end = part.indexOf('\n')
      commands.push({ line: part.slice(0, end), output: part.slice(end + 1).trimEnd() })
    }
  }
  return commands
}

/** Clock times, durations and the dots that fill a line differ from run to run. */
function normalized(text: string): string {
  return text
    .replace(/\d\d:\d\d:\d\d/g, 'HH:MM:SS')
    .replace(/\d+\.\d\d ?s\b/g, '0.00s')
    .replace(/\.{3,}/g, '...')
    .replace(/\d+\.\d+ seconds/g, '0.00 seconds')
    .trimEnd()
}

/** Lines of a parallel run come in any order. */
function sortedLines(text: string): string[] {
  return normalized(text).split('\n').sort()
}

const commands = readCommands(readme)
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsdbt-readme-'))
  for (const part of projectParts) cpSync(join(root, part), join(folder, part), { recursive: true })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('README', () => {
  let cwd = ''

  it('shows commands', () => expect(commands.length).toBeGreaterThan(5))

  it.each(commands.map((c) => [c.line, c.output]))('$ %s', { timeout: 300_000 }, (line, output) => {
    if (line === 'npm ci' || line === 'npm test') {
      expect(ciScript).toContain(line)
      return
    }
    if (line.startsWith('cd ')) {
      cwd = join(cwd, line.slice(3))
      return
    }
    const command = line.replace(/\bnpx tsdbt\b/g, `'${process.execPath}' '${cli}'`)
    const result = spawnSync('bash', ['-c', `${command} 2>&1`], {
      cwd: join(folder, cwd),
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, CI: undefined },
    })
    if (output === '') expect([0, 1]).toContain(result.status)
    else if (output.includes('\n…\n')) {
      const [head, tail] = output.split('\n…\n') as [string, string]
      expect(normalized(result.stdout).startsWith(normalized(head))).toBe(true)
      expect(normalized(result.stdout).endsWith(normalized(tail))).toBe(true)
    } else expect(sortedLines(result.stdout)).toEqual(sortedLines(output))
  })
})
