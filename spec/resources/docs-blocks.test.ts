import { describe, expect, it } from 'vitest'
import { docEntries } from '../../src/artifacts/doc-entries.ts'
import { load, mistakes } from '../project/project-tree.ts'

const FENCED = `# Not in a block

{{#*docs orders_status}}
One of:

| status | meaning |
|---|---|
| placed | {not} "yet" sent |

\`\`\`sql
select * from {{ref "orders"}} {{#if x}}{% if y %}{{/if}}
\`\`\`
{{/docs}}

{% docs key %}
The key; {{#*docs inner}} is text here.
{% enddocs %}
{%- docs dashed -%} short {%- enddocs -%}
{{#*docs "quoted"}}q{{/docs}}
`

describe('doc blocks', () => {
  it('are read from Markdown, in both fences, with braces as they are', () => {
    const project = load({
      'project.yml': 'name: shop\nprofile: shop\ndocs-paths: [handbook]\n',
      'models/docs.md': FENCED,
      'handbook/deep/more.md': '{% docs __overview__ %}\n# Home\n{% enddocs %}\n',
      'handbook/properties.yml': 'nothing: that is read',
      'README.md': '{{#*docs outside}}',
    })
    expect(mistakes(project)).toEqual([])
    expect(project.docs.map((d) => [d.uniqueId, d.originalFilePath, d.path])).toEqual([
      ['doc.shop.orders_status', 'models/docs.md', 'docs.md'],
      ['doc.shop.key', 'models/docs.md', 'docs.md'],
      ['doc.shop.dashed', 'models/docs.md', 'docs.md'],
      ['doc.shop.quoted', 'models/docs.md', 'docs.md'],
      ['doc.shop.__overview__', 'handbook/deep/more.md', 'deep/more.md'],
    ])
    const texts = Object.fromEntries(project.docs.map((d) => [d.name, d.text]))
    expect(texts['orders_status']).toMatch(/^One of:\n\n\|/)
    expect(texts['orders_status']).toContain('{not} "yet" sent')
    expect(texts['orders_status']).toMatch(/\{\{ref "orders"\}\} \{\{#if x\}\}\{% if y %\}\{\{\/if\}\}\n```$/)
    expect(texts).toMatchObject({ key: 'The key; {{#*docs inner}} is text here.', dashed: 'short', quoted: 'q' })
    expect(Object.fromEntries(docEntries(project))).toMatchObject({
      'doc.shop.key': { resource_type: 'doc', package_name: 'shop', block_contents: texts['key'] },
      'doc.shop.__overview__': { block_contents: '# Home' },
    })
  })

  it('stand in descriptions everywhere', () => {
    const project = load({
      'models/orders.sql': 'select 1 as id',
      'seeds/countries.csv': 'id\n1\n',
      'tests/totals.sql': 'select * from {{ref "orders"}} where false',
      'macros/twice.sql': '{{#*macro twice x}}{{x}} * 2{{/macro}}',
      'models/docs.md': '{% docs key %}The key{% enddocs %}{% docs order %}An order{% enddocs %}',
      'models/all.yml': `models:
  - name: orders
    description: '{{ doc("order") }}. {{doc "shop" "key"}} is unique, {{ doc(''shop'', ''key'') }}; {{not a call}}'
    columns:
      - {name: id, description: '{{doc "key"}}', data_tests: [{unique: {description: '{{doc "key"}}'}}]}
seeds: [{name: countries, description: '{{doc "key"}}'}]
data_tests: [{name: totals, description: '{{doc "key"}}'}]
macros: [{name: twice, description: '{{doc "key"}}', arguments: [{name: x, description: '{{doc "key"}}'}]}]
exposures: [{name: e, type: ml, owner: {name: A}, description: '{{doc "order"}}'}]
sources:
  - name: crm
    description: '{{doc "order"}}'
    tables: [{name: t, description: '{{doc "key"}}', columns: [{name: c, description: '{{doc "key"}}'}]}]
`,
    })
    expect(mistakes(project)).toEqual([])
    const key = ['doc.shop.key']
    const [orders] = project.models
    expect(orders).toMatchObject({
      description: 'An order. The key is unique, The key; {{not a call}}',
      docBlocks: ['doc.shop.order', 'doc.shop.key'],
      columns: [{ name: 'id', description: 'The key', docBlocks: key }],
    })
    expect(project.seeds[0]).toMatchObject({ description: 'The key', docBlocks: key })
    expect(project.sources[0]).toMatchObject({
      description: 'The key',
      docBlocks: key,
      sourceDescription: 'An order',
      columns: [{ docBlocks: key }],
    })
    expect(project.tests.map((t) => t.description)).toEqual(['The key', 'The key'])
    expect(project.exposures[0]!.description).toBe('An order')
    expect([...project.macroProperties.values()]).toMatchObject([
      { description: 'The key', arguments: [{ name: 'x', description: 'The key' }] },
    ])
  })

  it.each<[string, Record<string, string>, string]>([
    ['an open block', { 'models/d.md': 'x\n{{#*docs a}} text' }, 'project/doc-unclosed models/d.md:2:1 {{#*docs a}}'],
    [
      'a block closed by the other fence',
      { 'models/d.md': '{% docs a %} text {{/docs}}' },
      'project/doc-unclosed models/d.md:1:1 {% docs a %}',
    ],
    [
      'a block in a block',
      { 'models/d.md': '{{#*docs a}} {{#*docs b}} {{/docs}}' },
      'project/doc-unclosed models/d.md:1:1 {{#*docs a}}',
    ],
    ['an end alone', { 'models/d.md': 'text\n{% enddocs %}' }, 'project/doc-not-open models/d.md:2:1 {% enddocs %}'],
    ['no name', { 'models/d.md': '{{#*docs}}x{{/docs}}' }, 'project/doc-name models/d.md:1:1 {{#*docs}}'],
    [
      'a name with blanks',
      { 'models/d.md': '{% docs my key %}x{% enddocs %}' },
      'project/doc-name models/d.md:1:9 my key',
    ],
    [
      'two of one name',
      { 'models/a.md': '{{#*docs a}}x{{/docs}}', 'models/b.md': '{% docs a %}x{% enddocs %}' },
      'project/duplicate-doc models/b.md:1:9 a',
    ],
    [
      'an unknown block',
      {
        'models/m.sql': 'select 1',
        'models/a.md': '{{#*docs status}}x{{/docs}}',
        'models/a.yml': `models: [{name: m, description: 'The {{doc "staus"}}'}]`,
      },
      'config/unknown-doc models/a.yml:1:38 {{doc "staus"}}',
    ],
    [
      'a block of another package',
      {
        'models/m.sql': 'select 1',
        'models/a.md': '{{#*docs status}}x{{/docs}}',
        'models/a.yml': `models: [{name: m, description: '{{doc "shp" "status"}}'}]`,
      },
      'config/unknown-doc models/a.yml:1:34 {{doc "shp" "status"}}',
    ],
    [
      'a computed name',
      { 'models/m.sql': 'select 1', 'models/a.yml': `models: [{name: m, description: '{{ doc(x) }}'}]` },
      'config/bad-doc-call models/a.yml:1:34 {{ doc(x) }}',
    ],
  ])('%s is a mistake', (_, files, expected) => expect(mistakes(load(files))).toEqual([expected]))
})
