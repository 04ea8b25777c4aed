import { expect, it } from 'vitest'
import { Engine } from '../../src/commands/engine.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { TemporaryProject } from './temporary-project.ts'

onEachDatabase((here) => {
  const project = () =>
    new TemporaryProject(
      {
        'project.yml': 'name: shop\nprofile: shop\nmodels: {shop: {marts: {+tags: x}}}\n',
        'models/models.yml':
          'models: [{name: stg_orders, columns: [{name: amount, tests: [{accepted_values: {values: [1], severity: warn}}]}]}]',
        'models/told.sql': '{{warn "look"}}select 1 as x\n',
      },
      here.database.target,
    )
  const built = async (warnErrorOptions: string | undefined, select: string[] = []) => {
    const { exitCode, found } = await project().build({ select }, { warnErrorOptions })
    return [exitCode, found.map((f) => f.code).sort()]
  }
  const usual = ['compile/template-warning', 'config/unknown-folder', 'run/test-failed']

  it('says which warnings are errors, and which are not told', async () => {
    expect(await built(undefined)).toEqual([0, usual])
    expect(await built('{error: all}')).toEqual([2, ['config/unknown-folder']])
    expect(await built('{include: all, exclude: [UnusedResourceConfigPath]}')).toEqual([1, usual])
    expect(await built('{error: [JinjaLogWarning], silence: [config/unknown-folder]}')).toEqual([
      1,
      ['compile/template-warning', 'run/test-failed'],
    ])
    expect(await built('{silence: all}')).toEqual([0, []])
    expect(await built('{error: [NoNodesForSelectionCriteria]}', ['nobody'])).toEqual([
      2,
      ['config/unknown-folder', 'graph/selector-no-match'],
    ])
  })

  it('makes a test that warns fail, so that nothing is published', async () => {
    expect(await built('{error: [LogTestResult], silence: all}')).toEqual([1, ['run/test-failed']])
    expect(
      await here.database.sql("select count(*) from information_schema.tables where table_name = 'stg_orders'"),
    ).toEqual([[expect.toSatisfy((n) => Number(n) === 0)]])
  })

  it('counts for every command', async () => {
    const engine = await Engine.open({ projectDir: project().root, env: {}, warnError: true })
    expect(await engine.parse()).toMatchObject({
      exitCode: 2,
      diagnostics: [{ code: 'config/unknown-folder', severity: 'error' }],
    })
  })

  it('is refused when it names nothing', async () => {
    const refused = async (text: string) => {
      const { exitCode, found } = await project().build({}, { warnErrorOptions: text })
      return [exitCode, ...found.map((f) => [f.code, f.text])]
    }
    expect(await refused('{error: [DeprecatedModle]}')).toEqual([
      2,
      ['config/unknown-warning', 'there is no warning `DeprecatedModle`\ndid you mean `DeprecatedModel`?'],
    ])
    expect(await refused('{eror: all}')).toMatchObject([2, ['config/unknown-key', {}]])
    expect(await refused('all')).toMatchObject([2, ['config/wrong-type', {}]])
    expect(await refused('{error: all, include: all}')).toMatchObject([2, ['config/warning-list-twice', {}]])
  })
})
