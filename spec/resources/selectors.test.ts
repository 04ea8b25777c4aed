import { afterEach, describe, expect, it } from 'vitest'
import { selectorEntries } from '../../src/artifacts/selector-entries.ts'
import { Engine } from '../../src/commands/engine.ts'
import { buildGraph } from '../../src/graph/build-graph.ts'
import { SavedSelectors } from '../../src/graph/selection/saved-selectors.ts'
import { type SelectionRequest, select } from '../../src/graph/selection/select.ts'
import type { Project } from '../../src/project/project.ts'
import { TemporaryProject } from '../errors/temporary-project.ts'
import { load, mistakes } from '../project/project-tree.ts'

/** a -> b -> c, and d alone; b and c are daily, c and d are marts. */
const models = {
  'models/staging/a.sql': 'select 1 as id',
  'models/staging/b.sql': '{{config tags="daily"}}\nselect * from {{ref "a"}}',
  'models/marts/c.sql': '{{config tags=(list "daily" "mart") materialized="table"}}\nselect * from {{ref "b"}}',
  'models/marts/d.sql': '{{config tags="mart"}}\nselect 1 as id',
  'models/tests.yml': `models:
  - name: c
    columns: [{name: id, data_tests: [unique]}]
`,
}

const withSelectors = (text: string) => ({ ...models, 'selectors.yml': `selectors:\n${text}` })

/** Short names of what is selected, then what is told. */
function chosen(project: Project, request: SelectionRequest): readonly string[] {
  const { ids, diagnostics } = select(buildGraph(project).graph, project, request)
  const names = [...ids].map((id) => id.split('.')[2]!).sort()
  return [...names, ...diagnostics.map((d) => `${d.code}: ${[d.message, ...(d.hints ?? [])].join(' | ')}`)]
}

const definitions: Readonly<Record<string, readonly [definition: string, nodes: readonly string[]]>> = {
  'a text': ['+c', ['a', 'b', 'c', 'unique_c_id']],
  'a text with blanks and commas': ['"tag:daily,tag:mart a"', ['a', 'c', 'unique_c_id']],
  'one method': ['{tag: mart}', ['c', 'd', 'unique_c_id']],
  'one method with an argument': ['{config.materialized: table}', ['c', 'unique_c_id']],
  'method and value': ['{method: fqn, value: b}', ['b']],
  parents: ['{method: fqn, value: c, parents: true}', ['a', 'b', 'c', 'unique_c_id']],
  'parents of one generation': ['{method: fqn, value: c, parents: true, parents_depth: 1}', ['b', 'c', 'unique_c_id']],
  children: ['{method: fqn, value: a, children: true, children_depth: 1}', ['a', 'b']],
  'parents of the children': [
    '{method: fqn, value: b, childrens_parents: true, indirect_selection: empty}',
    ['a', 'b', 'c', 'unique_c_id'],
  ],
  'no tests': ['{method: tag, value: mart, indirect_selection: empty}', ['c', 'd']],
  'method with exclude': ['{method: tag, value: mart, exclude: [d, {test_name: unique}]}', ['c']],
  union: ['{union: [a, {tag: mart}]}', ['a', 'c', 'd', 'unique_c_id']],
  'union with exclude': ['{union: ["fqn:*", {exclude: ["fqn:a", "fqn:d"]}]}', ['b', 'c', 'unique_c_id']],
  intersection: ['{intersection: [{tag: daily}, {tag: mart}]}', ['c', 'unique_c_id']],
  'lists in lists': [
    '{union: [d, {intersection: [{tag: daily}, "b+", {exclude: [c]}]}, {exclude: [{test_name: unique}]}]}',
    ['b', 'd'],
  ],
  'numbers and templates': [`{method: tag, value: '{{concat "ma" "rt"}}'}`, ['c', 'd', 'unique_c_id']],
}

