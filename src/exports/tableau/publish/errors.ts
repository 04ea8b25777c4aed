import { defineDiagnostic } from '../../../base/diagnostic.ts'

const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

export const noAccount = defineDiagnostic<{ missing: readonly string[] }>(
  'publish/no-account',
  'error',
  'Publishing needs the address of the server and a personal access token, from environment variables (or a `.env` file that is not committed): `TABLEAU_SERVER`, `TABLEAU_SITE`, `TABLEAU_PAT_NAME`, `TABLEAU_PAT_SECRET`. They stand in no file of the project.',
  (a) => ({
    message: `nothing can be published: ${list(a.missing)} ${a.missing.length === 1 ? 'is' : 'are'} not set`,
    hints: ['set them in the environment, as `docs/publish-tableau.md` shows, or leave out `--publish`'],
  }),
)

export const badServerAddress = defineDiagnostic<{ why: string; better?: string; site?: string | undefined }>(
  'publish/bad-server',
  'error',
  'The variable `TABLEAU_SERVER` holds the address of a Tableau Server or of Tableau Cloud as far as the first `/`, for example `https://prod-useast-b.online.tableau.com`.',
  (a) => ({
    message: `\`TABLEAU_SERVER\` ${a.why}`,
    hints: [
      a.better === undefined
        ? 'write for example `TABLEAU_SERVER=https://prod-useast-b.online.tableau.com`'
        : `write \`TABLEAU_SERVER=${a.better}\`${a.site === undefined ? '' : ` and \`TABLEAU_SITE=${a.site}\``}`,
    ],
  }),
)

export const plainHttp = defineDiagnostic<{ server: string }>(
  'publish/plain-http',
  'error',
  'Over `http` everybody on the way could read the token, so only a server on this machine is spoken to without TLS.',
  (a) => ({
    message: '`TABLEAU_SERVER` begins with `http://`, and the token would be sent in plain text',
    hints: [`write \`TABLEAU_SERVER=https://${a.server}\``],
  }),
)

export const noSite = defineDiagnostic<{ server: string; given?: string }>(
  'publish/no-site',
  'error',
  'The variable `TABLEAU_SITE` is the name of the site as it stands in the address of its pages: `https://…/#/site/NAME/home`. Only the default site of a Tableau Server has none.',
  (a) => ({
    message:
      a.given === undefined
        ? `\`TABLEAU_SITE\` is not set, and on Tableau Cloud everything belongs to a site`
        : `\`TABLEAU_SITE\` is \`${a.given}\`, which cannot be the name of a site in an address`,
    hints: [`open the site in a browser: it is the word after \`#/site/\` in \`${a.server}/#/site/NAME/home\``],
  }),
)

export const unreachable = defineDiagnostic<{ server: string; code: string; tries: number; unknownHost: boolean }>(
  'publish/unreachable',
  'error',
  'The server could not be reached, or did not answer. Nothing was published.',
  (a) => ({
    message: a.unknownHost
      ? `there is no host \`${new URL(a.server).hostname}\``
      : `\`${a.server}\` cannot be reached (${a.code})${a.tries > 1 ? `, after ${a.tries} tries` : ''}`,
    hints: [
      a.unknownHost
        ? 'look at `TABLEAU_SERVER`'
        : 'is the server up, and may this machine reach it? A proxy is not used, even when the environment names one',
    ],
  }),
)

export const badCertificate = defineDiagnostic<{ server: string; code: string }>(
  'publish/certificate',
  'error',
  'The certificate of the server cannot be trusted, so no token was sent.',
  (a) => ({
    message: `the certificate of \`${a.server}\` cannot be trusted (${a.code})`,
    hints: ['when your company signs its certificates itself, name its authority: `NODE_EXTRA_CA_CERTS=/path/ca.pem`'],
  }),
)

export const notTableau = defineDiagnostic<{ url: string; status: number; page: boolean; text: string }>(
  'publish/not-tableau',
  'error',
  'What answered does not speak as Tableau does: another server, a proxy, or a page to sign in.',
  (a) => ({
    message: `${a.page ? 'a web page' : 'something other than Tableau'} answered \`${a.url}\` with status ${a.status}${a.text === '' ? '' : `: ${a.text}`}`,
    hints: ['look at `TABLEAU_SERVER`; a proxy or a sign-in page before the server must let `/api/` through'],
  }),
)

