import { defineDiagnostic } from '../base/diagnostic.ts'

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'a folder stands in its place',
  ENAMETOOLONG: 'the name is too long for the file system',
  EMFILE: 'too many open files',
}

export const notWritable = defineDiagnostic(
  'artifacts/not-writable',
  'error',
  'A file of the target folder cannot be written. Make the folder writable or name another with `--target-path`.',
  (a: { path: string; code: string }) => ({
    message: `cannot write \`${a.path}\`: ${reasons[a.code] ?? a.code}`,
    hints: ['make the folder writable, or name another one with `--target-path`'],
  }),
)

export const stateMissing = defineDiagnostic(
  'artifacts/state-missing',
  'error',
  'A state is a folder with the artifacts of an earlier run: `manifest.json`, and `run_results.json` for `result:` and `retry`. Copy the `target` folder of that run, or name another one with `--state`.',
  (a: { path: string; what: 'folder' | 'file'; needs: string }) => ({
    message:
      a.what === 'folder'
        ? `the state folder \`${a.path}\` does not exist`
        : `there is no \`${a.path}\`, which ${a.needs} needs`,
    hints: ['copy the `target` folder of the run to compare with there, or name another folder with `--state`'],
  }),
)

export const stateDamaged = defineDiagnostic(
  'artifacts/state-damaged',
  'error',
  'A file of the state is no JSON, or not what its name says. It was cut off or changed after it was written.',
  (a: { path: string; reason: string; isLocal?: boolean }) => ({
    message: `\`${a.path}\` cannot be read: ${a.reason}`,
    hints: [
      a.isLocal === true ? 'delete it: the next build writes it anew' : 'copy it once more from the run that wrote it',
    ],
  }),
)

export const stateVersion = defineDiagnostic(
  'artifacts/state-version',
  'error',
  'The artifact is of another version than the one that is read: `manifest.json` v12, `run_results.json` v6 and `sources.json` v3, which tsdbt and dbt 1.8 and later write.',
  (a: { path: string; found: string; wanted: string }) => ({
    message: `\`${a.path}\` is ${a.found}, and ${a.wanted} is read`,
    hints: ['write it with tsdbt, or with dbt 1.8 or later'],
  }),
)

export const stateOfAnotherProject = defineDiagnostic(
  'artifacts/state-of-another-project',
  'error',
  'The state was written for a project of another name, so that none of its nodes is one of this project.',
  (a: { path: string; found: string; project: string }) => ({
    message: `\`${a.path}\` is of the project \`${a.found}\`, and this is \`${a.project}\``,
    hints: ['name the folder of this project’s artifacts with `--state`'],
  }),
)

export const stateByDbt = defineDiagnostic(
  'artifacts/state-by-dbt',
  'warning',
  'The state was written by dbt, whose templates are Jinja. References compare; models with other templates count as modified, because their texts differ. Macros of dbt itself are not compared.',
  (a: { path: string; version: string }) => ({
    message: `\`${a.path}\` was written by dbt ${a.version}: models with other templates than references count as modified`,
    hints: ['`state:new` and `--defer` are exact; write a state with tsdbt to compare everything'],
  }),
)

export const noLocalState = defineDiagnostic(
  'artifacts/no-local-state',
  'error',
  'Without `--state`, a run is compared with the earlier ones on its target, which are kept in `target/state`. None is there: nothing was built on this target yet, or the folder was deleted.',
  (a: { target: string; needs: string; others: readonly string[] }) => ({
    message: `${a.needs} needs an earlier run, and none is kept of the target \`${a.target}\``,
    hints: [
      'run `tsdbt build` once, or name a folder of artifacts with `--state`',
      a.others.length === 0
        ? undefined
        : `kept runs of other targets: ${a.others.map((other) => `\`--state ${other}\``).join(', ')}`,
    ],
  }),
)

export const breakingContract = defineDiagnostic(
  'artifacts/breaking-contract',
  'error',
  'The contract of a model promises less than the state has it: a column is gone or of another type, or a constraint is gone. Make a new version of the model; a model without versions gives a warning.',
  (a: { node: string; changes: readonly string[]; versioned: boolean }) => ({
    severity: a.versioned ? 'error' : 'warning',
    message: `the contract of \`${a.node}\` breaks what readers rely on: ${a.changes.join('; ')}`,
    hints: [
      a.versioned
        ? 'leave this version as it was, and make a new one'
        : 'readers that need the old columns can go on when the model gets versions',
    ],
  }),
)
