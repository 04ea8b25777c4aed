import { defineDiagnostic } from '../../../base/diagnostic.ts'

export const notPublishable = defineDiagnostic<{ where: string; format: string; formats: readonly string[] }>(
  'config/not-publishable',
  'error',
  'A Tableau site takes extracts, data sources, workbooks and Parquet; no other file becomes anything there.',
  (a) => ({
    message: `${a.where} makes a \`${a.format}\` file, and a Tableau site takes none`,
    hints: [`formats that can be published: ${a.formats.map((f) => `\`${f}\``).join(', ')}`],
  }),
)

export const accountInFile = defineDiagnostic<{ key: string; where: string; variable: string }>(
  'config/account-in-file',
  'error',
  'Server, site and token come from the environment, so that the same project is published to a test site and to the real one, and no secret stands in a file.',
  (a) => ({
    message: `\`${a.key}\` does not belong in ${a.where}`,
    hints: [`remove it and set \`${a.variable}\` in the environment`],
  }),
)

export const badProjectPath = defineDiagnostic<{ path: string }>(
  'config/bad-project-path',
  'error',
  'The path of a project is the names from the top of the site on, between slashes. A slash within a name is doubled, or the names stand in a list.',
  (a) => ({
    message: `\`${a.path}\` is no path of a project`,
    hints: ['write for example `project: /Marketing/EMEA`, or `project: [Marketing, EMEA]`'],
  }),
)

export const badPublishedName = defineDiagnostic<{ name: string }>(
  'config/bad-published-name',
  'error',
  'A name on a Tableau site has 1 to 255 letters, no line breaks, and no blanks at its ends.',
  (a) => ({ message: `\`${a.name.slice(0, 60)}\` cannot be the name of something published` }),
)
