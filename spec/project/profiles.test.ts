import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SourceFile } from '../../src/base/source-file.ts'
import { type ProfileAnswer, type ProfileQuestion, resolveProfile } from '../../src/config/profiles-file.ts'
import { createLoadHost } from '../../src/project/load-host.ts'
import { yamlEvaluator } from '../../src/project/yaml-evaluator.ts'
import { writeTree } from './project-tree.ts'

const PROFILES = `shop:
  target: '{{env_var "TARGET" "dev"}}'
  outputs:
    dev: {type: duckdb, path: dev.duckdb, threads: '{{env_var "THREADS" 4}}'}
    prod:
      type: duckdb
      path: '{{env_var "PROD_PATH"}}'
      schema: main
      settings: {memory_limit: 1GB}
      attach:
        - {path: other.duckdb, alias: other}
    private: {type: duckdb, path: x, password: '{{env_var "TSDBT_SECRET_PASSWORD"}}'}
other: {outputs: {dev: {type: duckdb}}}
`

function ask(
  question: Partial<ProfileQuestion>,
  env: Record<string, string> = {},
  text = PROFILES,
): ProfileAnswer & { root: string } {
  const root = writeTree({ 'profiles.yml': text })
  const host = createLoadHost({ packageName: '', engine: '', target: undefined, vars: {}, env, secrets: true })
  const answer = resolveProfile({
    folders: [join(root, 'nowhere'), root],
    profile: 'shop',
    projectFile: 'project.yml',
    target: undefined,
    evaluate: (scalar, span, exact) => yamlEvaluator(new SourceFile(span.path, scalar), host)(scalar, span, exact),
    display: (path) => path.slice(root.length + 1),
    ...question,
  })
  return { ...answer, root }
}

function codes(answer: ProfileAnswer): string[] {
  return answer.diagnostics.map((d) =>
    `${d.code} ${d.span === undefined ? '' : answer.file?.text.slice(d.span.start, d.span.end)}`.trim(),
  )
}

describe('resolveProfile', () => {
  it('takes the target of the profile, evaluated', () => {
    const answer = ask({})
    expect(codes(answer)).toEqual([])
    expect(answer.target).toMatchObject({
      profileName: 'shop',
      targetName: 'dev',
      type: 'duckdb',
      values: { type: 'duckdb', path: 'dev.duckdb', threads: 4 },
      folder: answer.root,
    })
  })

  it('lets a flag and the environment choose', () => {
    expect(ask({ target: 'prod' }, { PROD_PATH: 'p' }).target!.values).toMatchObject({ path: 'p', schema: 'main' })
    expect(ask({}, { TARGET: 'prod', PROD_PATH: 'p' }).target!.targetName).toBe('prod')
    expect(ask({ profile: 'other' }).target!.targetName).toBe('dev')
  })

  it('reads secrets', () => {
    const answer = ask({ target: 'private' }, { TSDBT_SECRET_PASSWORD: 'hush' })
    expect(answer.target!.values['password']).toBe('hush')
  })

  it('knows where each part stands', () => {
    const { target, file } = ask({ target: 'prod' }, { PROD_PATH: 'p' })
    const text = (path: (string | number)[], part: 'key' | 'value') => {
      const span = target!.spanOf(path, part)
      return file!.text.slice(span.start, span.end)
    }
    expect(text(['settings', 'memory_limit'], 'key')).toBe('memory_limit')
    expect(text(['attach', 0, 'alias'], 'value')).toBe('other')
    expect(text(['attach', 7, 'alias'], 'value')).toBe('- {path: other.duckdb, alias: other}')
  })

  it.each<[string, Partial<ProfileQuestion>, string[]]>([
    ['no profile named', { profile: undefined }, ['config/no-profile']],
    ['an unknown profile', { profile: 'shp' }, ['config/profile-missing']],
    ['an unknown target', { target: 'prd' }, ['config/target-missing']],
    [
      'a variable that is not set, in the target in use only',
      { target: 'prod' },
      ['template/missing-environment "PROD_PATH"'],
    ],
  ])('%s', (_name, question, expected) => {
    const answer = ask(question)
    expect(codes(answer)).toEqual(expected)
    expect(answer.target).toBeUndefined()
  })

  it('says where it looked and gives an example to paste', () => {
    const answer = ask({ folders: [writeTree({})] })
    expect(codes(answer)).toEqual(['config/profiles-missing'])
    expect(answer.diagnostics[0]!.hints![0]).toContain('shop:\n  target: dev\n')
  })

  it('offers what there is', () => {
    expect(ask({ profile: 'shp' }).diagnostics[0]).toMatchObject({
      hints: ['did you mean `shop`?'],
      notes: ['it has: `shop`, `other`'],
    })
    expect(ask({ target: 'prd' }).diagnostics[0]).toMatchObject({ hints: ['did you mean `prod`?'] })
  })

  it.each([
    ['shop: {outputs: {dev: {path: x}}}', ['config/missing-key {']],
    ['shop: {targt: dev, outputs: {dev: {type: duckdb}}}', ['config/unknown-key targt']],
    ['shop: {target: dev}', ['config/missing-key shop']],
    ['shop: [', ['config/yaml-syntax']],
    ['', ['config/profile-missing']],
  ])('%s', (text, expected) => {
    expect(codes(ask({}, {}, text))).toEqual(expected)
  })
})
