import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { UserError } from '../../../base/errors.ts'
import type { HyperOptions } from '../../../config/exports/hyper-options.ts'
import type { IntoOptions } from '../../../config/exports/package-options.ts'
import type { ExportJob, WrittenExport } from '../../export-job.ts'
import { hyperFailed } from '../../hyper/errors.ts'
import { type HyperCatalog, readHyperCatalog } from '../../hyper/hyper-catalog.ts'
import { type HyperJob, writeHyperFile } from '../../hyper/write-hyper.ts'
import { replaceEntries } from '../../zip/replace-entries.ts'
import { boundSources } from './bound-sources.ts'
import { compareExtract } from './compare-extract.ts'
import { intoTables } from './errors.ts'
import { findPackage } from './find-package.ts'
import { type MatchedTable, matchTables } from './match-tables.ts'
import { damagedPackage, guarded, type OpenedPackage, openPackage, type PackageKind } from './open-package.ts'

/** What a refresh needs of its job. */
export type RefreshJob = HyperJob & Pick<ExportJob, 'export' | 'output' | 'projectRoot'>

/** Which package, and what its new extract is like. */
export interface Refresh {
  readonly into: IntoOptions
  readonly kind: PackageKind
  readonly extract: HyperOptions
}

/** The version of extracts that are made when nothing is said. */
const USUAL_VERSION = 2

/**
 * Copies a package that was saved in Tableau with a new extract in it, and nothing else changed. The extract keeps its
 * place, its tables their names. Raises `UserError` before any row is read when the document would miss a column.
 */
export async function refreshPackage(job: RefreshJob, refresh: Refresh): Promise<WrittenExport> {
  const { into, kind } = refresh
  const path = await findPackage(job, into)
  const opened = await openPackage(path, into, kind)
  try {
    const catalog = await storedCatalog(job, opened, into)
    const matched = matchTables(catalog.tables, job.tables)
    if (matched === undefined)
      throw new UserError(
        intoTables(
          {
            path: into.path,
            stored: catalog.tables.map(({ schema, name }) => `${schema}.${name}`),
            exported: job.tables.map(({ name }) => name),
          },
          { span: into.span },
        ),
      )
    const options = optionsFor(refresh.extract, catalog, matched)
    const sources = boundSources(opened.document, opened.extract.fileName)
    const found = compareExtract(matched, sources, options, into)
    const errors = found.filter(({ severity }) => severity === 'error')
    if (errors.length > 0) throw new UserError(errors)
    for (const warning of found) job.warn(warning)
    const extract = join(job.scratch, 'new.hyper')
    const written = await writeHyperFile(job, extract, options)
    await guarded(into, () => replaceEntries(opened.zip, job.output, new Map([[opened.extract, extract]]), job.signal))
    return { rows: written.rows, facts: { ...written.facts, into: into.path, extract: opened.extract.fileName } }
  } finally {
    opened.zip.close()
  }
}

/** Unpacks the extract to ask Hyper what is in it. */
async function storedCatalog(job: RefreshJob, opened: OpenedPackage, into: IntoOptions): Promise<HyperCatalog> {
  const path = join(job.scratch, 'old.hyper')
  await guarded(into, async () =>
    pipeline(await opened.zip.stream(opened.extract), createWriteStream(path), { signal: job.signal }),
  )
  const connection = await job.hyper.connect({ path, signal: job.signal }).catch((error: unknown) => {
    throw isHyperFault(error)
      ? damagedPackage(into, `its \`${opened.extract.fileName}\` is no extract that Hyper can open`)
      : error
  })
  try {
    return await readHyperCatalog(connection)
  } finally {
    await connection.close()
  }
}

/** Hyper was well and said no, so it is the file. */
function isHyperFault(error: unknown): boolean {
  return error instanceof UserError && error.diagnostics.every(({ code }) => code === hyperFailed.code)
}

/** The new extract is of the old one's version unless another is asked for. */
function optionsFor(options: HyperOptions, catalog: HyperCatalog, matched: readonly MatchedTable[]): HyperOptions {
  return {
    ...options,
    version: options.version === USUAL_VERSION ? catalog.version : options.version,
    schema: matched[0]!.stored.schema,
    table: matched.length === 1 ? matched[0]!.stored.name : null,
    tables: Object.fromEntries(matched.map(({ stored, table }) => [table.name, stored.name])),
    keys: false,
  }
}
