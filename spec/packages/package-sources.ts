import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

export type Files = Readonly<Record<string, string | null>>

/** What programs need to be found and to make commits. */
export const programEnv: Readonly<Record<string, string | undefined>> = {
  PATH: process.env['PATH'],
  HOME: tmpdir(),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
}

/** A new folder, gone after the test. */
export function newFolder(files: Files = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsdbt-packages-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFiles(folder, files)
  return folder
}

/** Null takes a file away. */
export function writeFiles(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path)
    if (text === null) rmSync(file, { recursive: true, force: true })
    else {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
  }
}

/** A git repository on this machine. */
export class Repository {
  readonly folder = newFolder()

  constructor(files: Files) {
    this.git('init', '--quiet', '--initial-branch=main')
    this.commit(files)
  }

  /** The new commit. */
  commit(files: Files): string {
    writeFiles(this.folder, files)
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', '--message=change')
    return this.git('rev-parse', 'HEAD').trim()
  }

  git(...argv: string[]): string {
    return execFileSync('git', argv, { cwd: this.folder, env: programEnv, encoding: 'utf8', stdio: 'pipe' })
  }
}

/** A registry of npm packages on this machine; `versions` of each package are its files. */
export async function startRegistry(
  packages: Readonly<Record<string, Readonly<Record<string, Files>>>>,
): Promise<{ readonly url: string; readonly asked: string[] }> {
  const tarballs = new Map<string, Buffer>()
  const documents = new Map<string, object>()
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '')
    asked.push(path)
    const tarball = tarballs.get(path)
    const document = documents.get(path.slice(1))
    if (tarball !== undefined) response.end(tarball)
    else if (document === undefined)
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}')
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  for (const [name, versions] of Object.entries(packages)) {
    const entries = Object.entries(versions).map(([version, files]) => {
      const tarball = pack({ ...files, 'package.json': JSON.stringify({ name, version, scripts: noisyScripts }) })
      const path = `/${name}/-/${version}.tgz`
      tarballs.set(path, tarball)
      const shasum = createHash('sha1').update(tarball).digest('hex')
      return [
        version,
        { name, version, dist: { tarball: url + path, shasum }, scripts: noisyScripts, hasInstallScript: true },
      ]
    })
    const latest = Object.keys(versions).at(-1)
    documents.set(name, { name, 'dist-tags': { latest }, versions: Object.fromEntries(entries) })
  }
  return { url, asked }
}

/** A script that would leave a trace. */
const noisyScripts = { preinstall: 'touch ran', install: 'touch ran', postinstall: 'touch ran' }

function pack(files: Files): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'tsdbt-tarball-'))
  try {
    for (const [path, text] of Object.entries(files)) writeFiles(join(folder, 'package'), { [path]: text })
    execFileSync('tar', ['-czf', 'package.tgz', 'package'], { cwd: folder })
    return readFileSync(join(folder, 'package.tgz'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
