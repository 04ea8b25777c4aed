import { afterEach, expect, it } from 'vitest'
import { Engine } from '../../src/commands/engine.ts'
import { TemporaryProject } from './temporary-project.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

async function open(): Promise<Engine> {
  project = new TemporaryProject()
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

it('a wrong statement of run-operation is shown where it is written', async () => {
  const { exitCode, diagnostics, rows } = await (await open()).runOperation({ sql: 'select 1;\nselect nothing' })
  expect([exitCode, rows]).toEqual([1, null])
  expect(diagnostics).toMatchObject([{ code: 'db/column-missing', span: { path: '<--sql>', start: 17 } }])
})
