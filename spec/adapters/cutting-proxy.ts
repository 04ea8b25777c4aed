import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A way to a server that can be cut in the middle of a statement. */
export interface CuttingProxy {
  readonly port: number
  /**
   * Cuts every way on which a text comes along, once: before it reaches the server, or after the server has answered it and
   * before the client hears of it.
   */
  cutAt(text: string, moment: 'before' | 'after'): void
}

/** Stands between a client and a server until the test ends. */
export async function cuttingProxy(server: { readonly host: string; readonly port: number }): Promise<CuttingProxy> {
  let cut: { readonly text: string; readonly moment: 'before' | 'after' } | undefined
  const sockets = new Set<Socket>()
  const proxy = createServer((client) => {
    const upstream = server.host.startsWith('/')
      ? createConnection(`${server.host}/.s.PGSQL.${server.port}`)
      : createConnection(server.port, server.host)
    let answerCuts = false
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', end)
      socket.on('close', end)
    }
    client.on('data', (data) => {
      if (cut !== undefined && data.includes(cut.text)) {
        if (cut.moment === 'before') end()
        else answerCuts = true
        cut = undefined
      }
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (answerCuts) end()
      else client.write(data)
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })
  return {
    port: (proxy.address() as AddressInfo).port,
    cutAt: (text, moment) => {
      cut = { text, moment }
    },
  }
}
