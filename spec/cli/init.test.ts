import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFolder, runCli } from './run-cli.ts'

describe('tsdbt init', () => {
  it('makes a project that builds at once, with a failing test for none', async () => {
    const cwd = makeFolder()
    const made = await runCli(['init', 'shop'], { cwd })
    expect(made).toMatchObject({ code: 0, stdout: '' })
    expect(made.stderr).toContain('wrote shop/project.yml\n')
    expect(made.stderr).toMatch(/next: cd shop && tsdbt build\n$/)
    const built = await runCli(['build'], { cwd: join(cwd, 'shop') })
    expect(built.stderr).toContain('Completed successfully')
    expect(built.stdout).toMatch(/Done\. PASS=9 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=9\n$/)
    expect(built.code).toBe(0)
    const shown = await runCli(['show', '--select', 'daily_sales', '--output', 'csv'], { cwd: join(cwd, 'shop') })
    expect(shown.stdout.split('\n').sort().join('\n').trim()).toBe(
      '2026-01-03,2,62.49\n2026-01-05,2,132.00\norder_date,orders,sales',
    )
  })

  it('makes the project here when it has no name, and no profile when told so', async () => {
    const cwd = makeFolder({ 'README.md': 'mine' })
    const { code, stderr } = await runCli(['init', '--skip-profile-setup'], { cwd })
    expect(code).toBe(0)
    expect(stderr).toContain('kept README.md, which was there\n')
    expect(readFileSync(join(cwd, 'README.md'), 'utf8')).toBe('mine')
    expect(existsSync(join(cwd, 'project.yml'))).toBe(true)
    expect(existsSync(join(cwd, 'profiles.yml'))).toBe(false)
  })

  it.each(['project.yml', 'dbt_project.yml'])('leaves a project that has %s alone', async (file) => {
    const cwd = makeFolder({ [file]: 'name: x\n' })
    const { code, stderr } = await runCli(['init'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toBe(
      `error[commands/project-exists]: there is a project already: \`${file}\`\nhint: \`tsdbt debug\` checks it\n`,
    )
    expect(existsSync(join(cwd, 'models'))).toBe(false)
  })

  it.each([
    ['my-shop', 'my_shop'],
    ['1st', '_1st'],
    ['../out', 'out'],
    ['duckdb', 'my_project'],
  ])('refuses the name %s', async (name, better) => {
    const cwd = makeFolder()
    const { code, stderr } = await runCli(['init', name], { cwd })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error\[commands\/bad-project-name\]/)
    expect(stderr).toContain(`hint: \`tsdbt init ${better}\`\n`)
    expect(existsSync(join(cwd, name, 'project.yml'))).toBe(false)
  })
})
