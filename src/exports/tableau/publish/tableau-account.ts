import { UserError } from '../../../base/errors.ts'
import { badServerAddress, noAccount, noSite, plainHttp } from './errors.ts'

/** Who publishes, and where. Comes from the environment only. */
export interface TableauAccount {
  /** Without a slash at the end. */
  readonly server: string
  /** Content URL of the site; empty: the default site of a server. */
  readonly site: string
  readonly tokenName: string
  readonly tokenSecret: string
}

const ACCOUNT_VARIABLES = ['TABLEAU_SERVER', 'TABLEAU_SITE', 'TABLEAU_PAT_NAME', 'TABLEAU_PAT_SECRET'] as const

/** Reads the account; raises `UserError` when a variable is missing or cannot be meant. Asks no server. */
export function readTableauAccount(env: Readonly<Record<string, string | undefined>>): TableauAccount {
  const value = (name: (typeof ACCOUNT_VARIABLES)[number]): string => env[name]?.trim() ?? ''
  const needed = ['TABLEAU_SERVER', 'TABLEAU_PAT_NAME', 'TABLEAU_PAT_SECRET'] as const
  const missing = needed.filter((name) => value(name) === '')
  if (missing.length > 0) throw new UserError(noAccount({ missing }))
  const server = serverOf(value('TABLEAU_SERVER'), value('TABLEAU_SITE'))
  const site = value('TABLEAU_SITE')
  if (site === '' && /(^|\.)online\.tableau\.com$/i.test(new URL(server).hostname))
    throw new UserError(noSite({ server }))
  if (/[/\s#?]/.test(site)) throw new UserError(noSite({ server, given: site }))
  return { server, site, tokenName: value('TABLEAU_PAT_NAME'), tokenSecret: value('TABLEAU_PAT_SECRET') }
}

function serverOf(text: string, site: string): string {
  let url: URL
  try {
    url = new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`)
  } catch {
    throw new UserError(badServerAddress({ why: 'is no address' }))
  }
  if (url.username !== '' || url.password !== '')
    throw new UserError(badServerAddress({ why: 'has a user or a password in it' }))
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new UserError(badServerAddress({ why: `begins with \`${url.protocol}//\`` }))
  const named = /^#\/site\/([^/]+)/.exec(url.hash)?.[1]
  if (url.hash !== '' || url.search !== '' || /\/api(\/|$)/.test(url.pathname))
    throw new UserError(
      badServerAddress({
        why: 'is the address of a page',
        better: url.origin,
        site: named !== undefined && site === '' ? named : undefined,
      }),
    )
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) throw new UserError(plainHttp({ server: url.host }))
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
}
