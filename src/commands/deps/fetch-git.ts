import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import { nearestName } from '../../base/nearest.ts'
import type { Span } from '../../base/span.ts'
import { hideCredentials } from './credentials.ts'
import { gitFailed, subdirectoryMissing, unknownRevision } from './errors.ts'
import { isFolder } from './package-folder.ts'
import { type ProgramResult, type ProgramSettings, runProgram } from './run-program.ts'

/** No prompts, no hooks, no settings of the repository that this runs in. */
const quietly = { GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '', SSH_ASKPASS: '', GIT_LFS_SKIP_SMUDGE: '1' }
const inherited = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_COMMON_DIR']
const settings = [
  'core.hooksPath=/dev/null',
  'core.autocrlf=false',
  'protocol.ext.allow=never',
  'advice.detachedHead=false',
]

/** Repositories of one run of `deps`: each is cloned once. */
export class GitFetcher {
  readonly #folder: string
  readonly #program: Omit<ProgramSettings, 'purpose'>
  readonly #clones = new Map<string, Promise<string>>()
  #count = 0

  /** `folder`: a folder of our own for clones and files. */
  constructor(folder: string, program: Omit<ProgramSettings, 'purpose'>) {
    this.#folder = folder
    const env: Record<string, string | undefined> = { ...program.env, ...quietly }
    for (const name of inherited) delete env[name]
    if (env['GIT_SSH_COMMAND'] === undefined) env['GIT_SSH_COMMAND'] = 'ssh -o BatchMode=yes'
    this.#program = { ...program, env }
  }

  /** The commit that a revision means. Raises `UserError` when the repository or the revision is not there. */
  async commitOf(url: string, revision: string | null, span: Span | undefined): Promise<string> {
    const clone = await this.#clone(url, span)
    const wanted = revision ?? 'HEAD'
    const find = () => this.#git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${wanted}^{commit}`], clone)
    let found = await find()
    // A commit that no branch holds any more may still be given out by its name.
    if (found.code !== 0 && /^[0-9a-f]{40}$/.test(wanted)) {
      await this.#git(['fetch', '--quiet', 'origin', wanted], clone)
      found = await find()
    }
    if (found.code === 0) return found.stdout.trim()
    const names = await this.#git(['for-each-ref', '--format=%(refname:short)', 'refs/heads', 'refs/tags'], clone)
    const known = names.stdout.split('\n').filter((name) => name !== '')
    const place = { span }
    throw new UserError(
      unknownRevision({ url: hideCredentials(url), revision: wanted, near: nearestName(wanted, known), known }, place),
    )
  }

  /** A folder with the files of a commit. */
  async files(
    url: string,
    { commit, subdirectory }: { readonly commit: string; readonly subdirectory: string | null },
    span: Span | undefined,
  ): Promise<string> {
    const clone = await this.#clone(url, span)
    const folder = join(this.#folder, `files-${this.#count++}`)
    mkdirSync(folder)
    const argv = [`--work-tree=${folder}`, 'checkout', '--quiet', '--force', commit, '--', '.']
    const checkout = await this.#git(argv, clone)
    if (checkout.code !== 0) throw failed(url, checkout, span)
    const inside = subdirectory === null ? folder : join(folder, subdirectory)
    if (isFolder(inside)) return inside
    throw new UserError(subdirectoryMissing({ url: hideCredentials(url), subdirectory: subdirectory! }, { span }))
  }

  #clone(url: string, span: Span | undefined): Promise<string> {
    const known = this.#clones.get(url)
    if (known !== undefined) return known
    const clone = this.#newClone(url, span)
    this.#clones.set(url, clone)
    return clone
  }

  async #newClone(url: string, span: Span | undefined): Promise<string> {
    const folder = join(this.#folder, `clone-${this.#count++}.git`)
    const result = await this.#git(['clone', '--bare', '--quiet', '--', url, folder], null)
    if (result.code !== 0) throw failed(url, result, span)
    return folder
  }

  #git(argv: readonly string[], clone: string | null): Promise<ProgramResult> {
    const where = clone === null ? [] : [`--git-dir=${clone}`]
    const options = settings.flatMap((setting) => ['-c', setting])
    return runProgram('git', [...options, ...where, ...argv], { ...this.#program, purpose: '`git:` packages' })
  }
}

function failed(url: string, { stderr }: ProgramResult, span: Span | undefined): UserError {
  const said = stderr.split('\n').filter((line) => line.trim() !== '')
  const reason = (said.find((line) => /^(?:fatal|error|ssh):/.test(line)) ?? said.at(-1) ?? 'it said nothing').trim()
  return new UserError(
    gitFailed(
      { url: hideCredentials(url), reason: hideCredentials(reason.replace(/^(?:fatal|error): /, '')) },
      { span },
    ),
  )
}
