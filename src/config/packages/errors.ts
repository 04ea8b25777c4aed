import { defineDiagnostic } from '../../base/diagnostic.ts'

/** Packages of dbt's hub whose macros or tests come with tsdbt. */
const builtIn: ReadonlyMap<string, string> = new Map([
  ['dbt_utils', 'its macros and tests are built in, by the same names: see docs/macros.md'],
  ['dbt-utils', 'its macros and tests are built in, by the same names: see docs/macros.md'],
  ['dbt_date', '`date_trunc`, `dateadd`, `datediff`, `date_spine` and others are built in: see docs/macros.md'],
  ['dbt_expectations', 'many of its tests are built in as those of dbt_utils: see docs/macros.md'],
])

export const hubPackage = defineDiagnostic<{ name: string }>(
  'packages/hub',
  'error',
  'A package of dbt’s hub. It is written in Jinja, which tsdbt cannot run. The macros and tests of `dbt_utils` are built in.',
  ({ name }) => {
    const known = builtIn.get(name.slice(name.lastIndexOf('/') + 1))
    return {
      message: `\`${name}\` is a package of dbt's hub: it is written in Jinja and cannot run here`,
      hints: [
        known === undefined
          ? 'take it out; rewrite what you need of it, and require that by `git:`, `npm:` or `local:`'
          : `take it out: ${known}`,
      ],
    }
  },
)

export const unsupportedPackage = defineDiagnostic<{ key: string }>(
  'packages/not-offered',
  'error',
  'A way of requiring a package that tsdbt does not have: `tarball` and `private` of dbt.',
  ({ key }) => ({
    message: `packages by \`${key}:\` are not offered`,
    hints: [
      key === 'private'
        ? 'write the repository as `git:`, with the token in its address: `https://{{env_var "TSDBT_SECRET_GIT"}}@host/team/repository.git`'
        : 'unpack it into the project and require it by `local:`, or use `git:` or `npm:`',
    ],
  }),
)

export const packageForm = defineDiagnostic<{ message: string; hint: string }>(
  'packages/form',
  'error',
  'An entry of `packages.yml` does not say which package it means, or says it twice.',
  ({ message, hint }) => ({ message, hints: [hint] }),
)

export const twoPackageFiles = defineDiagnostic<Record<never, never>>(
  'packages/two-files',
  'error',
  'Packages are declared in `packages.yml` and in `dependencies.yml`. One of them must hold all.',
  () => ({
    message: '`packages.yml` and `dependencies.yml` both declare packages',
    hints: ['move all of them into one of the files'],
  }),
)

export const brokenLock = defineDiagnostic<{ message: string }>(
  'packages/lock-unreadable',
  'error',
  'The lock file of the packages was not written by this version of tsdbt, or was changed by hand.',
  ({ message }) => ({ message, hints: ['`tsdbt deps --upgrade` writes it anew'] }),
)
