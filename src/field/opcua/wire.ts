// The socket of one OPC UA connection, made by us through the library's transport factory, so that two things hold which the
// library does not promise: the bytes of a command leave before its deadline or never, and a connection that is given up is
// reset, so that bytes which still wait in this machine's buffers are thrown away and not sent when the cable comes back.

import assert from 'node:assert/strict'
import type { ClientTCP_transport, IClientTransportFactory } from 'node-opcua'
import type { Library } from './library.ts'

export type Wire = {
  readonly factory: IClientTransportFactory
  /** Runs `send`, which hands one request to the library; its bytes pass only until `deadlineMs` and onto an empty buffer. */
  guard(deadlineMs: number, send: () => void): 'left' | 'stopped'
  /** Ends the connection at once, whatever it is doing; nothing that waits is sent any more. */
  reset(why: string): void
}

/** TCP connection and hello together; a frozen server's kernel accepts connections that nobody will ever serve. */
const helloMs = 2000

/** One wire carries one connection. `clock` is the clock of the deadlines. */
export function newWire(library: Library, clock: () => number): Wire {
  let transport: ClientTCP_transport | undefined
  let gate: { readonly deadlineMs: number; left: boolean; stopped: boolean } | undefined
  const mayPass = (): boolean => {
    if (gate === undefined || gate.left) return true
    // Put this way round, a deadline that is not a number has passed too.
    const passes = clock() <= gate.deadlineMs && backlog(transport) === 0
    if (passes) gate.left = true
    else gate.stopped = true
    return passes
  }
  const reset = (why: string): void => endSocket(transport, why)
  return {
    factory: {
      create(settings) {
        assert(transport === undefined, 'one wire carries one connection')
        transport = new library.ClientTCP_transport(settings)
        limitHello(transport, reset)
        const write = transport.write.bind(transport)
        transport.write = (chunk, callback) => {
          if (mayPass()) write(chunk, callback)
        }
        return transport
      },
    },
    guard(deadlineMs, send) {
      assert(gate === undefined, 'one guarded request at a time')
      const own = { deadlineMs, left: false, stopped: false }
      gate = own
      try {
        send()
      } finally {
        gate = undefined
      }
      return own.left && !own.stopped ? 'left' : 'stopped'
    },
    reset,
  }
}

function limitHello(transport: ClientTCP_transport, reset: (why: string) => void): void {
  const connect = transport.connect.bind(transport)
  transport.connect = (url, callback) => {
    const timer = setTimeout(() => reset(`no answer to the hello within ${helloMs} ms`), helloMs)
    connect(url, (error) => {
      clearTimeout(timer)
      callback(error)
    })
  }
}

type TcpSocket = {
  readonly connecting: boolean
  readonly writableLength: number
  resetAndDestroy(): unknown
}

const isTcp = (socket: object): socket is TcpSocket =>
  'resetAndDestroy' in socket && 'writableLength' in socket && 'connecting' in socket

function backlog(transport: ClientTCP_transport | undefined): number {
  const socket = transport?._socket
  return socket && isTcp(socket) ? socket.writableLength : Number.POSITIVE_INFINITY
}

function endSocket(transport: ClientTCP_transport | undefined, why: string): void {
  const socket = transport?._socket
  if (!socket || socket.destroyed) return
  assert(isTcp(socket), 'the library opens TCP sockets')
  // A socket that is still connecting would be reset only once it is connected; the error tells the library that it is over.
  if (socket.connecting) socket.destroy(new Error(why))
  else socket.resetAndDestroy()
}
