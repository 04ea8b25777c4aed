import { describe, expect, it } from 'vitest'
import { SourceFile } from '../base/source-file.ts'
import { DEFAULT_CONFIG, mergeConfig } from './merge-config.ts'
import { type ProjectFile, readProjectFile } from './project-file.ts'

function read(text: string): { project: ProjectFile; errors: string[] } {
  const project = readProjectFile(new SourceFile('project.yml', text), (expression) =>
    expression === '{{n}}' ? 7 : `<${expression}>`,
  )
  const errors = project.diagnostics.map((d) => `${d.code} ${JSON.stringify(text.slice(d.span!.start, d.span!.end))}`)
  return { project, errors }
}

describe('readProjectFile', () => {
  it('gives defaults', () => {
    const { project, errors } = read('name: shop\nprofile: shop\nversion: 1.0')
    expect(errors).toEqual([])
    expect(project).toMatchObject({
      name: 'shop',
      version: '1.0',
      profile: 'shop',
      targetPath: 'target',
      cleanTargets: ['target'],
      vars: {},
      publishRun: false,
      queryComment: { statement: null, append: false },
    })
    expect(project.paths.models).toEqual(['models'])
  })

  it('reads paths, variables, hooks and templates', () => {
    const text = `name: shop
config-version: 2
model-paths: ["./sql/models/"]
vars:
  days: '{{n}}'
  start: 2024-01-01
  shop: {days: 3}
on-run-start: "create table if not exists {{target.schema}}.log (a int)"
on-run-end:
  - analyze
query-comment: {comment: from tsdbt}
publish: run
flags: {fail_fast: true}
require-dbt-version: [">=1.0.0"]
`
    const { project, errors } = read(text)
    expect(errors).toEqual([])
    expect(project.paths.models).toEqual(['sql/models'])
    expect(project.vars).toEqual({ days: 3, start: '2024-01-01' })
    expect(project.onRunStart.map((s) => text.slice(s.span.start, s.span.end))).toEqual([
      'create table if not exists {{target.schema}}.log (a int)',
    ])
    expect(project.onRunEnd.map((s) => s.text)).toEqual(['analyze'])
    expect(project.queryComment).toMatchObject({ statement: { text: 'from tsdbt' }, append: false })
    expect(project.publishRun).toBe(true)
  })

  it('layers folders, deeper ones later', () => {
    const { project, errors } = read(`name: shop
models:
  +tags: all
  shop:
    materialized: view
    marts:
      +materialized: table
      +tags: [marts]
      orders: {+enabled: false}
`)
    expect(errors).toEqual([])
    const of = (...fqn: string[]) => mergeConfig(DEFAULT_CONFIG.model, project.models.layersFor(fqn)).config
    expect(of('shop', 'a')).toMatchObject({ materialized: 'view', tags: ['all'], enabled: true })
    expect(of('shop', 'marts', 'b')).toMatchObject({ materialized: 'table', tags: ['all', 'marts'], enabled: true })
    expect(of('shop', 'marts', 'orders')).toMatchObject({ materialized: 'table', enabled: false })
    expect(of('other', 'a')).toMatchObject({ materialized: 'view', tags: ['all'] })
  })

  it('warns once of each folder that nothing matched', () => {
    const { project } = read(
      'name: shop\nmodels:\n  shop:\n    stagin: {+materialized: view, a: {+tags: x}}\n    marts: {+tags: y}',
    )
    project.models.layersFor(['shop', 'marts', 'orders'])
    const [warning, ...others] = project.models.unmatched(['shop'], () => ['staging', 'marts'])
    expect(others).toEqual([])
    expect(warning).toMatchObject({
      code: 'config/unknown-folder',
      severity: 'warning',
      hints: ['did you mean `staging`?'],
    })
  })

  it.each([
    ['no name', 'profile: a', ['config/missing-key "p"']],
    ['a bad name', 'name: my shop', ['config/bad-name "my shop"']],
    ['a name that an engine has', 'name: duckdb', ['config/bad-name "duckdb"']],
    ['an unknown key', 'name: a\nmodel-path: [x]', ['config/unknown-key "model-path"']],
    ['an old key', 'name: a\nsource-paths: [x]', ['config/unknown-key "source-paths"']],
    ['a path outside', 'name: a\nmodel-paths: [../x]', ['config/path-outside "../x"']],
    ['an absolute target', 'name: a\ntarget-path: /x', ['config/path-outside "/x"']],
    [
      'configuration without the project',
      'name: a\nmodels:\n  materialized: table',
      ['config/key-without-project "materialized"'],
    ],
    [
      'unknown configuration',
      'name: a\nmodels:\n  a:\n    +materialised: table',
      ['config/unknown-key "+materialised"'],
    ],
    ['a wrong value', 'name: a\nmodels:\n  a:\n    +on_schema_change: fial', ['config/wrong-value "fial"']],
    ['variables as a list', 'name: a\nvars: [x]', ['config/wrong-type "[x]"']],
    ['a hook that is a mapping', 'name: a\non-run-end: {sql: x}', ['config/wrong-type "{sql: x}"']],
    ['a wrong contract', 'name: a\nmodels:\n  a:\n    +contract: {enforced: 1}', ['config/wrong-type "{enforced: 1}"']],
  ])('reports %s', (_name, text, errors) => {
    expect(read(text).errors).toEqual(errors)
  })
})
