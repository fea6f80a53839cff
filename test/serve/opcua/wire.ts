// A wire between a client and the OPC UA server that can be cut: connections through it end as when somebody pulls the plug of a switch,
// and new ones find their way again.

import assert from 'node:assert/strict'
import net from 'node:net'

export type Wire = {
  readonly url: string
  /** Ends every connection that is open. */
  cut(): void
  /** The same, and lets none through until it is mended. */
  sever(): void
  mend(): void
  close(): Promise<void>
}

/** A wire to a port of this machine. */
export async function openWire(port: number): Promise<Wire> {
  const open = new Set<net.Socket>()
  let severed = false
  const server = net.createServer((near) => {
    near.on('error', () => undefined)
    if (severed) {
      near.destroy()
      return
    }
    const far = net.connect(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  assert.ok(address !== null && typeof address !== 'string')
  const cut = (): void => {
    for (const socket of open) socket.destroy()
  }
  return {
    url: `opc.tcp://127.0.0.1:${address.port}`,
    cut,
    sever: () => {
      severed = true
      cut()
    },
    mend: () => {
      severed = false
    },
    close: async () => {
      cut()
      await new Promise((done) => server.close(done))
    },
  }
}
