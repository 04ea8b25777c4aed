import { open } from 'node:fs/promises'
import { UserError } from '../../../base/errors.ts'
import type { Publication } from './content.ts'
import { invalidWorkbook } from './errors.ts'
import { type HttpReply, LostConnection } from './http-exchange.ts'
import { multipart } from './multipart.ts'
import type { TableauConnection } from './tableau-connection.ts'

/** Since this version a server looks at a workbook without keeping it. */
const since = [3, 29] as const

/**
 * Lets the server look whether Tableau can open the workbook; raises `UserError` with the places of what is wrong. Resolves
 * to false when the server cannot look: publishing then shows it.
 */
export async function validateWorkbook(connection: TableauConnection, publication: Publication): Promise<boolean> {
  if (!(await connection.speaks(...since))) return false
  const workbook = await workbookOf(publication)
  if (workbook === undefined) return false
  const outcome = await connection.attempt({
    method: 'POST',
    path: '/workbooks/validateWorkbook',
    body: multipart('form-data', [
      {
        name: 'tableau_workbook',
        filename: workbook.name,
        contentType: 'application/xml',
        length: workbook.bytes.length,
        content: () => [workbook.bytes],
      },
    ]),
    repeatable: true,
    accept: 'application/json',
    doing: `validating the workbook \`${publication.name}\``,
  })
  if (outcome instanceof LostConnection) throw new UserError(connection.lost(outcome))
  if (outcome.status === 422) throw new UserError(invalidWorkbook({ name: workbook.name, faults: faultsOf(outcome) }))
  const valid = outcome.status === 200
  connection.tell(valid ? `${workbook.name} is valid` : `${workbook.name} was not validated: status ${outcome.status}`)
  return valid
}

/** The `.twb` itself, or the one at the top of a package. */
async function workbookOf({
  path,
  file,
  type,
}: Publication): Promise<{ readonly name: string; readonly bytes: Buffer } | undefined> {
  if (type === 'twb') {
    const handle = await open(path, 'r')
    try {
      return { name: file, bytes: await handle.readFile() }
    } finally {
      await handle.close()
    }
  }
  // A bundle hands a CommonJS package over as `default` alone.
  const { default: yauzl } = await import('yauzl')
  const zip = await yauzl.openPromise(path)
  try {
    for await (const entry of zip.eachEntry()) {
      if (!/^[^/]+\.twb$/i.test(entry.fileName)) continue
      const pieces: Buffer[] = []
      for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer)
      return { name: entry.fileName, bytes: Buffer.concat(pieces) }
    }
    return undefined
  } finally {
    zip.close()
  }
}

function faultsOf({ text }: HttpReply): Parameters<typeof invalidWorkbook>[0]['faults'] {
  try {
    const { errors } = JSON.parse(text) as { errors?: readonly Record<string, unknown>[] }
    return (errors ?? []).map(({ line, column, elementName, message }) => ({
      line: Number(line) || 1,
      column: Number(column) || 1,
      element: typeof elementName === 'string' ? elementName : '',
      text: typeof message === 'string' ? message : '',
    }))
  } catch {
    return []
  }
}
