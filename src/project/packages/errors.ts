import { defineDiagnostic } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/nearest.ts'

// Orchestrators look for dbt's own sentence.
const install = 'Run "dbt deps" to install package dependencies; here that is `tsdbt deps`'

export const packagesNotInstalled = defineDiagnostic<{ names: readonly string[]; file: string }>(
  'packages/not-installed',
  'error',
  'The project requires packages that are not installed. `tsdbt deps` installs them.',
  ({ names, file }) => ({
    message:
      names.length === 0
        ? `the packages of \`${file}\` are not installed. ${install}`
        : `${names.length === 1 ? 'the package' : 'the packages'} ${names.map((n) => `\`${n}\``).join(', ')} ${names.length === 1 ? 'is' : 'are'} not installed. ${install}`,
  }),
)

export const lockOutOfDate = defineDiagnostic<{ file: string }>(
  'packages/lock-out-of-date',
  'error',
  '`packages.yml` was changed after the lock file was written, so that what is installed is not what is required.',
  ({ file }) => ({
    message: `\`${file}\` was changed after \`package-lock.yml\` was written. ${install}`,
  }),
)

export const otherVersionInstalled = defineDiagnostic<{ name: string }>(
  'packages/other-version',
  'error',
  'A package is installed, but in another version than the lock file says, as after a change of branches.',
  ({ name }) => ({
    message: `the package \`${name}\` is installed in another version than \`package-lock.yml\` says. ${install}`,
  }),
)

export const localPackageMissing = defineDiagnostic<{ path: string }>(
  'packages/local-missing',
  'error',
  'A `local:` package names a folder that is not there.',
  ({ path }) => ({
    message: `there is no folder \`${path}\``,
    hints: ['a local path starts at the folder of the `packages.yml` that names it'],
  }),
)

export const localPackageOutside = defineDiagnostic<{ path: string; target: string; required: boolean }>(
  'packages/local-outside',
  'error',
  'A `local:` package lies outside the project. For a folder that several projects share, say `outside_project: true`.',
  ({ path, target, required }) => ({
    message: `\`${path}\` lies outside ${required ? 'the package that requires it' : 'the project'}, at \`${target}\``,
    hints: [
      required
        ? 'an installed package can only require folders of its own; require the other by `git:` or `npm:`'
        : 'if that is meant, add `outside_project: true` to the entry',
    ],
  }),
)

export const notAPackage = defineDiagnostic<{ what: string; projects: readonly string[] }>(
  'packages/no-project-file',
  'error',
  'What a package entry names has no `project.yml` or `dbt_project.yml`.',
  ({ what, projects }) => ({
    message: `${what} is no package: it has no \`project.yml\` and no \`dbt_project.yml\``,
    hints: [
      projects.length === 0
        ? undefined
        : `there is one in ${projects.map((p) => `\`${p}\``).join(', ')}: name that folder`,
    ],
  }),
)

export const packageRenamed = defineDiagnostic<{ expected: string; found: string }>(
  'packages/renamed',
  'error',
  'A package has another name than when the lock file was written.',
  ({ expected, found }) => ({
    message: `the package \`${expected}\` of \`package-lock.yml\` is called \`${found}\` now. ${install}`,
  }),
)

export const packageNameTaken = defineDiagnostic<{ name: string; first: string; second: string }>(
  'packages/name-clash',
  'error',
  'Two packages, or a package and the project, have the same name. Names are part of every id, so they must differ.',
  ({ name, first, second }) => ({
    message: `${first} and ${second} are both called \`${name}\``,
    hints: ['change `name:` in the project file of one of them'],
  }),
)

export const unknownDispatch = defineDiagnostic<{ name: string; known: readonly string[] }>(
  'packages/unknown-dispatch',
  'warning',
  '`dispatch` names a package that is not there, so that no macro is looked for in it.',
  ({ name, known }) => ({
    message: `\`dispatch\` names \`${name}\`, which is no package of this project`,
    hints: [didYouMean(name, known)],
  }),
)
