import { UserError } from '../../../base/errors.ts'
import { kindWords, type Publication } from './content.ts'
import { jobFailed, jobSlow } from './errors.ts'
import type { TableauConnection } from './tableau-connection.ts'
import { elementOf, elementsOf, type TsElement } from './ts-message.ts'

/** Waits until the server's job ended well, and gives what it tells of it. The job goes on when we stop waiting. */
export async function waitForJob(
  connection: TableauConnection,
  { kind, name, options }: Publication,
  job: string,
): Promise<TsElement> {
  const { patience, signal } = connection
  const words = { kind: kindWords[kind], name, job }
  const end = patience.now() + options.timeoutMs
  connection.tell(`the server works on ${name} as job ${job}`)
  for (let wait = patience.pollMs; ; wait = Math.min(wait * 1.5, patience.longestPollMs)) {
    const response = await connection.askXml({
      method: 'GET',
      path: `/jobs/${encodeURIComponent(job)}`,
      repeatable: true,
      doing: `asking how the job of \`${name}\` is`,
    })
    const state = elementOf(response, 'job')?.attributes
    if (state?.['completedAt'] !== undefined) {
      const code = state['finishCode']
      // 3 is a job that ended with notes.
      if (code === '0' || code === '3' || code === undefined) return response
      throw new UserError(jobFailed({ ...words, said: notesOf(response), cancelled: code === '2' }))
    }
    if (patience.now() + wait > end)
      throw new UserError(jobSlow({ ...words, minutes: Math.round(options.timeoutMs / 60_000) }))
    await patience.pause(wait, signal)
  }
}

function notesOf(response: TsElement): string {
  const notes = elementsOf(response, 'notes').map((note) => note.text)
  const more = elementsOf(response, 'statusNote').map((note) => note.attributes['text'] ?? '')
  return [...new Set([...notes, ...more])]
    .filter((note) => note !== '')
    .join('; ')
    .replace(/\s+/g, ' ')
    .slice(0, 1000)
}
