import { UserError } from '../../../base/errors.ts'
import { contentOf, findContent, kindWords, type Publication, readContent, type SiteContent } from './content.ts'
import { nameTaken, notTableau, outcomeUnknown } from './errors.ts'
import { slicePart } from './file-slice.ts'
import { type HttpReply, LostConnection } from './http-exchange.ts'
import { multipart, textPart } from './multipart.ts'
import type { TableauConnection, TableauRequest } from './tableau-connection.ts'
import { elementOf, readResponse, type TsNode, writeRequest } from './ts-message.ts'
import { type Sizes, uploadInPieces } from './upload-in-pieces.ts'
import { waitForJob } from './wait-for-job.ts'

export interface PublishedContent extends SiteContent {
  /** The server's own job; null when it answered at once. */
  readonly job: string | null
}

/** Sends a file and makes it content of its project; what was there stays until the server has the new one. */
export async function publishFile(
  connection: TableauConnection,
  publication: Publication,
  sizes: Sizes,
): Promise<PublishedContent> {
  const { kind, name, project, options } = publication
  const before = await findContent(connection, publication)
  // Asked before anything large is sent.
  if (before !== null && !options.overwrite)
    throw new UserError(nameTaken({ kind: kindWords[kind], name, project, updated: before.updatedAt || null }))
  const inPieces = publication.bytes >= sizes.wholeBelow
  const asJob = options.asJob ?? inPieces
  const upload = inPieces ? await uploadInPieces(connection, publication, sizes) : null
  const request = publishRequest(publication, upload, asJob)
  const outcome = await connection.attempt(request)
  if (outcome instanceof LostConnection) {
    if (!outcome.whole) throw new UserError(connection.lost(outcome))
    return await lookForIt(connection, publication, { before, why: 'the connection broke before the answer' })
  }
  // Without a code of Tableau it is somebody before the server who gave up waiting.
  if (outcome.status >= 500 && (await readResponse(outcome)) === undefined)
    return await lookForIt(connection, publication, { before, why: `the server answered ${outcome.status}` })
  if (outcome.status >= 300) throw new UserError(await refusal(connection, publication, { outcome, request }))
  return await accepted(connection, publication, outcome)
}

async function accepted(
  connection: TableauConnection,
  publication: Publication,
  outcome: HttpReply,
): Promise<PublishedContent> {
  const { kind } = publication
  const response = await readResponse(outcome)
  const job = elementOf(response, 'job')?.attributes['id'] ?? null
  const told = elementOf(job === null ? response : await waitForJob(connection, publication, job), kind)
  if (told === undefined && job === null) {
    const url = `${connection.server}/${kind}s`
    throw new UserError(notTableau({ url, status: outcome.status, page: false, text: '' }))
  }
  const content = told === undefined ? null : contentOf(told)
  return {
    id: '',
    name: publication.name,
    updatedAt: '',
    url: null,
    ...content,
    ...(await details(connection, publication, content)),
    job,
  }
}

/** What the answer did not tell. It is published, so failing to learn more is no failure. */
async function details(
  connection: TableauConnection,
  publication: Publication,
  known: SiteContent | null,
): Promise<SiteContent | null> {
  if (known !== null && known.url !== null && known.updatedAt !== '') return known
  try {
    return known === null || known.id === ''
      ? await findContent(connection, publication)
      : await readContent(connection, publication.kind, known.id)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    connection.tell(`published, but the server does not tell where: ${error.message}`)
    return null
  }
}

/** The server acts on a publication once, so whether it did is asked, not tried. */
async function lookForIt(
  connection: TableauConnection,
  publication: Publication,
  { before, why }: { before: SiteContent | null; why: string },
): Promise<PublishedContent> {
  const { kind, name, project } = publication
  connection.tell(`${why}: looking whether ${name} was published`)
  for (let look = 1; look <= connection.patience.looks; look++) {
    await connection.patience.pause(connection.patience.lookMs, connection.signal)
    const now = await findContent(connection, publication)
    if (now !== null && (before === null || now.id !== before.id || now.updatedAt !== before.updatedAt))
      return { ...now, job: null }
  }
  throw new UserError(outcomeUnknown({ kind: kindWords[kind], name, project, why }))
}

/** Servers tell by 403007 or 409 that the name is taken, which the index did not show yet. */
async function refusal(
  connection: TableauConnection,
  { kind, name, project, options }: Publication,
  { outcome, request }: { outcome: HttpReply; request: TableauRequest },
) {
  const code = elementOf(await readResponse(outcome), 'error')?.attributes['code']
  if (!options.overwrite && (outcome.status === 409 || code === '403007'))
    return nameTaken({ kind: kindWords[kind], name, project, updated: null })
  return await connection.explain(outcome, request)
}

function publishRequest(publication: Publication, upload: string | null, asJob: boolean): TableauRequest {
  const { kind, type, file, path, bytes, options, name } = publication
  const query = [
    ...(upload === null ? [] : [`uploadSessionId=${encodeURIComponent(upload)}`]),
    `${kind}Type=${type}`,
    ...(options.overwrite ? ['overwrite=true'] : []),
    ...(asJob ? ['asJob=true'] : []),
    ...(kind === 'workbook' && options.skipConnectionCheck ? ['skipConnectionCheck=true'] : []),
  ]
  const payload = textPart('request_payload', writeRequest(describe(publication)))
  const content = upload === null ? [slicePart(`tableau_${kind}`, file, { path, from: 0, to: bytes })] : []
  return {
    method: 'POST',
    path: `/${kind}s?${query.join('&')}`,
    body: multipart('mixed', [payload, ...content]),
    repeatable: false,
    doing: `publishing the ${kindWords[kind]} \`${name}\``,
    file: { name: file, format: type, bytes },
  }
}

function describe({ kind, name, projectId, options }: Publication): TsNode {
  const showTabs = kind === 'workbook' && options.showTabs ? 'true' : null
  const attributes = { name, description: options.description, showTabs }
  return { name: kind, attributes, children: [{ name: 'project', attributes: { id: projectId } }] }
}
