import { randomUUID } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import { Engine } from '../../../src/commands/engine.ts'
import { readTableauAccount, type TableauAccount } from '../../../src/exports/tableau/publish/tableau-account.ts'
import { writeRequest } from '../../../src/exports/tableau/publish/ts-message.ts'
import { TemporaryProject } from '../../errors/temporary-project.ts'

const { env } = process
const missing = ['TABLEAU_SERVER', 'TABLEAU_SITE', 'TABLEAU_PAT_NAME', 'TABLEAU_PAT_SECRET'].filter(
  (name) => env[name] === undefined,
)
const isLive = env['TSDBT_TABLEAU_LIVE'] === '1' && missing.length === 0

if (!isLive)
  process.stderr.write(
    `SKIPPED: nothing is published to a real Tableau site (set TSDBT_TABLEAU_LIVE=1${missing.map((name) => `, ${name}`).join('')}; TSDBT_TABLEAU_PROJECT names the project, \`default\` without it)\n`,
  )

/** What the product never does on a site: look at content by itself, and delete it. */
class SiteSession {
  readonly #base: string
  readonly #token: string

  private constructor(base: string, token: string) {
    this.#base = base
    this.#token = token
  }

  static async open({ server, site, tokenName, tokenSecret }: TableauAccount): Promise<SiteSession> {
    const body = writeRequest({
      name: 'credentials',
      attributes: { personalAccessTokenName: tokenName, personalAccessTokenSecret: tokenSecret },
      children: [{ name: 'site', attributes: { contentUrl: site } }],
    })
    const headers = { 'content-type': 'text/xml', accept: 'application/xml' }
    const reply = await fetch(`${server}/api/3.6/auth/signin`, { method: 'POST', headers, body })
    const text = await reply.text()
    const token = /<credentials[^>]*\btoken="([^"]+)"/.exec(text)?.[1]
    const siteId = /<site[^>]*\bid="([^"]+)"/.exec(text)?.[1]
    // Neither the answer nor the token is shown when this fails.
    if (token === undefined || siteId === undefined) throw new Error(`no sign-in: status ${reply.status}`)
    return new SiteSession(`${server}/api/3.6/sites/${siteId}`, token)
  }

  async ask(method: 'GET' | 'DELETE', path: string): Promise<{ readonly status: number; readonly text: string }> {
    const headers = { 'x-tableau-auth': this.#token, accept: 'application/xml' }
    const reply = await fetch(`${this.#base}${path}`, { method, headers })
    return { status: reply.status, text: await reply.text() }
  }
}

const projects: TemporaryProject[] = []
afterEach(() => {
  for (const project of projects.splice(0)) project.remove()
})

it.runIf(isLive)(
  'publishes an extract to a real site, where it is found and deleted again',
  async () => {
    const name = `tsdbt live check ${randomUUID()}`
    const place = env['TSDBT_TABLEAU_PROJECT'] ?? 'default'
    const project = new TemporaryProject({
      'models/exports.yml': `exports:
  - name: live
    from: ref('stg_orders')
    to: out/live.hyper
    publish: {project: ${JSON.stringify(place)}, name: ${JSON.stringify(name)}, overwrite: true}
`,
    })
    projects.push(project)
    const said: string[] = []
    const publish = async (): Promise<string> => {
      const on = (event: unknown) => said.push(JSON.stringify(event))
      const engine = await Engine.open({ projectDir: project.root, env, on })
      const report = await engine.build({ publish: true })
      expect(report.diagnostics.map((d) => [d.code, d.message])).toEqual([])
      const { adapterResponse } = report.results.find((r) => r.uniqueId === 'export.shop.live')!
      return String(adapterResponse['published_id'])
    }
    const id = await publish()
    const again = await publish().finally(async () => {
      const site = await SiteSession.open(readTableauAccount(env))
      const found = await site.ask('GET', `/datasources/${id}`)
      const deleted = await site.ask('DELETE', `/datasources/${id}`)
      expect([found.status, deleted.status]).toEqual([200, 204])
      expect(found.text).toContain(name)
      expect((await site.ask('GET', `/datasources/${id}`)).status).toBe(404)
    })
    // The second time it replaced what stood there.
    expect(again).toBe(id)
    expect(said.join('\n')).not.toContain(env['TABLEAU_PAT_SECRET'])
  },
  600_000,
)
