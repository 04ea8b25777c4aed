import { defineDiagnostic } from '../../base/diagnostic.ts'

const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

export const programMissing = defineDiagnostic<{ program: string; purpose: string }>(
  'deps/program-missing',
  'error',
  'Packages are fetched by the programs `git` and `npm`, and the one that is needed is not installed.',
  ({ program, purpose }) => ({
    message: `\`${program}\` is not installed, and ${purpose} need it`,
    hints: [`install ${program}, or require the package by \`local:\``],
  }),
)

export const gitFailed = defineDiagnostic<{ url: string; reason: string }>(
  'deps/git',
  'error',
  'git could not get a repository: it is not there, needs credentials, or the network is not reachable.',
  ({ url, reason }) => ({
    message: `git cannot get \`${url}\`: ${reason}`,
    hints: [
      /resolve host|unable to access|Connection|timed out|Network/i.test(reason)
        ? 'is the network reachable? What the lock file names and is installed needs none'
        : 'is the address right? A token belongs into it as `{{env_var "TSDBT_SECRET_GIT_TOKEN"}}`',
    ],
  }),
)

export const unknownRevision = defineDiagnostic<{
  url: string
  revision: string
  near: string | undefined
  known: readonly string[]
}>('deps/unknown-revision', 'error', 'A repository has no branch, tag or commit of that name.', (a) => ({
  message: `\`${a.url}\` has no branch, tag or commit \`${a.revision}\``,
  hints: [
    a.near !== undefined
      ? `did you mean \`${a.near}\`?`
      : a.known.length === 0
        ? 'the repository is empty'
        : `it has ${list(a.known.slice(-8))}`,
  ],
}))

export const subdirectoryMissing = defineDiagnostic<{ url: string; subdirectory: string }>(
  'deps/subdirectory-missing',
  'error',
  'A repository has no folder of that name at that revision.',
  ({ url, subdirectory }) => ({ message: `\`${url}\` has no folder \`${subdirectory}\` at that revision` }),
)

export const npmFailed = defineDiagnostic<{ name: string; reason: string; offline: boolean }>(
  'deps/npm',
  'error',
  'npm could not get a package: the registry is not reachable, or refuses.',
  ({ name, reason, offline }) => ({
    message: `npm cannot get \`${name}\`: ${reason}`,
    hints: [
      offline
        ? 'is the network reachable? A version in the project’s own `node_modules` needs none'
        : 'a private registry is named in `.npmrc` of the project or of the user',
    ],
  }),
)

export const npmPackageUnknown = defineDiagnostic<{ name: string }>(
  'deps/npm-package-unknown',
  'error',
  'The registry has no package of that name, or shows it to nobody without a login.',
  ({ name }) => ({
    message: `the npm registry has no package \`${name}\``,
    hints: ['check the name; a private registry is named in `.npmrc` of the project or of the user'],
  }),
)

export const badRange = defineDiagnostic<{ range: string }>(
  'deps/version-range',
  'error',
  'The version of an npm package is no range that npm knows.',
  ({ range }) => ({
    message: `\`${range}\` is no version range`,
    hints: ['write for example `^1.2.0`, `~1.2.0`, `>=1.0.0 <2.0.0` or `1.2.3`'],
  }),
)

export const noVersion = defineDiagnostic<{ name: string; range: string; known: readonly string[] }>(
  'deps/no-version',
  'error',
  'No version of an npm package lies in the range that is asked for.',
  ({ name, range, known }) => ({
    message: `no version of \`${name}\` fits \`${range}\``,
    hints: [known.length === 0 ? undefined : `the newest are ${list(known.slice(-5))}`],
  }),
)

/** `asked`: who asks for what, as `this project asks for 1.2.0`. */
export const versionConflict = defineDiagnostic<{ what: string; asked: readonly string[] }>(
  'deps/conflict',
  'error',
  'Packages require versions of one package that exclude each other.',
  ({ what, asked }) => ({
    message: `there is no version of ${what} for all that require it: ${asked.join('; ')}`,
    hints: ['change one of the requirements; each package is installed once'],
  }),
)

export const circularPackages = defineDiagnostic<{ trail: readonly string[] }>(
  'deps/circular',
  'error',
  'Packages require each other in a circle.',
  ({ trail }) => ({ message: `packages require each other in a circle: ${list(trail)}` }),
)

export const jinjaPackage = defineDiagnostic<{ what: string; file: string }>(
  'deps/jinja',
  'error',
  'A package is written in Jinja, for dbt. It cannot run here.',
  ({ what, file }) => ({
    message: `${what} is written in Jinja (\`${file}\`) and cannot run here`,
    hints: [
      'the macros and tests of dbt_utils are built in (docs/macros.md); docs/dbt.md shows how Jinja is rewritten',
    ],
  }),
)

export const differsFromLock = defineDiagnostic<{ what: string }>(
  'deps/differs-from-lock',
  'error',
  'What was fetched is not what the lock file pins: its files were changed after the lock file was written.',
  ({ what }) => ({
    message: `${what} differs from the lock: its files are not those that \`package-lock.yml\` was written for`,
    hints: ['find out why; when the change is meant, `tsdbt deps --upgrade` writes the lock file anew'],
  }),
)

export const folderTaken = defineDiagnostic<{ path: string }>(
  'deps/folder-taken',
  'error',
  'The folder that a package is to be installed in holds something that `tsdbt deps` did not put there.',
  ({ path }) => ({
    message: `\`${path}\` is there already and was not made by \`tsdbt deps\``,
    hints: ['move it away, or set `packages-install-path` in the project file'],
  }),
)

export const fileOutsidePackage = defineDiagnostic<{ what: string; path: string }>(
  'deps/link-outside',
  'error',
  'A package holds a link that leads out of it.',
  ({ what, path }) => ({ message: `${what} holds a link that leads out of it: \`${path}\`` }),
)

export const addPackageForm = defineDiagnostic<{ text: string }>(
  'deps/add-package',
  'error',
  '`--add-package` takes a name and a version, an address and a revision, or a path.',
  ({ text }) => ({
    message: `\`${text}\` names no package`,
    hints: ['write for example `@acme/shop-models@^1.2.0`, `https://example.com/team/models.git@v1.2` or `./shared`'],
  }),
)

export const cannotAddPackage = defineDiagnostic<{ path: string }>(
  'deps/cannot-add',
  'error',
  '`--add-package` adds lines to a list; the file has another form.',
  ({ path }) => ({ message: `the list in \`${path}\` cannot be added to`, hints: ['write the entry by hand'] }),
)

export const noPackageFile = defineDiagnostic<{ near: string | undefined }>(
  'deps/no-packages',
  'warning',
  'The project declares no packages, so that there is nothing to install.',
  ({ near }) => ({
    message: 'the project declares no packages',
    hints: [
      near === undefined
        ? 'they stand in `packages.yml`; `tsdbt deps --add-package …` writes one'
        : `\`${near}\` is not read: the file is called \`packages.yml\``,
    ],
  }),
)
