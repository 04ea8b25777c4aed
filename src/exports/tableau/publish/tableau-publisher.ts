import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Diagnostic, Place } from '../../../base/diagnostic.ts'
import { CancelledError, UserError } from '../../../base/errors.ts'
import type { Scrubber } from '../../../base/scrub.ts'
import { publishedKinds } from '../../../config/exports/publish/publish-options.ts'
import type { Published, Publisher, PublishRequest } from '../../publisher.ts'
import { kindWords, type Publication } from './content.ts'
import {
  fileTrouble,
  interrupted,
  jobSlow,
  nameTaken,
  outcomeUnknown,
  projectAmbiguous,
  projectMissing,
  publishedTwice,
} from './errors.ts'
import { FileChanged } from './file-slice.ts'
import { findProject, listProjects, type SiteProject, showPath } from './find-project.ts'
import { type Patience, usualPatience } from './patience.ts'
import { publishFile } from './publish-file.ts'
import type { TableauAccount } from './tableau-account.ts'
import { TableauConnection } from './tableau-connection.ts'
import { type Sizes, usualSizes } from './upload-in-pieces.ts'
import { validateWorkbook } from './validate-workbook.ts'

export interface TableauPublisherParts {
  readonly account: TableauAccount
  readonly secrets: Scrubber
  readonly signal: AbortSignal
  /** For the log; gets no secret. */
  tell(text: string): void
  readonly patience?: Patience
  readonly sizes?: Sizes
}

type Publishable = Omit<PublishRequest, 'signal'>

/** Publishes to one site within one session, which begins with the first file. */
export class TableauPublisher implements Publisher {
  readonly #connection: TableauConnection
  readonly #account: TableauAccount
  readonly #sizes: Sizes
  readonly #done = new Set<string>()
  #projects: Promise<readonly SiteProject[]> | undefined

  constructor(parts: TableauPublisherParts) {
    this.#account = parts.account
    this.#sizes = parts.sizes ?? usualSizes
    this.#connection = new TableauConnection({ ...parts, patience: parts.patience ?? usualPatience })
  }

  /** Ends with the signal that it was made with. */
  async publish(request: Publishable): Promise<Published> {
    try {
      return await this.#publish(request)
    } catch (error) {
      throw placed(told(error, request), request)
    }
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  async #publish({ format, path, shown, entry }: Publishable): Promise<Published> {
    const { options } = entry
    const kind = publishedKinds[format]!
    const { size } = await stat(path)
    this.#projects ??= listProjects(this.#connection)
    const found = findProject(await this.#projects, options.project)
    const project = showPath(options.project)
    const key = `${kind} ${found.id} ${options.name.toLowerCase()}`
    if (this.#done.has(key)) throw new UserError(publishedTwice({ kind: kindWords[kind], name: options.name, project }))
    this.#done.add(key)
    const publication: Publication = {
      kind,
      name: options.name,
      projectId: found.id,
      project,
      path,
      file: basename(shown),
      type: format,
      bytes: size,
      options,
    }
    const validated = kind === 'workbook' && options.validate && (await validateWorkbook(this.#connection, publication))
    const content = await publishFile(this.#connection, publication, this.#sizes)
    const { id, url, updatedAt, job } = content
    const { server, site } = this.#account
    return { kind, id, name: options.name, project, server, site, url, updatedAt, bytes: size, job, validated }
  }
}

/** What raised while the file was read, and the end of the run, in words. */
function told(error: unknown, { shown: file, entry, format }: Publishable): unknown {
  if (error instanceof CancelledError)
    return new UserError(interrupted({ kind: kindWords[publishedKinds[format]!], name: entry.options.name }))
  if (error instanceof FileChanged) return new UserError(fileTrouble({ file, why: 'became shorter' }))
  const code = (error as { code?: unknown }).code
  if (error instanceof Error && 'syscall' in error && typeof code === 'string')
    return new UserError(fileTrouble({ file, why: code === 'ENOENT' ? 'was gone' : `could not be read (${code})` }))
  return error
}

const aboutProject = new Set([projectMissing.code, projectAmbiguous.code])
const aboutName = new Set([nameTaken.code, publishedTwice.code])
const undecided = new Set([outcomeUnknown.code, jobSlow.code, interrupted.code])

/** Adds where in the project the publication stands, and what readers have now. */
function placed(error: unknown, { entry, node, shown }: Publishable): unknown {
  if (!(error instanceof UserError)) return error
  return new UserError(
    error.diagnostics.map((diagnostic): Diagnostic => {
      const { code, notes = [] } = diagnostic
      const place: Place = {
        span: aboutProject.has(code) ? entry.projectSpan : aboutName.has(code) ? entry.nameSpan : entry.span,
        node,
        notes: [
          ...notes,
          undecided.has(code) ? `\`${shown}\` is new` : `\`${shown}\` is new; the site has what it had before`,
        ],
      }
      return { ...diagnostic, ...place }
    }),
  )
}
