import type { Adapter, Session } from '../adapters/adapter.ts'
import type { Introspection } from '../compile/compiler.ts'
import { connect, type Workspace } from './workspace.ts'

/** A connection that is opened when a template first asks, so that commands which need none never wait for a lock. */
export class LazyConnection {
  readonly #workspace: Workspace
  #adapter: Promise<Adapter> | undefined
  #session: Promise<Session> | undefined

  constructor(workspace: Workspace) {
    this.#workspace = workspace
  }

  session(): Promise<Session> {
    this.#session ??= this.#open()
    return this.#session
  }

  adapter(): Promise<Adapter> {
    this.#adapter ??= connect(this.#workspace)
    return this.#adapter
  }

  readonly introspection: Introspection = {
    query: async (sql) => (await this.session()).query(sql),
    columnsOf: async (relation) => (await this.session()).columnsOf(relation),
  }

  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined)
    await session?.release()
    const adapter = await this.#adapter?.catch(() => undefined)
    await adapter?.close()
  }

  async #open(): Promise<Session> {
    const adapter = await this.adapter()
    const stop = () => adapter.cancel()
    this.#workspace.options.signal?.addEventListener('abort', stop, { once: true })
    return adapter.acquire()
  }
}
