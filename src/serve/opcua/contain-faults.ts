// A fault of the library while it works on what one client sent costs that client its connection, and nobody else anything. As it comes,
// a stranger who says hello and a length above the limit in one breath ends the whole server.

import type { Socket } from 'node:net'
import type { Tell } from './tell.ts'

/** Everything that the library does with a connection begins in an event of its socket: what is thrown there goes no further. */
export function containFaults(socket: Socket, address: string, tell: Tell): void {
  const emit = socket.emit.bind(socket)
  socket.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    try {
      return emit(event, ...values)
    } catch (fault) {
      tell(address, `connection of ${address} closed: ${textOf(fault)}`, { address })
      socket.destroy()
      return true
    }
  }
}

/** What a client asked for may also fail later, with nobody to tell: that request stays without an answer. */
export function containRejections(tell: Tell): void {
  process.on('unhandledRejection', (fault) => {
    tell('requests', `a request failed and got no answer: ${textOf(fault)}`, {})
  })
}

const textOf = (fault: unknown): string =>
  (fault instanceof Error ? fault.message : String(fault)).replaceAll(/\p{Cc}/gu, ' ').slice(0, 200)