describe('saved selectors', () => {
  it.each(Object.entries(definitions))('select by %s', (_, [definition, nodes]) => {
    const project = load(withSelectors(`  - {name: s, definition: ${definition}}\n`))
    expect(mistakes(project)).toEqual([])
    expect(chosen(project, { selector: 's' })).toEqual(nodes)
  })

  const several = `  - {name: daily, description: Each night, definition: {tag: daily}}
  - name: marts
    default: '{{eq target.name "dev"}}'
    definition: {union: [{tag: mart}, {exclude: [{test_name: unique}]}]}
  - {name: both, definition: {union: [{method: selector, value: marts}, 'selector:daily']}}
  - {name: less, definition: {intersection: [{method: selector, value: both}, {exclude: [b]}]}}
`

  it('build on one another, and on the command line', () => {
    const project = load(withSelectors(several))
    expect(chosen(project, { selector: 'marts' })).toEqual(['c', 'd'])
    expect(chosen(project, { selector: 'less' })).toEqual(['c', 'd', 'unique_c_id'])
    expect(chosen(project, { select: ['selector:marts'] })).toEqual(['c', 'd'])
    expect(chosen(project, { select: ['+selector:dail*'] })).toEqual(['a', 'b', 'c', 'unique_c_id'])
    expect(chosen(project, { select: ['selector:daily,tag:mart'], exclude: ['test_name:unique'] })).toEqual(['c'])
  })

  it('have one that holds when nothing else is said', () => {
    const project = load(withSelectors(several))
    expect(chosen(project, {})).toEqual(['c', 'd'])
    expect(chosen(project, { select: ['a'] })).toEqual(['a'])
    expect(chosen(project, { exclude: ['tag:mart'] })).toEqual(['a', 'b'])
    const other = load(withSelectors(several), { target: { ...targetOf('prod') } })
    expect(chosen(other, {})).toHaveLength(5)
  })

  it('win over --select, and say so', () => {
    expect(chosen(load(withSelectors(several)), { selector: 'marts', select: ['a'] })).toEqual([
      'c',
      'd',
      'graph/selection-ignored: `--select` does not count beside `--selector` | write `--select selector:name,…` to narrow a saved selector',
    ])
  })

  it('that are not there are named, with the nearest', () => {
    const project = load(withSelectors(several))
    expect(chosen(project, { selector: 'mart' })).toEqual([
      'graph/selector-unknown: there is no selector `mart` | did you mean `marts`?',
    ])
    expect(chosen(project, { select: ['selector:zzz'] })).toEqual([
      'graph/selector-unknown: there is no selector `zzz` | selectors are `daily`, `marts`, `both`, `less`',
    ])
    expect(chosen(load(models), { selector: 'x' })).toEqual([
      'graph/selector-unknown: there is no selector `x` | the project has no `selectors.yml`; write it beside `project.yml`',
    ])
  })

  it('stand in the manifest in the expanded form', () => {
    const { selectors } = load(
      withSelectors(`  - {name: text, description: Words, definition: "2+tag:daily+ @c,config.materialized:table"}
  - {name: one, definition: {tag: daily}}
  - {name: long, definition: {method: fqn, value: a, children: true, children_depth: 2, indirect_selection: empty, exclude: ["b"]}}
  - {name: dagster, definition: {union: ["fqn:shop.a", "fqn:shop.b", {exclude: ["fqn:shop.c"]}]}}
  - {name: inherited, definition: {intersection: [{method: selector, value: one}, "d"]}}
`),
    )
    expect(Object.fromEntries(selectorEntries(new SavedSelectors(selectors)))).toEqual({
      text: {
        name: 'text',
        description: 'Words',
        definition: {
          union: [
            { method: 'tag', value: 'daily', parents: true, parents_depth: 2, children: true },
            {
              intersection: [
                { method: 'fqn', value: 'c', childrens_parents: true },
                { method: 'config.materialized', value: 'table' },
              ],
            },
          ],
        },
      },
      one: { name: 'one', description: '', definition: { method: 'tag', value: 'daily' } },
      long: {
        name: 'long',
        description: '',
        definition: {
          method: 'fqn',
          value: 'a',
          children: true,
          children_depth: 2,
          indirect_selection: 'empty',
          exclude: [{ method: 'fqn', value: 'b' }],
        },
      },
      dagster: {
        name: 'dagster',
        description: '',
        definition: {
          union: [
            { method: 'fqn', value: 'shop.a' },
            { method: 'fqn', value: 'shop.b' },
            { exclude: [{ method: 'fqn', value: 'shop.c' }] },
          ],
        },
      },
      inherited: {
        name: 'inherited',
        description: '',
        definition: {
          intersection: [
            { method: 'tag', value: 'daily' },
            { method: 'fqn', value: 'd' },
          ],
        },
      },
    })
  })
})

function targetOf(name: string): Parameters<typeof load>[1] extends { target?: infer T } | undefined ? T : never {
  return {
    profileName: 'shop',
    name,
    type: 'duckdb',
    database: 'shop',
    schema: 'main',
    threads: 4,
    schemaNaming: 'prefix',
  } as never
}

