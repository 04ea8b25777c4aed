import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../../base/diagnostic.ts'
import { SourceFile } from '../../../base/source-file.ts'
import { parseYaml } from '../../parse-yaml.ts'
import { YamlReader } from '../../yaml-reader.ts'
import { readPublishOptions } from './publish-options.ts'

function read(text: string, format = 'hyper') {
  const diagnostics: Diagnostic[] = []
  const file = new SourceFile('exports.yml', text)
  const reader = new YamlReader(file, diagnostics, (template) => `<${template}>`)
  const where = 'the export `trends`'
  const entry = readPublishOptions(reader, parseYaml(file).root!, { where, format, defaultName: 'trends' })
  return {
    entry,
    told: diagnostics.map((d) => [text.slice(d.span!.start, d.span!.end), d.message, ...(d.hints ?? [])].join(' | ')),
  }
}

describe('readPublishOptions', () => {
  it('reads everything, with the defaults of what is left out', () => {
    const { entry, told } = read('project: /Marketing/EMEA\n')
    expect(told).toEqual([])
    expect(entry?.options).toEqual({
      project: ['Marketing', 'EMEA'],
      name: 'trends',
      description: null,
      overwrite: false,
      showTabs: false,
      skipConnectionCheck: false,
      validate: true,
      asJob: null,
      timeoutMs: 1_800_000,
    })
    const all =
      "{project: [A/B, C], name: '{{x}}', description: d, overwrite: true, show_tabs: true, skip_connection_check: true, validate: false, as_job: true, timeout: 1h30m}"
    expect(read(all, 'twbx').entry?.options).toEqual({
      project: ['A/B', 'C'],
      name: '<{{x}}>',
      description: 'd',
      overwrite: true,
      showTabs: true,
      skipConnectionCheck: true,
      validate: false,
      asJob: true,
      timeoutMs: 5_400_000,
    })
    expect(read('project: Sales//EU/Team').entry?.options.project).toEqual(['Sales/EU', 'Team'])
  })

  it.each([
    [
      'name: x',
      'hyper',
      'n | `project` is missing in `publish` of the export `trends` | for example `project: /Marketing/EMEA`',
    ],
    [
      'project: /A/ /B',
      'hyper',
      '/A/ /B | `/A/ /B` is no path of a project | write for example `project: /Marketing/EMEA`, or `project: [Marketing, EMEA]`',
    ],
    ['project: /', 'hyper', '/ | `/` is no path of a project'],
    ['project: []', 'hyper', '[] | `` is no path of a project'],
    [
      '{project: A, overwrit: true}',
      'hyper',
      'overwrit | unknown key `overwrit` in `publish` of the export `trends` | did you mean `overwrite`?',
    ],
    [
      '{project: A, show_tabs: true}',
      'tdsx',
      'show_tabs | unknown key `show_tabs` in `publish` of the export `trends` | only a workbook (`twb`, `twbx`) has it',
    ],
    [
      '{project: A, token: abc}',
      'hyper',
      'token | `token` does not belong in `publish` of the export `trends` | remove it and set `TABLEAU_PAT_SECRET` in the environment',
    ],
    [
      '{project: A, overwrite: yes}',
      'hyper',
      'yes | `overwrite` of `publish` of the export `trends` must be `true` or `false`',
    ],
    [
      '{project: A, timeout: soon}',
      'hyper',
      'soon | `timeout` of `publish` of the export `trends` must be a time such as `10m`',
    ],
    ['{project: A, name: ""}', 'hyper', '"" | `` cannot be the name of something published'],
    ['project: A', 'csv', 'project: A | the export `trends` makes a `csv` file, and a Tableau site takes none'],
    ['true', 'hyper', 'true | `publish` of the export `trends` must be a mapping'],
  ])('tells what is wrong with `%s`', (text, format, words) => {
    const { told } = read(text, format)
    expect(told).toHaveLength(1)
    expect(told[0]).toContain(words)
  })
})
