import { afterEach, expect, it } from 'vitest'
import { TemporaryProject } from './temporary-project.ts'

let project: TemporaryProject
afterEach(() => project.remove())

const told = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  project = new TemporaryProject(files)
  const { found } = await project.run((engine) => engine.parse())
  return found.map((f) => `${f.code} ${f.at}\n${f.text}`)
}

const inYaml = (config: string) => ({
  'models/models.yml': `models:\n  - name: stg_orders\n    config:\n      ${config}\n`,
})

it.each([
  ['timeout: 30 parsecs', 'config/wrong-type models/models.yml:4:16', 'a time such as `90s`'],
  ['timeout: 0', 'config/wrong-type models/models.yml:4:16', 'no limit'],
  ['timeout: -5', 'config/wrong-type models/models.yml:4:16', 'a time such as'],
  ['timeout: [1]', 'config/wrong-type models/models.yml:4:16', 'not a list'],
  ['retries: -1', 'config/wrong-type models/models.yml:4:16', 'not negative'],
  ['retries: often', 'config/wrong-type models/models.yml:4:16', 'a number of attempts'],
  ['retries: {attempts: 1.5}', 'config/wrong-type models/models.yml:4:16', 'a whole number'],
  ['retries: {delay: 1s}', 'config/wrong-type models/models.yml:4:16', 'a whole number'],
  ['retries: {attempts: 1, delay: soon}', 'config/wrong-type models/models.yml:4:16', '`delay` is a time'],
  ['retries: {attempts: 1, on: all}', 'config/wrong-type models/models.yml:4:16', '`on` is `transient` or `any`'],
  ['retries: {attempt: 1}', 'config/unknown-key models/models.yml:4:17', '`attempts`'],
  ['on_error: proceed', 'config/wrong-value models/models.yml:4:17', '`skip_children`, `continue`'],
])('%s', async (config, place, words) => {
  const [first, ...more] = await told(inYaml(config))
  expect(more).toEqual([])
  expect(first).toContain(`${place}\n`)
  expect(first).toContain(words)
})

it.each([
  ['models/stg_orders.sql', '{{config retries=-1}}\nselect 1 as id\n', 'models/stg_orders.sql:1:18'],
  ['project.yml', 'name: shop\nprofile: shop\nmodels:\n  shop:\n    +timeout: never\n', 'project.yml:5:15'],
])('in %s, too', async (path, text, place) => {
  expect(await told({ [path]: text })).toEqual([expect.stringContaining(`config/wrong-type ${place}\n`)])
})

it('a test takes a timeout and no retries', async () => {
  const tests = (config: string) =>
    `models:\n  - name: stg_orders\n    columns: [{name: id, tests: [{unique: {config: {${config}}}}]}]\n`
  expect(await told({ 'models/models.yml': tests('timeout: 5s') })).toEqual([])
  project.remove()
  expect(await told({ 'models/models.yml': tests('retries: 2') })).toEqual([
    expect.stringContaining('`retries` is a configuration of other resources only'),
  ])
})
