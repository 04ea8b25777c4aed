import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SavedSelectors } from '../../src/graph/selection/saved-selectors.ts'
import { load, mistakes } from '../project/project-tree.ts'

const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')

/** The fenced blocks of one language below a heading. */
function examples(name: string, heading: string, language: string): readonly string[] {
  const section = page(name).split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!
  return [...section.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map((m) => m[1]!)
}

const models = {
  'models/orders.sql': 'select 1 as customer_id, 2 as amount',
  'models/sources.yml': 'sources: [{name: crm, tables: [{name: contacts}]}]',
}

describe('examples of docs/resources.md', () => {
  it('of exposures and analyses make a project', () => {
    const project = load({
      ...models,
      'models/e.yml': examples('resources.md', 'Exposures', 'yaml')[0]!,
      'analyses/best_customers.sql': examples('resources.md', 'Analyses', 'sql')[0]!,
      'analyses/a.yml': examples('resources.md', 'Analyses', 'yaml')[0]!,
    })
    expect(mistakes(project)).toEqual([])
    expect([...project.exposures, ...project.analyses].map((n) => n.name)).toEqual(['weekly_report', 'best_customers'])
  })

  it('of doc blocks and functions make a project', () => {
    const [body, model] = examples('resources.md', 'Functions', 'sql')
    const project = load({
      ...models,
      'models/ads.sql': 'select 1 as campaign',
      'models/d.md': examples('resources.md', 'Doc blocks', 'markdown')[0]!,
      'models/d.yml': examples('resources.md', 'Doc blocks', 'yaml')[0]!,
      'functions/share.sql': body!,
      'functions/f.yml': examples('resources.md', 'Functions', 'yaml')[0]!,
      'models/ctr.sql': model!,
    })
    expect(mistakes(project)).toEqual([])
    expect(project.models.find((m) => m.name === 'ctr')!.dependsOn).toContain('function.shop.share')
    expect(project.models.find((m) => m.name === 'orders')!.columns[0]!.description).toContain('| placed |')
  })

  it('of saved selectors are selectors', () => {
    const project = load({ ...models, 'selectors.yml': examples('commands.md', 'Saved selectors', 'yaml')[0]! })
    expect(mistakes(project)).toEqual([])
    expect(new SavedSelectors(project.selectors).diagnostics).toEqual([])
    expect(project.selectors.map((s) => s.name)).toEqual(['nightly', 'marts'])
  })
})