export const redirected = defineDiagnostic<{ from: string; to: string | null }>(
  'publish/redirected',
  'error',
  'The server sends elsewhere, to a host that the token was not meant for or to plain `http`. It was not followed.',
  (a) => ({
    message:
      a.to === null
        ? `\`${a.from}\` redirects without saying where`
        : `\`${a.from}\` redirects to \`${a.to}\`, and the token is not sent there`,
    hints: a.to === null ? [] : ['when that is your server, name it in `TABLEAU_SERVER`'],
  }),
)

export const tooOld = defineDiagnostic<{ server: string; version: string; product: string; needs: string }>(
  'publish/server-too-old',
  'error',
  'Personal access tokens came with Tableau Server 2019.4 (API 3.6); an older server cannot be published to.',
  (a) => ({ message: `\`${a.server}\` is Tableau ${a.product} with API ${a.version}, and ${a.needs} is needed` }),
)

export const signInRefused = defineDiagnostic<{ server: string; site: string; token: string; said: string }>(
  'publish/sign-in',
  'error',
  'The server did not accept the token or the site. A token that is not used for 15 days expires, and so does every token on its last day; only its owner can make a new one.',
  (a) => ({
    message: `\`${a.server}\` did not accept the token \`${a.token}\` for ${a.site === '' ? 'its default site' : `the site \`${a.site}\``}: ${a.said}`,
    hints: [
      'look at `TABLEAU_PAT_NAME`, `TABLEAU_PAT_SECRET` and `TABLEAU_SITE`',
      'tokens are made, and seen to be expired, under “My Account Settings” of the user on that site',
    ],
  }),
)

export const projectMissing = defineDiagnostic<{
  path: string
  near: string | undefined
  known: readonly string[]
  under: string | null
}>(
  'publish/no-project',
  'error',
  'The site has no project of that path, or the owner of the token may not see it. Projects are never made by publishing.',
  (a) => ({
    message: `the site has no project \`${a.path}\`, or the token may not see it`,
    notes: a.under === null ? [] : [`\`${a.under}\` is there`],
    hints: [
      a.near !== undefined
        ? `did you mean \`${a.near}\`?`
        : a.known.length > 0
          ? `projects: ${list(a.known.slice(0, 10))}${a.known.length > 10 ? ` and ${a.known.length - 10} more` : ''}`
          : 'the token sees no project at all: ask for a role that may publish',
    ],
  }),
)

export const projectAmbiguous = defineDiagnostic<{ path: string; ids: readonly string[] }>(
  'publish/ambiguous-project',
  'error',
  'Several projects that the token sees have this path, for example because their parents are hidden from it. The id of a project, from its page, is a path of its own.',
  (a) => ({
    message: `${a.ids.length} projects of the site are called \`${a.path}\``,
    hints: [`write the id of the right one as \`project:\`: ${list(a.ids)}`],
  }),
)

export const nameTaken = defineDiagnostic<{ kind: string; name: string; project: string; updated: string | null }>(
  'publish/name-taken',
  'error',
  'The project has content of this name already, and without `overwrite: true` nothing is replaced.',
  (a) => ({
    message: `the project \`${a.project}\` has a ${a.kind} \`${a.name}\` already${a.updated === null ? '' : `, last changed ${a.updated}`}`,
    hints: ['say `overwrite: true` to replace it each time, or give another `name`'],
  }),
)

export const forbidden = defineDiagnostic<{ doing: string; said: string; code: string }>(
  'publish/forbidden',
  'error',
  'The owner of the token may not do this: to publish, the site role Creator or Explorer (can publish) is needed, and the permission to publish to the project.',
  (a) => ({
    message: `${a.doing} is not allowed${a.said === '' ? '' : `: ${a.said}`}${a.code === '' ? '' : ` (${a.code})`}`,
    hints: ['ask an administrator for the permission “Publish” on the project'],
  }),
)

export const tooLarge = defineDiagnostic<{ file: string; bytes: number; said: string }>(
  'publish/too-large',
  'error',
  'The server, or a proxy before it, does not take that much in one request, or the site has no room for it.',
  (a) => ({
    message: `\`${a.file}\` is too large for the server: ${megabytes(a.bytes)}${a.said === '' ? '' : `: ${a.said}`}`,
    hints: [
      'files from 64 MB on are sent in pieces of 50 MB: a proxy before the server must let them through',
      'export fewer columns or rows, or ask for more room on the site',
    ],
  }),
)

