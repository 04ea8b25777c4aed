import { UserError } from '../../../base/errors.ts'
import type { Publication } from './content.ts'
import { notTableau } from './errors.ts'
import { slicePart } from './file-slice.ts'
import { LostConnection } from './http-exchange.ts'
import { multipart, textPart } from './multipart.ts'
import type { TableauConnection, TableauRequest } from './tableau-connection.ts'
import { elementOf } from './ts-message.ts'

export interface Sizes {
  /** Files of this size and more are sent in pieces. */
  readonly wholeBelow: number
  /** Grows when the file has more than 1,000 of them, which is all that a server takes. */
  readonly piece: number
}

/** Tableau takes 64 MB in one request, and pieces as large; its own clients send 50 MB. */
export const usualSizes: Sizes = { wholeBelow: 64 * 1024 * 1024, piece: 50 * 1024 * 1024 }

const mostPieces = 1000

/**
 * Sends a file in pieces; resolves to the id of the upload. The server appends what it gets, and nobody can tell whether it
 * got a piece whose answer was lost, so such an upload is left to be forgotten and the file is sent anew.
 */
export async function uploadInPieces(
  connection: TableauConnection,
  publication: Publication,
  sizes: Sizes,
): Promise<string> {
  const uploads = 3
  for (let upload = 1; ; upload++) {
    const id = await openUpload(connection)
    const doubt = await sendPieces(connection, { publication, sizes, id })
    if (doubt === null) return id
    if (upload === uploads) throw new UserError(await doubt())
    connection.tell(`a piece of ${publication.file} may have arrived or not: sending the file anew`)
    await connection.patience.pause(connection.patience.firstWaitMs * 2 ** upload, connection.signal)
  }
}

async function openUpload(connection: TableauConnection): Promise<string> {
  const path = '/fileUploads'
  const request: TableauRequest = { method: 'POST', path, repeatable: true, doing: 'beginning an upload' }
  const id = elementOf(await connection.askXml(request), 'fileUpload')?.attributes['uploadSessionId']
  if (id === undefined)
    throw new UserError(
      notTableau({ url: `${connection.server}${path}`, status: 201, page: false, text: 'no upload id' }),
    )
  return id
}

/** Null when all pieces are there; otherwise how to explain the one whose fate is not known. */
async function sendPieces(
  connection: TableauConnection,
  { publication, sizes, id }: { publication: Publication; sizes: Sizes; id: string },
): Promise<(() => ReturnType<TableauConnection['explain']>) | null> {
  const { bytes, file, path } = publication
  const piece = Math.max(sizes.piece, Math.ceil(bytes / mostPieces))
  for (let from = 0; from < bytes; from += piece) {
    const to = Math.min(from + piece, bytes)
    const request: TableauRequest = {
      method: 'PUT',
      path: `/fileUploads/${encodeURIComponent(id)}`,
      body: multipart('mixed', [
        textPart('request_payload', ''),
        slicePart('tableau_file', 'file', { path, from, to }),
      ]),
      repeatable: false,
      doing: `uploading \`${file}\``,
      file: { name: file, format: publication.type, bytes: to - from },
    }
    const outcome = await connection.attempt(request)
    if (outcome instanceof LostConnection) {
      if (!outcome.whole) throw new UserError(connection.lost(outcome))
      return async () => connection.lost(outcome)
    }
    if (outcome.status >= 500) return () => connection.explain(outcome, request)
    if (outcome.status >= 300) throw new UserError(await connection.explain(outcome, request))
    connection.tell(`${file}: ${to} of ${bytes} bytes are there`)
  }
  return null
}
