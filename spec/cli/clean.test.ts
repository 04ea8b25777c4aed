import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFolder, runCli } from './run-cli.ts'

const project = (targets: string) => ({
  'project.yml': `name: shop\nprofile: shop\nclean-targets: ${targets}\n`,
  'models/a.sql': 'select 1 as a',
  'target/manifest.json': '{}',
  'logs/dbt.log': 'x',
})

describe('tsdbt clean', () => {
  it('deletes the folders of clean-targets and nothing else, and needs no profile', async () => {
    const cwd = makeFolder(project('[target, logs, missing]'))
    expect(await runCli(['clean'], { cwd })).toEqual({ code: 0, stdout: '', stderr: 'removed target\nremoved logs\n' })
    expect(['target', 'logs', 'models/a.sql', 'project.yml'].map((path) => existsSync(join(cwd, path)))).toEqual([
      false,
      false,
      true,
      true,
    ])
    expect(await runCli(['clean'], { cwd })).toEqual({ code: 0, stdout: '', stderr: 'nothing to remove\n' })
  })

  it('works from a folder below the project', async () => {
    const cwd = makeFolder(project('[target]'))
    expect(await runCli(['clean'], { cwd: join(cwd, 'models') })).toMatchObject({ code: 0 })
    expect(existsSync(join(cwd, 'target'))).toBe(false)
  })

  it('follows no link out of the project', async () => {
    const cwd = makeFolder({
      'inside/project.yml': 'name: shop\nprofile: shop\nclean-targets: [out]\n',
      'precious/data.csv': '1',
    })
    symlinkSync(join(cwd, 'precious'), join(cwd, 'inside/out'))
    const { code, stderr } = await runCli(['clean'], { cwd: join(cwd, 'inside') })
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /^error\[commands\/clean-target-outside\]: `out` is not cleaned[^\n]*\n --> project\.yml:3:17\n/,
    )
    expect(existsSync(join(cwd, 'precious/data.csv'))).toBe(true)
  })

  it.each(['../x', '/tmp'])('refuses the target %s where it is written', async (target) => {
    const cwd = makeFolder(project(`[target, ${target}]`))
    const { code, stderr } = await runCli(['clean'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain(' --> project.yml:3:25\n')
    expect(existsSync(join(cwd, 'target'))).toBe(true)
  })

  it.each(['.', 'models', 'models/staging'])('keeps what belongs to the project: %s', async (target) => {
    const cwd = makeFolder(project(`[${target}]`))
    mkdirSync(join(cwd, 'models/staging'))
    const { code, stderr } = await runCli(['clean'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error\[commands\/clean-target-protected\]/)
    expect(existsSync(join(cwd, 'models/a.sql'))).toBe(true)
  })

  it('deletes nothing when the project file is wrong', async () => {
    const cwd = makeFolder({
      ...project('[target]'),
      'project.yml': 'name: shop\nclean-targets: [target]\nmodelpaths: x\n',
    })
    const { code, stderr } = await runCli(['clean'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('error[config/unknown-key]')
    expect(existsSync(join(cwd, 'target'))).toBe(true)
  })
})
