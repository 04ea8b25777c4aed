import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Scrubber } from '../../../src/base/scrub.ts'
import type { PublishOptions } from '../../../src/config/exports/publish/publish-options.ts'
import { usualPatience } from '../../../src/exports/tableau/publish/patience.ts'
import { readTableauAccount } from '../../../src/exports/tableau/publish/tableau-account.ts'
import { TableauPublisher } from '../../../src/exports/tableau/publish/tableau-publisher.ts'
import { checkXml, parseMultipart } from './parse-request.ts'
import { ProtocolServer, type Received } from './protocol-server.ts'

const python = process.env['TSDBT_PYTHON'] ?? 'python3'
const hasClient = spawnSync(python, ['-c', 'import tableauserverclient']).status === 0

if (!hasClient)
  process.stderr.write(
    `SKIPPED: ${python} has no tableauserverclient, so our requests are not compared with those of Tableau's own client (pip install tableauserverclient)\n`,
  )

const megabyte = 1024 * 1024
const emea = '4cc52973-5e3a-4d1f-a4fb-5b5f73796edf'
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsdbt-publish-'))
  await writeFile(join(folder, 'trends.hyper'), 'trends\r\n')
  await writeFile(join(folder, 'live.tds'), '<datasource/>')
  await writeFile(join(folder, 'board.twbx'), Buffer.from([80, 75, 0, 255]))
  await writeFile(join(folder, 'large.hyper'), Buffer.alloc(2.5 * megabyte, 'abcdefg'))
})

afterAll(() => rm(folder, { recursive: true }))

async function withOurs(server: ProtocolServer): Promise<void> {
  const usual: PublishOptions = {
    project: [emea],
    name: '',
    description: null,
    overwrite: true,
    showTabs: false,
    skipConnectionCheck: false,
    validate: true,
    asJob: null,
    timeoutMs: 60_000,
  }
  const publisher = new TableauPublisher({
    account: readTableauAccount({
      TABLEAU_SERVER: server.url,
      TABLEAU_SITE: 'Samples',
      TABLEAU_PAT_NAME: 'ci',
      TABLEAU_PAT_SECRET: server.secret,
    }),
    secrets: new Scrubber(),
    signal: new AbortController().signal,
    tell: () => {},
    patience: { ...usualPatience, pollMs: 1 },
    sizes: { wholeBelow: megabyte, piece: megabyte },
  })
  const span = { path: 'exports.yml', start: 0, end: 1 }
  const send = (file: string, options: Partial<PublishOptions>) =>
    publisher.publish({
      node: 'export.shop.x',
      format: file.split('.')[1]!,
      path: join(folder, file),
      shown: file,
      entry: { options: { ...usual, ...options }, span, projectSpan: span, nameSpan: span },
    })
  await send('trends.hyper', { name: 'Trends & <"more">', description: 'two\nlines' })
  await send('live.tds', { name: 'Live' })
  await send('board.twbx', { name: 'Board', showTabs: true, skipConnectionCheck: true })
  await send('large.hyper', { name: 'Large' })
  await publisher.close()
}

async function withTheirs(server: ProtocolServer): Promise<void> {
  const script = fileURLToPath(new URL('publish-with-tableauserverclient.py', import.meta.url))
  const env = { ...process.env, TSC_FILESIZE_LIMIT_MB: '1', TSC_CHUNK_SIZE_MB: '1', NO_PROXY: '127.0.0.1' }
  const child = spawn(python, [script, server.url, server.secret, folder, emea], { env })
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(said)
}

/** What a request says, field by field, without what differs by chance. */
function fields({ method, fullPath, query, headers, body }: Received) {
  const type = (headers['content-type'] ?? '').split(';')[0]!
  const multipart = type === 'multipart/mixed' ? parseMultipart(headers['content-type']!, body, 'mixed') : []
  const xml = (text: string) => (text === '' ? '' : checkXml(text, anyShape))
  return {
    line: `${method} ${fullPath.replace(/(fileUploads|jobs)\/.*/, '$1/ID')}`,
    query: { ...query, ...(query['uploadSessionId'] === undefined ? {} : { uploadSessionId: 'ID' }) },
    signedIn: headers['x-tableau-auth'] !== undefined,
    length: headers['transfer-encoding'] === undefined,
    type: body.length === 0 ? '' : type,
    xml: type === 'text/xml' && body.length > 0 ? xml(body.toString()) : '',
    parts: multipart.map(({ name, filename, contentType, content }) => ({
      name,
      // Theirs gives the request a file name without letters.
      filename: filename === '' ? undefined : filename,
      contentType,
      content: contentType === 'text/xml' ? xml(content.toString()) : content.toString('base64'),
    })),
  }
}

const element = (children: readonly string[], ...attributes: readonly string[]) => ({ attributes, children })
const anyShape = {
  tsRequest: element(['*']),
  credentials: element(['site'], 'personalAccessTokenName', 'personalAccessTokenSecret'),
  site: element([], 'contentUrl'),
  datasource: element(['project'], 'name', 'description?'),
  workbook: element(['project'], 'name', 'description?', 'showTabs?'),
  project: element([], 'id'),
}

it.skipIf(!hasClient)(
  'protocol check: says the same as Tableau’s own client, field by field',
  { timeout: 60_000 },
  async () => {
    const [ours, theirs] = [await ProtocolServer.start(), await ProtocolServer.start()]
    await withOurs(ours)
    await withTheirs(theirs)
    expect(theirs.violations).toEqual([])
    expect(ours.violations).toEqual([])
    const told = (server: ProtocolServer) =>
      server.requests
        .map(fields)
        // What is asked besides differs: we list projects and look at what is there, they ask for the version in another way.
        .filter(({ line }) => !line.startsWith('GET'))
    expect(told(ours)).toEqual(told(theirs))
    expect(told(ours).map(({ line }) => line.replace(/^(\w+) .*\//, '$1 '))).toEqual([
      'POST signin',
      'POST datasources',
      'POST datasources',
      'POST workbooks',
      'POST fileUploads',
      'PUT ID',
      'PUT ID',
      'PUT ID',
      'POST datasources',
      'POST signout',
    ])
    const kept = (server: ProtocolServer) => server.content.map(({ kind, name, bytes }) => [kind, name, bytes.length])
    expect(kept(ours)).toEqual(kept(theirs))
    await Promise.all([ours.stop(), theirs.stop()])
  },
)