export const refused = defineDiagnostic<{ doing: string; status: number; code: string; said: string; format: string }>(
  'publish/refused',
  'error',
  'The server understood the request and refused it. Its own words say why.',
  (a) => ({
    message: `${a.doing} was refused: ${a.said === '' ? `status ${a.status}` : a.said} (${a.code === '' ? a.status : a.code})`,
    hints: [
      a.code === '400011' && a.format === 'parquet'
        ? 'servers before 2023 take no Parquet: export `hyper` instead'
        : a.code === '400011' && a.format === 'hyper'
          ? 'the server could not open the file: servers before 2021.4 take one table a file only, and each takes its own versions of it'
          : undefined,
    ],
  }),
)

export const serverFailed = defineDiagnostic<{
  doing: string
  status: number
  said: string
  tries: number
  wait: number | null
}>(
  'publish/server-failed',
  'error',
  'The server failed, or is too busy, and did so again each time it was asked.',
  (a) => ({
    message: `${a.doing} failed on the server with status ${a.status}${a.said === '' ? '' : `: ${a.said}`}${a.tries > 1 ? `, ${a.tries} times` : ''}`,
    hints: [
      a.wait === null
        ? 'try again later: `tsdbt retry` publishes what was not published'
        : `it asks to be left alone for ${Math.ceil(a.wait / 1000)} seconds: try again after that`,
    ],
  }),
)

export const outcomeUnknown = defineDiagnostic<{ kind: string; name: string; project: string; why: string }>(
  'publish/outcome-unknown',
  'error',
  'The connection broke after everything was sent, and the server does not show the new content. It may still take it, so it was not sent a second time.',
  (a) => ({
    message: `it is not known whether the ${a.kind} \`${a.name}\` was published: ${a.why}, and \`${a.project}\` does not show the new one`,
    hints: ['look at the project in a few minutes, and publish again when it still has the old one'],
  }),
)

export const interrupted = defineDiagnostic<{ kind: string; name: string }>(
  'publish/interrupted',
  'error',
  'The run was stopped while a file was sent. The site has what it had before, unless the server had all of it already.',
  (a) => ({
    message: `the run was stopped while the ${a.kind} \`${a.name}\` was published`,
    hints: ['look at the project on the site, or publish again: `tsdbt retry`'],
  }),
)

export const jobFailed = defineDiagnostic<{
  kind: string
  name: string
  job: string
  said: string
  cancelled: boolean
}>(
  'publish/job-failed',
  'error',
  'The server took the file and could not make content of it; its notes say why.',
  (a) => ({
    message: `the server ${a.cancelled ? 'cancelled' : 'could not finish'} the job that publishes the ${a.kind} \`${a.name}\`${a.said === '' ? '' : `: ${a.said}`}`,
    notes: [`job ${a.job}`],
  }),
)

export const jobSlow = defineDiagnostic<{ kind: string; name: string; job: string; minutes: number }>(
  'publish/job-slow',
  'error',
  'The server has the whole file and still works on it. It goes on without us, so the content may be new soon.',
  (a) => ({
    message: `the server has not finished the ${a.kind} \`${a.name}\` after ${a.minutes} minutes`,
    notes: [`job ${a.job}`],
    hints: ['look at the project later; give `timeout:` more time when this is usual'],
  }),
)

export const invalidWorkbook = defineDiagnostic<{
  name: string
  faults: readonly { readonly line: number; readonly column: number; readonly element: string; readonly text: string }[]
}>(
  'publish/invalid-workbook',
  'error',
  'The server looked at the workbook before it was published (API 3.29) and says that Tableau could not open it.',
  (a) => ({
    message: `Tableau could not open the workbook \`${a.name}\`: ${a.faults[0]?.text ?? 'it says not why'}`,
    notes: a.faults
      .slice(0, 20)
      .map((f) => `${a.name}:${f.line}:${f.column}${f.element === '' ? '' : ` <${f.element}>`}: ${f.text}`)
      .concat(a.faults.length > 20 ? [`and ${a.faults.length - 20} more`] : []),
    hints: ['`validate: false` publishes without asking first; the server may refuse it all the same'],
  }),
)

export const fileTrouble = defineDiagnostic<{ file: string; why: string }>(
  'publish/file',
  'error',
  'The exported file could not be read, or changed, while it was sent.',
  (a) => ({ message: `\`${a.file}\` ${a.why} while it was published` }),
)

export const publishedTwice = defineDiagnostic<{ kind: string; name: string; project: string }>(
  'publish/twice',
  'error',
  'Within one run the same content of a project was published already; the second would replace the first.',
  (a) => ({
    message: `the ${a.kind} \`${a.name}\` of \`${a.project}\` was published by this run already`,
    hints: ['give one of the exports another `name`'],
  }),
)

function megabytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
