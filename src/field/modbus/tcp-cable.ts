// A TCP connection to a serial device server that passes RTU frames through as they are.

import net from 'node:net'
import type { TcpLink } from '../../core/plant.ts'
import type { Cable, CableEvents } from './cable.ts'

/** Connects at once. `connectMs` is the longest wait for the connection. */
export function openTcpCable(link: TcpLink, connectMs: number, events: CableEvents): Cable {
  const { host, port } = link
  const socket = net.connect({ host, port, noDelay: true, keepAlive: true })
  let isDown = false
  const down = (why: string): void => {
    clearTimeout(deadline)
    if (isDown) return
    isDown = true
    events.down(why)
  }
  const end = (why: string): void => {
    down(why)
    // A reset throws away what has not arrived; an orderly end would still deliver a command that was given up.
    // Node 24 fails to reset a socket that is being shut down already and then keeps its handle for ever.
    if (socket.connecting || socket.writableEnded) socket.destroy()
    else if (!socket.destroyed) socket.resetAndDestroy()
  }
  const deadline = setTimeout(() => end(`no connection within ${connectMs} ms`), connectMs)
  socket.on('connect', () => {
    clearTimeout(deadline)
    events.opened()
  })
  socket.on('data', (bytes) => events.received(bytes))
  socket.on('error', (error: NodeJS.ErrnoException) => down(error.code ?? error.message))
  socket.on('close', () => {
    down('the device server closed the connection')
    events.ended()
  })
  return {
    send(frame) {
      socket.write(frame)
      // Bytes that the network didn't take at once would leave at some later time: nobody must be surprised by them.
      if (socket.writableLength > 0) end('the connection takes no bytes')
    },
    // What has arrived by now is read, and told, before the event loop comes to this.
    discard: () => new Promise((resolve) => setImmediate(resolve)),
    end,
  }
}
