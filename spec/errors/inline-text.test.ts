import { afterEach, describe, expect, it } from 'vitest'
import { Engine } from '../../src/commands/engine.ts'
import { engines, type SpecDatabase } from '../engines.ts'
import { TemporaryProject } from './temporary-project.ts'

describe.each(engines)('on $name', (engine) => {
  let project: TemporaryProject | undefined
  let database: SpecDatabase | undefined
  afterEach(async () => {
    project?.remove()
    await database?.drop()
  })

  async function open(): Promise<Engine> {
    database = await engine.create()
    project = new TemporaryProject({}, { ...database.target })
    return Engine.open({ projectDir: project.root, env: {} })
  }

  it('an inline query of something that is not built names the command that builds it', async () => {
    const { exitCode, diagnostics } = await (await open()).show({ inline: 'select * from {{ref "stg_orders"}}' })
    expect(exitCode).toBe(1)
    expect(diagnostics).toMatchObject(
      [{ code: 'db/table-missing', span: { path: '<--inline>', start: 14 }, hints: [/--select \+stg_orders/] }].map(
        (d) => ({ ...d, hints: [expect.stringMatching(d.hints[0]!)] }),
      ),
    )
  })

  it('one statement of run-operation runs outside of a transaction, several run in one', async () => {
    const engine = await open()
    expect(await engine.runOperation({ sql: 'vacuum;' })).toMatchObject({ exitCode: 0, diagnostics: [] })
    const several = await engine.runOperation({ sql: 'create table main.t as select 1 as a; select nothing' })
    expect(several.exitCode).toBe(1)
    expect((await engine.show({ inline: 'select * from main.t' })).diagnostics).toMatchObject([
      { code: 'db/table-missing' },
    ])
  })

  it('a mistake without a place is shown at the statement that the command line holds', async () => {
    const sql = "select 1; select cast('x' || 1 as integer) as n"
    const { diagnostics } = await (await open()).runOperation({ sql })
    expect(diagnostics).toMatchObject([{ code: 'db/conversion', span: { path: '<--sql>' } }])
    expect(diagnostics[0]!.span!.start).toBeGreaterThanOrEqual(10)
  })

  it('a wrong statement of run-operation is shown where it is written', async () => {
    const { exitCode, diagnostics, rows } = await (await open()).runOperation({ sql: 'select 1;\nselect nothing' })
    expect([exitCode, rows]).toEqual([1, null])
    expect(diagnostics).toMatchObject([{ code: 'db/column-missing', span: { path: '<--sql>', start: 17 } }])
  })
})
