import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import { SourceFile } from '../../src/base/source-file.ts'
import { type DepsOptions, type DepsOutcome, installDependencies } from '../../src/commands/deps.ts'
import { readPackagesFile } from '../../src/config/packages/packages-file.ts'
import { type Files, newFolder, programEnv, Repository, startRegistry, writeFiles } from './package-sources.ts'

const utils = { 'project.yml': 'name: utils\nversion: "1.0"\n', 'models/util.sql': 'select 1 as id\n' }

function shop(files: Files = {}): string {
  return newFolder({ 'project.yml': 'name: shop\nprofile: shop\n', ...files })
}

function deps(
  root: string,
  options: DepsOptions = {},
  env: Readonly<Record<string, string>> = {},
): Promise<DepsOutcome> {
  return installDependencies({ projectDir: root, env: { ...programEnv, ...env } }, options)
}

/** `name version`, with a `+` when it was put there now. */
const packagesOf = ({ packages }: DepsOutcome): readonly string[] =>
  packages.map(({ locked, fresh }) => {
    const version = locked.kind === 'git' ? locked.revision : locked.kind === 'npm' ? locked.version : locked.path
    return `${locked.name} ${version}${fresh ? ' +' : ''}`
  })

async function refusal(run: Promise<unknown>): Promise<readonly [code: string, text: string]> {
  try {
    await run
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const [first, ...others] = error.diagnostics
    expect(others).toEqual([])
    return [first!.code, [first!.message, ...(first!.hints ?? [])].join('\n')]
  }
  throw new Error('nothing was refused')
}

const gitEntry = (repository: Repository, more = ''): string =>
  `packages:\n  - git: file://${repository.folder}\n${more === '' ? '' : `    ${more}\n`}`
const installed = (root: string, path = 'utils/models/util.sql'): string =>
  readFileSync(join(root, 'packages', path), 'utf8')
const lockOf = (root: string): string => readFileSync(join(root, 'package-lock.yml'), 'utf8')

it('the example of the documentation can be read', () => {
  const page = readFileSync(new URL('../../docs/packages.md', import.meta.url), 'utf8')
  const [, text] = /```yaml\n([\s\S]*?)```/.exec(page)!
  const { specs, diagnostics } = readPackagesFile(new SourceFile('packages.yml', text!), (value) => value)
  expect(diagnostics).toEqual([])
  expect(specs.map((s) => s.kind)).toEqual(['local', 'local', 'git', 'npm'])
})

