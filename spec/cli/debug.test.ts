import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { engines } from '../engines.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { makeFolder, runCli } from './run-cli.ts'
import { on } from './shop.ts'

const profile = (target: string) => `shop:\n  target: dev\n  outputs:\n    dev:\n${target}`
const files = {
  'project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml': profile('      type: duckdb\n      path: data/shop.duckdb\n      schema: main\n'),
}

describe('tsdbt debug', () => {
  it('checks each thing that a run needs', async () => {
    const cwd = makeFolder(files)
    const { code, stdout, stderr } = await runCli(['debug'], { cwd })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.replaceAll(cwd, '.').replace(/\d+\.\d+\.\d+/g, 'x.y.z')).toMatch(
      /^versions {4}ok {6}tsdbt x\.y\.z, Node\.js x\.y\.z, \w+ \w+\nproject {5}ok {6}`shop` in \.\/project\.yml\nprofile {5}ok {6}`shop`, target `dev` in \.\/profiles\.yml\nengine {6}ok {6}duckdb v?x\.y\.z\nconnection {2}ok {6}data\/shop\.duckdb\nwriting {5}ok {6}schema `main` in `shop`\nhyperd {6}ok {6}main\S+ \S+\/hyperd \(the npm package hyperdb-api-node-linux-x64-gnu\)\n$/,
    )
    expect(existsSync(join(cwd, 'data/shop.duckdb'))).toBe(true)
  })

  it('says which hyperd was named, and that it is none', async () => {
    const cwd = makeFolder(files)
    const { code, stdout, stderr } = await runCli(['debug'], { cwd, env: { TSDBT_HYPERD: '/nowhere' } })
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^hyperd {6}failed {2}`\/nowhere` \(from TSDBT_HYPERD\) is not Tableau’s Hyper: there is no such/m,
    )
    expect(stderr).toMatch(/^error\[exports\/hyperd-unfit\]/)
  })

  it('stops at what is missing and says what to do', async () => {
    const cwd = makeFolder({ 'project.yml': files['project.yml'] })
    const { code, stdout, stderr } = await runCli(['debug'], { cwd })
    expect(code).toBe(1)
    expect(stdout).toMatch(/profile {3}failed {2}there is no `profiles\.yml`[^\n]*\n$/)
    expect(stderr).toMatch(/^error\[config\/profiles-missing\][^\n]*\n --> project\.yml:2:10\n/)
  })

  it('fails where no project is', async () => {
    const { code, stderr } = await runCli(['debug'], { cwd: makeFolder() })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error\[config\/project-file-missing\]/)
  })

  it('shows no secret, whoever repeats it', async () => {
    const target = `      type: duckdb\n      path: '{{env_var "TSDBT_SECRET_DIR"}}/shop.duckdb'\n      schema: main\n`
    const cwd = makeFolder({ 'project.yml': files['project.yml'], 'profiles.yml': profile(target) })
    const env = { TSDBT_SECRET_DIR: 'hunter2' }
    for (const log of [[], ['--log-format', 'json']]) {
      const { code, stdout, stderr } = await runCli(['debug', ...log], { cwd, env })
      expect(stdout).toContain('*****/shop.duckdb')
      expect(stdout + stderr).not.toContain('hunter2')
      expect(code).toBe(0)
    }
  })
})

onEachDatabase(
  (here) => {
    it('debug says which right is missing, and who can give it', async () => {
      // A role of the system without the right to make anything; specs connect as a superuser.
      const shop = on(here.database, { 'project.yml': files['project.yml'] }, { role: 'pg_monitor' })
      const { code, stdout, stderr } = await runCli(['debug'], { cwd: makeFolder(shop) })
      expect(code).toBe(1)
      expect(stdout).toMatch(/^connection +ok/m)
      expect(stdout).toMatch(/^writing +failed {2}the role of the connection lacks a right on the schema `main`/m)
      expect(stderr).toMatch(/^error\[db\/permission\][^\n]*\nhint: [^\n]*grant usage, create on schema main/)
    })
  },
  engines.filter((engine) => engine.dialect.maxIdentifierBytes !== undefined),
)
