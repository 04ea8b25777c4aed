import { afterEach, expect, it } from 'vitest'
import { TemporaryProject } from '../../errors/temporary-project.ts'

const projects: TemporaryProject[] = []
afterEach(() => {
  for (const project of projects.splice(0)) project.remove()
})

async function parse(keys: string): Promise<readonly string[]> {
  const yaml = `exports:\n  - name: a\n    from: ref('stg_orders')\n    ${keys.split('\n').join('\n    ')}\n`
  const project = new TemporaryProject({ 'models/exports.yml': yaml })
  projects.push(project)
  const { exitCode, found } = await project.run((engine) => engine.parse())
  expect(exitCode).toBe(2)
  return found.map(
    ({ code, at, text }) => `${at.replace('models/exports.yml:', '')} ${code} ${text.split('\n').join(' | ')}`,
  )
}

const pbip = (options: string): string => `to: out/a\nformat: pbip\noptions: ${options}`
const looker = (options: string): string => `format: looker\noptions: ${options}`

it.each<[what: string, keys: string, found: string]>([
  [
    'an unknown option',
    pbip('{ sorce: postgres }'),
    '6:16 config/unknown-key unknown key `sorce` in `options` of the export `a` | did you mean `source`?',
  ],
  ['an unknown source', pbip('{ source: csv }'), '6:24 config/wrong-value'],
  ['an unknown mode', pbip('{ mode: live }'), '6:22 config/wrong-value'],
  [
    'questions to files',
    pbip('{ mode: directquery }'),
    '6:22 config/export-direct-query `mode: directquery` in the export `a` needs `source: postgres`: files are imported | say `source: postgres`',
  ],
  ['an unknown way with the report', pbip('{ report: update }'), '6:24 config/wrong-value'],
  [
    'a culture of another kind',
    pbip('{ culture: de_DE }'),
    '6:25 config/export-option `culture` is `de_DE`, and not a language with its country | write for example `de-DE`',
  ],
  [
    'a pattern that strftime does not know',
    "to: out/a.csv\noptions: { date_format: '%d.%Q' }",
    '5:29 config/export-option `date_format` is `%d.%Q`, and strftime knows no `%Q` | a day is `%d.%m.%Y`, a time `%H:%M:%S`',
  ],
  [
    'no folder',
    'format: pbip',
    '2:5 config/missing-key `to` is missing in the export `a` | for example `to: exports/a`',
  ],
  [
    'a file where a folder belongs',
    'to: out/a.pbip\nformat: pbip',
    '4:9 config/export-folder `out/a.pbip` is the name of a file, and `format: pbip` makes a folder | write `out/a`',
  ],
  [
    'an unknown option of views',
    looker('{ scheme: charts }'),
    '5:16 config/unknown-key unknown key `scheme` in `options` of the export `a` | did you mean `schema`?',
  ],
  [
    'a login of nobody',
    looker('{ login: true }'),
    '5:16 config/export-login `login` in the export `a` has no `role` | write for example `role: looker_reader`',
  ],
  ['a list of roles', looker('{ role: [a, b] }'), '5:22 config/wrong-type'],
  ['labels of another kind', looker('{ labels: short }'), '5:24 config/wrong-type'],
  [
    'another end of the page',
    `to: out/a.dat\n${looker('{}')}`,
    '4:9 config/export-suffix `out/a.dat` does not end as `looker` files do: `.sql`, `.md` | write `out/a.sql`',
  ],
])('%s', async (_, keys, found) => {
  const all = await parse(keys)
  expect(all).toHaveLength(1)
  expect(all[0]!.slice(0, found.length)).toBe(found)
})