describe('git packages', () => {
  it('are pinned to a commit until they are upgraded', async () => {
    const repository = new Repository(utils)
    const first = repository.git('rev-parse', 'HEAD').trim()
    const root = shop({ 'packages.yml': gitEntry(repository, 'revision: main') })
    expect(packagesOf(await deps(root))).toEqual([`utils ${first} +`])
    expect(readdirSync(join(root, 'packages', 'utils')).sort()).toEqual(['models', 'project.yml'])
    expect(lockOf(root)).toMatch(
      new RegExp(`revision: "${first}"\n    requested: "main"\n    sha256: "[0-9a-f]{64}"\n`),
    )

    const second = repository.commit({ 'models/util.sql': 'select 2 as id\n' })
    const before = lockOf(root)
    expect(packagesOf(await deps(root))).toEqual([`utils ${first}`])
    rmSync(join(root, 'packages'), { recursive: true })
    expect(packagesOf(await deps(root))).toEqual([`utils ${first} +`])
    expect([installed(root), lockOf(root)]).toEqual(['select 1 as id\n', before])

    // A file that was changed by hand is put back.
    writeFiles(root, { 'packages/utils/models/util.sql': 'select 3 as id\n' })
    expect(packagesOf(await deps(root))).toEqual([`utils ${first} +`])
    expect(installed(root)).toBe('select 1 as id\n')

    expect(packagesOf(await deps(root, { lock: true, upgrade: true }))).toEqual([`utils ${second}`])
    expect(installed(root)).toBe('select 1 as id\n')
    expect(packagesOf(await deps(root))).toEqual([`utils ${second} +`])
    expect(installed(root)).toBe('select 2 as id\n')
  })

  it('may name a tag, a short commit, a folder, and a secret in the address', async () => {
    const repository = new Repository({ 'dbt/utils/project.yml': utils['project.yml'], 'README.md': 'hello' })
    repository.git('tag', 'v1')
    const commit = repository.commit({ 'dbt/utils/models/util.sql': 'select 2 as id\n' })
    const entry = (revision: string) =>
      `packages:\n  - git: 'file://{{env_var "TSDBT_SECRET_PLACE"}}'\n    revision: ${revision}\n    subdirectory: dbt/utils\n`
    const root = shop({ 'packages.yml': entry('v1') })
    const env = { TSDBT_SECRET_PLACE: repository.folder }
    await deps(root, {}, env)
    expect(existsSync(join(root, 'packages/utils/models'))).toBe(false)
    writeFiles(root, { 'packages.yml': entry(`"${commit.slice(0, 10)}"`) })
    expect(packagesOf(await deps(root, {}, env))).toEqual([`utils ${commit} +`])
    expect(lockOf(root)).not.toContain(repository.folder)
    expect(lockOf(root)).toContain('TSDBT_SECRET_PLACE')
  })

  it('run no hooks of theirs', async () => {
    const repository = new Repository(utils)
    const trace = join(newFolder(), 'ran')
    writeFileSync(join(repository.folder, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${trace}\n`, { mode: 0o755 })
    await deps(shop({ 'packages.yml': gitEntry(repository) }))
    expect(existsSync(trace)).toBe(false)
  })
})

describe('npm packages', () => {
  it('come from the registry in the newest version of the range, without scripts', async () => {
    const version = (n: number) => ({ ...utils, 'models/util.sql': `select ${n} as id\n` })
    const { url } = await startRegistry({
      '@acme/utils': { '1.0.0': version(1), '1.2.0': version(2), '2.0.0': version(3), '1.3.0-beta': version(4) },
    })
    const root = shop({
      'packages.yml': 'packages:\n  - npm: "@acme/utils"\n    version: ^1.0.0\n',
      '.npmrc': `registry=${url}/\n`,
    })
    const env = { HOME: root }
    expect(packagesOf(await deps(root, {}, env))).toEqual(['utils 1.2.0 +'])
    expect(installed(root)).toBe('select 2 as id\n')
    expect(readdirSync(join(root, 'packages/utils')).sort()).toEqual(['models', 'package.json', 'project.yml'])
    expect(packagesOf(await deps(root, { addPackage: '@acme/utils@2.0.0' }, env))).toEqual(['utils 2.0.0 +'])
    expect(readFileSync(join(root, 'packages.yml'), 'utf8')).toBe(
      'packages:\n  - npm: "@acme/utils"\n    version: "2.0.0"\n',
    )
    const [code, text] = await refusal(deps(root, { addPackage: '@acme/utils@^3' }, env))
    expect([code, text]).toEqual(['deps/no-version', expect.stringContaining('`2.0.0`')])
    expect(await refusal(deps(root, { addPackage: '@acme/utlis' }, env))).toMatchObject([
      'deps/npm-package-unknown',
      {},
    ])
    // What could not be found was not written.
    expect(readFileSync(join(root, 'packages.yml'), 'utf8')).toContain('"2.0.0"')
  })

  it('come from `node_modules` of the project without a registry', async () => {
    const root = shop({
      'packages.yml': 'packages:\n  - npm: acme-utils\n    version: [">=1.0.0", "<2.0.0"]\n',
      'node_modules/acme-utils/package.json': '{"name": "acme-utils", "version": "1.4.0"}',
      'node_modules/acme-utils/project.yml': utils['project.yml'],
      '.npmrc': 'registry=http://127.0.0.1:9/\nfetch-retries=0\n',
    })
    expect(packagesOf(await deps(root, {}, { HOME: root }))).toEqual(['utils 1.4.0 +'])
    writeFiles(root, { 'node_modules/acme-utils': null })
    expect(packagesOf(await deps(root, {}, { HOME: root }))).toEqual(['utils 1.4.0'])
    rmSync(join(root, 'packages'), { recursive: true })
    const [code, text] = await refusal(deps(root, {}, { HOME: root }))
    expect(code).toBe('deps/npm')
    expect(text).toContain('is the network reachable?')
  })
})

describe('packages of packages', () => {
  it('are installed once, in the version that all of them take', async () => {
    const shared = { 'project.yml': 'name: shared\n' }
    const { url } = await startRegistry({ shared: { '1.0.0': shared, '1.5.0': shared, '1.9.0': shared } })
    const root = shop({
      'packages.yml': 'packages:\n  - local: a\n  - local: b\n',
      'a/project.yml': 'name: a\n',
      'a/packages.yml': 'packages:\n  - {npm: shared, version: ^1.0.0}\n',
      'b/project.yml': 'name: b\n',
      'b/packages.yml': 'packages:\n  - {npm: shared, version: ~1.5.0}\n',
      '.npmrc': `registry=${url}/\n`,
    })
    expect(packagesOf(await deps(root, {}, { HOME: root }))).toEqual(['a a', 'b b', 'shared 1.5.0 +'])
    writeFiles(root, { 'a/packages.yml': 'packages:\n  - {npm: shared, version: ^1.6.0}\n' })
    expect(await refusal(deps(root, {}, { HOME: root }))).toEqual([
      'deps/conflict',
      'there is no version of `shared` for all that require it: `a` asks for `^1.6.0`; `b` asks for `~1.5.0`\n' +
        'change one of the requirements; each package is installed once',
    ])
    // What is no longer required goes.
    writeFiles(root, { 'packages.yml': 'packages: []\n' })
    expect(packagesOf(await deps(root))).toEqual([])
    expect(readdirSync(join(root, 'packages')).sort()).toEqual(['.tsdbt-packages.json'])
  })

  it('may be folders of an installed one', async () => {
    const repository = new Repository({
      ...utils,
      'packages.yml': 'packages:\n  - local: parts/inner\n',
      'parts/inner/project.yml': 'name: inner\n',
    })
    const root = shop({ 'packages.yml': gitEntry(repository) })
    expect(packagesOf(await deps(root))).toEqual([
      'inner packages/utils/parts/inner',
      expect.stringMatching(/^utils .* \+$/),
    ])
  })
})

describe('--add-package', () => {
  const cases: readonly (readonly [before: string | null, wish: string, after: string])[] = [
    [null, './utils', 'packages:\n  - local: "./utils"\n'],
    ['packages: []\n', './utils', 'packages:\n  - local: "./utils"\n'],
    ['# ours\npackages:\n', './utils', '# ours\npackages:\n  - local: "./utils"\n'],
    [
      'packages:\n- local: a # first\n\n# end\n',
      './utils',
      'packages:\n- local: a # first\n- local: "./utils"\n\n# end\n',
    ],
  ]
  it.each(cases)('writes an entry: %j', async (before, wish, after) => {
    const root = shop({
      ...(before === null ? {} : { 'packages.yml': before }),
      'utils/project.yml': 'name: utils\n',
      'a/project.yml': 'name: a\n',
    })
    expect((await deps(root, { addPackage: wish })).written).toEqual(['packages.yml', 'package-lock.yml'])
    expect(readFileSync(join(root, 'packages.yml'), 'utf8')).toBe(after)
  })
})

describe('what cannot be installed is told in one sentence', () => {
  const other = (): Repository => new Repository({ 'readme.md': 'hello', 'dbt/project.yml': 'name: utils\n' })
  const cases: Readonly<Record<string, readonly [code: string, text: RegExp, files: () => Files]>> = {
    'a package of the hub': [
      'packages/hub',
      /`dbt-labs\/dbt_utils` is a package of dbt's hub.*cannot run here\n.*built in/,
      () => ({ 'packages.yml': 'packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.3.0\n' }),
    ],
    'a tarball': [
      'packages/not-offered',
      /`tarball:`/,
      () => ({ 'packages.yml': 'packages:\n  - {tarball: https://example.com/a.tgz, name: a}\n' }),
    ],
    'a wrong key': [
      'config/unknown-key',
      /`revison`[\s\S]*did you mean `revision`/,
      () => ({ 'packages.yml': 'packages:\n  - {git: ./x, revison: main}\n' }),
    ],
    'no package at all': ['packages/form', /names no package/, () => ({ 'packages.yml': 'packages:\n  - {}\n' })],
    'two files': [
      'packages/two-files',
      /both declare packages/,
      () => ({ 'packages.yml': 'packages: [{local: a}]\n', 'dependencies.yml': 'packages: [{local: b}]\n' }),
    ],
    'a folder that is missing': [
      'packages/local-missing',
      /no folder `utils`/,
      () => ({ 'packages.yml': 'packages: [{local: utils}]\n' }),
    ],
    'a folder outside': [
      'packages/local-outside',
      /outside the project[\s\S]*outside_project: true/,
      () => ({ 'packages.yml': `packages: [{local: ${newFolder(utils)}}]\n` }),
    ],
    'a folder without a project file': [
      'packages/no-project-file',
      /`parts` is no package[\s\S]*there is one in `a`/,
      () => ({ 'packages.yml': 'packages: [{local: parts}]\n', 'parts/a/project.yml': 'name: a\n' }),
    ],
    'a repository without a project file': [
      'packages/no-project-file',
      /is no package[\s\S]*there is one in `dbt`/,
      () => ({ 'packages.yml': gitEntry(other()) }),
    ],
    'an unknown revision': [
      'deps/unknown-revision',
      /no branch, tag or commit `mian`\ndid you mean `main`/,
      () => ({ 'packages.yml': gitEntry(other(), 'revision: mian') }),
    ],
    'an unknown folder of a repository': [
      'deps/subdirectory-missing',
      /no folder `dbts`/,
      () => ({ 'packages.yml': gitEntry(other(), 'subdirectory: dbts') }),
    ],
    'a repository that is not there': [
      'deps/git',
      /git cannot get `file:\/\/\/nowhere\/at\/all`: .*does not/,
      () => ({ 'packages.yml': 'packages: [{git: "file:///nowhere/at/all"}]\n' }),
    ],
    'a host that is not there, with a password': [
      'deps/git',
      /git cannot get `http:\/\/\*\*\*\*\*@127\.0\.0\.1:9\/a\.git`: (?!.*hunter2)/,
      () => ({ 'packages.yml': 'packages: [{git: "http://me:hunter2@127.0.0.1:9/a.git"}]\n' }),
    ],
    'two of one name': [
      'packages/name-clash',
      /`a` and `b` are both called `same`/,
      () => ({
        'packages.yml': 'packages: [{local: a}, {local: b}]\n',
        'a/project.yml': 'name: same\n',
        'b/project.yml': 'name: same\n',
      }),
    ],
    'one with the name of the project': [
      'packages/name-clash',
      /this project and `a` are both called `shop`/,
      () => ({ 'packages.yml': 'packages: [{local: a}]\n', 'a/project.yml': 'name: shop\n' }),
    ],
    'a circle': [
      'deps/circular',
      /in a circle: `a`, `b`, `a`/,
      () => ({
        'packages.yml': 'packages: [{local: a}]\n',
        'a/project.yml': 'name: a\n',
        'a/packages.yml': 'packages: [{local: ../b}]\n',
        'b/project.yml': 'name: b\n',
        'b/packages.yml': 'packages: [{local: ../a}]\n',
      }),
    ],
    'two revisions of one repository': [
      'deps/conflict',
      /this project asks for `main`; `a` asks for `v1`/,
      () => {
        const repository = new Repository(utils)
        repository.git('tag', 'v1')
        repository.commit({ 'models/util.sql': 'select 2 as id\n' })
        return {
          'packages.yml': `${gitEntry(repository, 'revision: main')}  - local: a\n`,
          'a/project.yml': 'name: a\n',
          'a/packages.yml': gitEntry(repository, 'revision: v1'),
        }
      },
    ],
    'a package in Jinja': [
      'deps/jinja',
      /is written in Jinja \(`macros\/a\.sql`\)/,
      () => ({
        'packages.yml': 'packages: [{local: a}]\n',
        'a/dbt_project.yml': 'name: a\n',
        'a/macros/a.sql': '{% macro a() %}1{% endmacro %}',
      }),
    ],
    'a range that is none': [
      'deps/version-range',
      /`newest` is no version range/,
      () => ({ 'packages.yml': 'packages: [{npm: a, version: newest}]\n' }),
    ],
    'a lock file of dbt': [
      'packages/lock-unreadable',
      /was not written by tsdbt\n`tsdbt deps --upgrade`/,
      () => ({
        'packages.yml': 'packages: [{local: a}]\n',
        'a/project.yml': 'name: a\n',
        'package-lock.yml': 'packages: []\nsha1_hash: abc\n',
      }),
    ],
    'a folder that is taken': [
      'deps/folder-taken',
      /`packages\/utils` is there already/,
      () => ({ 'packages.yml': gitEntry(new Repository(utils)), 'packages/utils/mine.sql': 'select 1' }),
    ],
    'a circle within one repository': [
      'deps/circular',
      /in a circle: `utils`, `utils`/,
      () => {
        const repository = new Repository(utils)
        repository.commit({ 'packages.yml': gitEntry(repository) })
        return { 'packages.yml': gitEntry(repository) }
      },
    ],
  }
  it.each(Object.entries(cases))('%s', async (_, [code, text, files]) => {
    const root = shop(files())
    const found = await refusal(deps(root))
    expect(found).toEqual([code, expect.stringMatching(text)])
    expect(existsSync(join(root, 'package-lock.yml'))).toBe(code === 'packages/lock-unreadable')
  })

  it('files that are not those of the lock', async () => {
    const repository = new Repository(utils)
    const root = shop({ 'packages.yml': gitEntry(repository) })
    await deps(root)
    writeFileSync(join(root, 'package-lock.yml'), lockOf(root).replace(/sha256: "./, 'sha256: "x'))
    const before = installed(root)
    expect(await refusal(deps(root))).toEqual([
      'deps/differs-from-lock',
      expect.stringContaining('differs from the lock'),
    ])
    expect(installed(root)).toBe(before)
  })

  it('git that is not there', async () => {
    const root = shop({ 'packages.yml': gitEntry(other()) })
    const found = await refusal(deps(root, {}, { PATH: `${dirname(root)}/nothing` }))
    expect(found).toEqual(['deps/program-missing', expect.stringContaining('`git` is not installed')])
  })
})
