import { expect, it } from 'vitest'
import { TemporaryProject } from '../errors/temporary-project.ts'
import { onEachDatabase } from '../on-each-database.ts'

onEachDatabase((here) => {
  const project = (comment: string, files: Readonly<Record<string, string>> = {}): TemporaryProject =>
    new TemporaryProject(
      {
        'project.yml': `name: shop\nprofile: shop\nvars: {team: bi}\n${comment}\n`,
        'models/stg_orders.sql': null,
        'models/seen.sql': '{{config materialized="table"}}\nselect current_query() as text\n',
        ...files,
      },
      here.database.target,
    )
  /** The statement that made the table, as the engine saw it. */
  const seen = async (comment: string, files: Readonly<Record<string, string>> = {}): Promise<string> => {
    const built = await project(comment, files).build()
    expect(built).toEqual({ exitCode: 0, found: [] })
    return String((await here.database.sql('select text from main.seen'))[0]![0])
  }

  it('says by itself what dbt says', async () => {
    const text = await seen('')
    expect(text).toMatch(
      /^\/\* \{"app": "tsdbt", "dbt_version": "[\d.]+", "profile_name": "shop", "target_name": "dev", "node_id": "model\.shop\.seen"\} \*\/\n/,
    )
  })

  it('is a text, a template or a macro, before or behind the statement, or nothing', async () => {
    expect(await seen('query-comment: built by us')).toMatch(/^\/\* built by us \*\/\n/)
    const macros = {
      'macros/comments.sql':
        '{{#*macro team_comment node}}{{var "team"}}, {{#if node}}{{node.name}}{{else}}-{{/if}}{{/macro}}',
    }
    expect(await seen(`query-comment: '{{team_comment node}} on {{target.name}}'`, macros)).toMatch(
      /^\/\* bi, seen on dev \*\/\n/,
    )
    expect(await seen(`query-comment: {comment: 'node {{node.unique_id}}', append: true}`)).toMatch(
      /[^/]\n\/\* node model\.shop\.seen \*\/$/,
    )
    expect(await seen('query-comment: {append: true}')).toMatch(/\n\/\* \{"app": .*"model\.shop\.seen"\} \*\/$/)
    for (const off of ['query-comment:', "query-comment: ''", 'query-comment: {comment: null}'])
      expect(await seen(off)).not.toContain('/*')
  })

  it('shifts no mistake from its place', async () => {
    const wrong = {
      'models/seen.sql': '{{config materialized="table"}}\nselect 1 as a,\n  nothing as b\n',
      'models/marts.yml': "models: [{name: seen, columns: [{name: a, tests: [{accepted_range: {min_value: 'zzz'}}]}]}]",
      'tests/singular.sql': 'select *\nfrom (select 1 as x) as t\nwhere y = 1\n',
    }
    for (const comment of [
      '',
      'query-comment: zzz nothing y ä 😀',
      'query-comment: {comment: nothing y, append: true}',
      'query-comment:',
    ]) {
      const { found } = await project(comment, wrong).build()
      expect(found.map((f) => f.at)).toEqual(['models/seen.sql:3:3', 'tests/singular.sql:3:7'])
    }
  })

  it('is refused when it would end the comment, or is no text', async () => {
    const told = async (comment: string) => {
      const { exitCode, found } = await project(comment).build()
      expect(exitCode).toBe(2)
      return found.map(({ code, at }) => [code, at])
    }
    expect(await told('query-comment: a */ drop table x; /* b')).toEqual([
      ['project/bad-query-comment', 'project.yml:4:1'],
    ])
    expect(await told(`query-comment: '{{nobody node}}'`)).toEqual([['template/unknown-name', 'project.yml:4:19']])
    expect(await told('query-comment: [a]')).toEqual([['config/wrong-type', 'project.yml:4:16']])
    expect(await told('query-comment: {coment: a}')).toEqual([['config/unknown-key', 'project.yml:4:17']])
  })
})