const faults: Readonly<Record<string, readonly [selectors: string, mistake: string]>> = {
  'no name': ['  - {definition: a}', 'config/missing-key selectors.yml:2:5 {'],
  'no definition': ['  - name: s', 'config/missing-key selectors.yml:2:5 n'],
  'an unknown key': [
    '  - {name: s, definitions: a, definition: a}',
    'config/unknown-key selectors.yml:2:15 definitions',
  ],
  'an unknown key of a definition': [
    '  - {name: s, definition: {method: tag, value: a, parent: true}}',
    'config/unknown-key selectors.yml:2:51 parent',
  ],
  'an unknown method': [
    '  - {name: s, definition: {tags: daily}}',
    'graph/selector-unknown-method selectors.yml:2:28 tags',
  ],
  'an unknown method in a text': [
    '  - {name: s, definition: "tags:daily"}',
    'graph/selector-unknown-method selectors.yml:2:28 tags',
  ],
  'an unknown value': [
    '  - {name: s, definition: {resource_type: modl}}',
    'graph/selector-value selectors.yml:2:43 modl',
  ],
  'an unknown mode': [
    '  - {name: s, definition: {method: tag, value: a, indirect_selection: eagr}}',
    'config/wrong-value selectors.yml:2:71 eagr',
  ],
  'two methods': [
    '  - {name: s, definition: {tag: a, path: b}}',
    'config/selector-shape selectors.yml:2:27 {tag: a, path: b}',
  ],
  'a list as definition': ['  - {name: s, definition: [a]}', 'config/selector-shape selectors.yml:2:27 [a]'],
  'two operators': [
    '  - {name: s, definition: {union: [a], intersection: [b]}}',
    'config/two-operators selectors.yml:2:40 intersection',
  ],
  'children and their parents': [
    '  - {name: s, definition: {method: fqn, value: a, childrens_parents: true, children: true}}',
    'config/two-operators selectors.yml:2:76 children',
  ],
  'two excludes': [
    '  - {name: s, definition: {union: [a, {exclude: [b]}, {exclude: [c]}]}}',
    'config/exclude-twice selectors.yml:2:56 exclude',
  ],
  'exclude alone': ['  - {name: s, definition: {exclude: [b]}}', 'config/exclude-alone selectors.yml:2:28 exclude'],
  'exclude alone in a union': [
    '  - {name: s, definition: {union: [{exclude: [b]}]}}',
    'config/exclude-alone selectors.yml:2:28 union',
  ],
  'an empty union': ['  - {name: s, definition: {union: []}}', 'config/empty-selector-list selectors.yml:2:28 union'],
  'a depth that is no number': [
    '  - {name: s, definition: {method: fqn, value: a, parents: true, parents_depth: two}}',
    'config/wrong-type selectors.yml:2:81 two',
  ],
  'two of one name': [
    '  - {name: s, definition: a}\n  - {name: s, definition: b}',
    'config/duplicate-selector selectors.yml:3:12 s',
  ],
  'two defaults': [
    '  - {name: s, default: true, definition: a}\n  - {name: t, default: true, definition: b}',
    'config/two-default-selectors selectors.yml:3:12 t',
  ],
  'an unknown selector': [
    '  - {name: nightly, definition: a}\n  - {name: t, definition: {method: selector, value: nighty}}',
    'graph/selector-unknown selectors.yml:3:53 nighty',
  ],
  'a selector of itself': ['  - {name: s, definition: "selector:s"}', 'graph/selector-circle selectors.yml:2:37 s'],
  'a circle': [
    '  - {name: s, definition: {union: [a, {selector: t}]}}\n  - {name: t, definition: "+selector:s"}',
    'graph/selector-circle selectors.yml:3:38 s',
  ],
}

describe('mistakes in selectors.yml', () => {
  it.each(Object.entries(faults))('%s', (_, [text, expected]) => {
    const project = load(withSelectors(text))
    const { diagnostics } = new SavedSelectors(project.selectors)
    expect(mistakes({ ...project, diagnostics: [...project.diagnostics, ...diagnostics] })).toEqual([expected])
  })
})

describe('commands', () => {
  let project: TemporaryProject
  afterEach(() => project.remove())

  it('take a selector, and stop at one that is not there', async () => {
    project = new TemporaryProject({
      ...withSelectors('  - {name: marts, definition: {union: ["fqn:shop.marts.d", {exclude: ["fqn:shop.marts.c"]}]}}'),
    })
    const engine = await Engine.open({ projectDir: project.root, env: {} })
    const built = await engine.build({ selector: 'marts' })
    expect(built.results.map((r) => [r.uniqueId, r.status])).toEqual([['model.shop.d', 'success']])
    expect((await engine.ls({ selector: 'marts' })).nodes.map((n) => n.name)).toEqual(['d'])
    expect((await engine.show({ selector: 'marts' })).tables.map((t) => t.name)).toEqual(['d'])
    const unknown = await engine.build({ selector: 'mart' })
    expect([unknown.exitCode, unknown.diagnostics.map((d) => d.code)]).toEqual([2, ['graph/selector-unknown']])
  })

  it('refuse a project whose selectors have a mistake', async () => {
    project = new TemporaryProject(withSelectors('  - {name: s, definition: {tags: daily}}'))
    expect(await project.build()).toMatchObject({
      exitCode: 2,
      found: [{ code: 'graph/selector-unknown-method', at: 'selectors.yml:2:28' }],
    })
  })
})
