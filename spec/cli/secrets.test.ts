import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { engines, type Target } from '../engines.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { makeFolder, runCli } from './run-cli.ts'
import { on, shop } from './shop.ts'

const PASSWORD = "hunter'2:p%w 9"
/** Forms in which a program repeats a password. */
const leaks = [PASSWORD, PASSWORD.replaceAll("'", "''"), encodeURIComponent(PASSWORD), 'hunter']

/** Texts of the folder's files, without the profile itself. */
function written(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile())
  const others = files.filter((f) => f.name !== 'profiles.yml' && !f.name.includes('.duckdb'))
  return others.map((f) => readFileSync(join(f.parentPath, f.name), 'utf8')).join('\n')
}

const failing: Readonly<Record<string, (target: Target) => Target>> = {
  'no server': (target) => ({ ...target, port: 1, retries: 0 }),
  'no database': (target) => ({ ...target, dbname: 'nowhere' }),
  'no such user': (target) => ({ ...target, user: 'nobody' }),
  'no encryption': (target) => ({ ...target, host: '127.0.0.1', port: 1, sslmode: 'require', retries: 0 }),
  'no such role': (target) => ({ ...target, role: 'nobody' }),
}

onEachDatabase(
  (here) => {
    const debugging = ['--log-level', 'debug', '--log-level-file', 'debug', '--log-path', 'logs']

    async function expectSilence(target: Target, argv: readonly string[], code: number): Promise<void> {
      for (const format of ['text', 'json']) {
        const cwd = makeFolder(on(here.database, shop, { ...target, password: PASSWORD }))
        const ran = await runCli([...argv, ...debugging, '--log-format', format, '--log-format-file', format], { cwd })
        expect(ran.code, ran.stdout + ran.stderr).toBe(code)
        const said = ran.stdout + ran.stderr + written(cwd)
        expect(said).toContain('raw_orders')
        for (const leak of leaks) expect(said).not.toContain(leak)
      }
    }

    it.each([
      [['build'], 0],
      [['build', '--dry-run'], 0],
      [['run-operation', '--sql', 'select 1 from main.nowhere'], 1],
      [['show', '--inline', `select '${PASSWORD.replaceAll("'", "''")}' as a, 1/0 as b`], 1],
    ] as const)('no output, log or artifact holds the password: %j', async (argv, code) => {
      await expectSilence({}, argv, code)
    })

    it.each(Object.entries(failing))('nor when there is %s', async (_, change) => {
      const target = change({})
      await expectSilence(target, ['build'], 2)
      await expectSilence(target, ['debug'], 1)
    })
  },
  engines.filter((engine) => engine.dialect.maxIdentifierBytes !== undefined),
)
