import { defineDiagnostic } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/nearest.ts'

export const readsNothing = defineDiagnostic<{ where: string }>(
  'config/export-of-nothing',
  'error',
  'An export names in `from` the relations that it is made of: `ref(…)`, `source(…)` or a list of them.',
  (a) => ({ message: `\`from\` of ${a.where} is an empty list`, hints: ["write for example `from: ref('orders')`"] }),
)

export const severalRelations = defineDiagnostic<{ where: string; format: string; count: number }>(
  'config/export-of-several',
  'error',
  'A file of this format holds one relation. Formats that hold several say so in `docs/exports.md`.',
  (a) => ({
    message: `a \`${a.format}\` file holds one relation, and ${a.where} names ${a.count}`,
    hints: ['make an export of each, or join them in a model'],
  }),
)

export const wrongSuffix = defineDiagnostic<{
  to: string
  format: string
  suffixes: readonly string[]
  other: string | undefined
}>(
  'config/export-suffix',
  'error',
  'The end of a file’s name tells programs what is in it, so `to` must end as files of its format do.',
  (a) => ({
    message: `\`${a.to}\` does not end as \`${a.format}\` files do: ${a.suffixes.map((s) => `\`${s}\``).join(', ')}`,
    hints: [
      a.other === undefined
        ? `write \`${a.to.replace(/\.[^./]*$/, '')}${a.suffixes[0]}\``
        : `rename the file, or say \`format: ${a.other}\``,
    ],
  }),
)

export const formatUntold = defineDiagnostic<{ to: string; suffixes: readonly string[] }>(
  'config/export-format-untold',
  'error',
  'The format of an export is told by the end of its file’s name, or by `format`.',
  (a) => ({
    message: `the end of \`${a.to}\` tells no format`,
    hints: [
      didYouMean(a.to.replace(/^.*(?=\.)/s, ''), a.suffixes) ??
        `let it end in ${a.suffixes.map((s) => `\`${s}\``).join(', ')}, or write \`format\``,
    ],
  }),
)

export const placeOfShell = defineDiagnostic<{ to: string }>(
  'config/export-place-of-shell',
  'error',
  'A path begins at the root of the file system or in the project. `~` is a word of shells, and a drive letter one of Windows.',
  (a) => ({
    message: `\`${a.to}\` is no path on this machine`,
    hints: [a.to.startsWith('~') ? `write \`{{env_var "HOME"}}${a.to.slice(1)}\`` : 'write a path from `/` on'],
  }),
)

export const placeOutside = defineDiagnostic<{ to: string }>(
  'config/export-outside-project',
  'error',
  'An export is written below the project, unless it says `outside_project: true`.',
  (a) => ({
    message: `\`${a.to}\` lies outside the project`,
    hints: ['name a file below the project, or say `outside_project: true`'],
  }),
)

export const columnTwice = defineDiagnostic<{ name: string; where: string }>(
  'config/export-column-twice',
  'error',
  'An export promises each column once. Names that differ in case only are the same name for most readers.',
  (a) => ({ message: `the column \`${a.name}\` stands twice in ${a.where}` }),
)

export const folderNamedAsFile = defineDiagnostic<{ to: string; format: string }>(
  'config/export-folder',
  'error',
  'An export of this format is a folder of several files, so `to` names a folder.',
  (a) => ({
    message: `\`${a.to}\` is the name of a file, and \`format: ${a.format}\` makes a folder`,
    hints: [`write \`${a.to.replace(/\.[^./]*$/, '')}\``],
  }),
)

export const directQueryOfFiles = defineDiagnostic<{ where: string }>(
  'config/export-direct-query',
  'error',
  'Power BI asks a server with each click in the mode `directquery`. Files are always imported.',
  (a) => ({
    message: `\`mode: directquery\` in ${a.where} needs \`source: postgres\`: files are imported`,
    hints: ['say `source: postgres`, or leave `mode` out'],
  }),
)

export const lookerLoginAlone = defineDiagnostic<{ where: string }>(
  'config/export-login',
  'error',
  '`login` says whether the role of an export may log in, so it needs `role`.',
  (a) => ({ message: `\`login\` in ${a.where} has no \`role\``, hints: ['write for example `role: looker_reader`'] }),
)

export const wrongOption = defineDiagnostic<{ what: string; hint?: string | undefined }>(
  'config/export-option',
  'error',
  'An option of an export has a value that its format cannot use.',
  (a) => ({ message: a.what, hints: [a.hint] }),
)

export const columnsOfSeveral = defineDiagnostic<{ where: string }>(
  'config/export-columns-of-several',
  'error',
  'Promised columns belong to an export of one relation. Of several, columns that are gone or retyped since the last time are found all the same.',
  (a) => ({
    message: `${a.where} reads several relations: \`columns\` does not say whose they are`,
    hints: ['leave `columns` out, and select the columns in the models'],
  }),
)
