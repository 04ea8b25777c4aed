import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeFolder, runCli } from './run-cli.ts'
import { shop } from './shop.ts'

it('tells why nodes are selected, and what there is to retry', async () => {
  const cwd = makeFolder(shop)
  expect((await runCli(['build', '--quiet'], { cwd })).code).toBe(0)
  const idle = await runCli(['retry'], { cwd })
  expect([idle.code, idle.stderr]).toEqual([0, expect.stringContaining('everything in the last `build` ended well')])
  appendFileSync(join(cwd, 'models/totals.sql'), 'order by status\n')
  const text = await runCli(['ls', '--select', 'state:modified', '--why', '--indirect-selection', 'empty'], { cwd })
  expect([text.code, text.stdout]).toEqual([0, 'shop.totals\n  body: from line 2\n    + order by status\n'])
  const state = { TSDBT_DEFER: 'true', DBT_STATE: 'nowhere' }
  const missing = await runCli(['run', '--select', 'totals'], { cwd, env: state })
  expect(missing.code).toBe(2)
  expect(missing.stderr).toContain('error[artifacts/state-missing]: the state folder `nowhere` does not exist')
  const json = await runCli(
    ['ls', '--select', 'state:modified,totals', '--why', '--output', 'json', '--output-keys', 'name'],
    { cwd },
  )
  expect(JSON.parse(json.stdout)).toEqual({
    name: 'totals',
    why: [{ part: 'body', text: 'from line 2', lines: ['+ order by status'] }],
  })
})
