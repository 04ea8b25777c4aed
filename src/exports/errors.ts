import { defineDiagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'

export const exportMissing = defineDiagnostic<{ name: string; relation: string }>(
  'exports/relation-missing',
  'error',
  'An export reads a relation that is not in the warehouse.',
  (a) => ({
    message: `\`${a.name}\` is not in the warehouse: ${a.relation} does not exist`,
    hints: [`build it first: \`tsdbt build --select +${a.name}\``],
  }),
)

export const sourceMissing = defineDiagnostic<{ name: string; relation: string }>(
  'exports/source-missing',
  'error',
  'An export reads a source that is not in the warehouse. Whoever loads it makes it; a build does not.',
  (a) => ({
    message: `the source table \`${a.name}\` is not in the warehouse: ${a.relation} does not exist`,
    hints: ['load it first, or correct `database`, `schema` and `identifier` of the source'],
  }),
)

export const exportWithoutColumns = defineDiagnostic<{ name: string }>(
  'exports/no-columns',
  'error',
  'A relation without columns cannot be exported: a file needs at least one.',
  (a) => ({ message: `\`${a.name}\` has no columns to export` }),
)

export const columnsCollide = defineDiagnostic<{ name: string; first: string; second: string }>(
  'exports/columns-collide',
  'error',
  'Two columns differ in case only. Most readers of files take them for one.',
  (a) => ({
    message: `\`${a.name}\` has the columns \`${a.first}\` and \`${a.second}\`, which are one name for readers that ignore case`,
    hints: ['rename one of them in the model, or name the columns of the export under `columns`'],
  }),
)

export const promisedColumnMissing = defineDiagnostic<{ column: string; table: string; known: readonly string[] }>(
  'exports/column-missing',
  'error',
  'The columns that an export names are what its readers are promised. One that the relation no longer has is an error, and the old file stays.',
  (a) => ({
    message: `\`${a.table}\` has no column \`${a.column}\`, which the export promises`,
    hints: [didYouMean(a.column, a.known) ?? `columns: ${a.known.map((c) => `\`${c}\``).join(', ')}`],
  }),
)

export const promisedColumnRetyped = defineDiagnostic<{ column: string; wanted: string; actual: string }>(
  'exports/column-type',
  'error',
  'A column has another type than the export promises with `data_type`.',
  (a) => ({
    message: `the column \`${a.column}\` is ${a.actual}; the export promises ${a.wanted}`,
    hints: ['cast it in the model, or change `data_type` in the export'],
  }),
)

export const unknownPromisedType = defineDiagnostic<{ type: string; reason: string }>(
  'exports/unknown-type',
  'error',
  'The `data_type` of a promised column is no type of the engine.',
  (a) => ({ message: `\`${a.type}\` is no type here: ${a.reason}` }),
)

export const schemaChanged = defineDiagnostic<{
  to: string
  removed: readonly string[]
  retyped: readonly { readonly name: string; readonly before: string; readonly now: string }[]
}>(
  'exports/schema-changed',
  'error',
  'Columns of an export that are gone or have another type break what reads the file, so the old file stays. `on_schema_change: allow` lets the change through.',
  (a) => ({
    message: `the columns of \`${a.to}\` would change: ${[
      ...a.removed.map((name) => `\`${name}\` is gone`),
      ...a.retyped.map(({ name, before, now }) => `\`${name}\` was ${before} and is ${now}`),
    ].join(', ')}`,
    hints: ['mend the model, or say `on_schema_change: allow` in the export when its readers are ready'],
  }),
)

export const placeLeadsOut = defineDiagnostic<{ to: string; real: string }>(
  'exports/outside-project',
  'error',
  'A link leads the place of an export out of the project, which only `outside_project: true` allows.',
  (a) => ({
    message: `\`${a.to}\` leads out of the project, to ${a.real}`,
    hints: ['name another place, or say `outside_project: true`'],
  }),
)

export const placeTaken = defineDiagnostic<{ to: string; other: string; target: string }>(
  'exports/place-taken',
  'error',
  'Links lead two exports of a run to one file. The first one has written it.',
  (a) => ({
    message: `\`${a.to}\` is ${a.target}, which the export \`${a.other}\` writes in the same run`,
    hints: ['give one of them another `to`'],
  }),
)

export const placeIsFolder = defineDiagnostic<{ to: string }>(
  'exports/place-is-folder',
  'error',
  'An export writes a file, and a folder of that name stands in its way.',
  (a) => ({
    message: `\`${a.to}\` is a folder; the export would write a file`,
    hints: ['move the folder, or name another file'],
  }),
)

export const placeIsFile = defineDiagnostic<{ to: string }>(
  'exports/place-is-file',
  'error',
  'An export writes a folder, and a file of that name stands in its way.',
  (a) => ({
    message: `\`${a.to}\` is a file; the export would write a folder`,
    hints: ['move the file, or name another folder'],
  }),
)

export const cannotWrite = defineDiagnostic<{ to: string; reason: string; hint: string | undefined }>(
  'exports/cannot-write',
  'error',
  'The file system refused an export: no space, no permission, a disk that can only be read. What was there before stays.',
  (a) => ({ message: `\`${a.to}\` cannot be written: ${a.reason}`, hints: [a.hint] }),
)

export const unknownSortColumn = defineDiagnostic<{ name: string; known: readonly string[] }>(
  'exports/order-column',
  'error',
  'A column of `order_by` is none of a relation that is exported.',
  ({ name, known }) => ({
    message: `\`order_by\` names \`${name}\`, which is no column of what is exported`,
    hints: [didYouMean(name, known)],
  }),
)
