// The connections of the OPC UA server, and how many a stranger may hold: one that has no session soon goes, one address has so many of
// them, and a client that asks and never reads is cut off. The library by itself waits three minutes for a first word and keeps
// whatever nobody reads.

import { Server as Listener, type Socket } from 'node:net'
import type { OPCUAServer } from 'node-opcua'
import { clientLimits } from './client-limits.ts'
import { containFaults } from './contain-faults.ts'
import type { Tell } from './tell.ts'

const lookMs = 1_000

type Known = {
  readonly socket: Socket
  readonly address: string
  /** Since it has had no session; undefined while it has one. */
  aloneSinceMs: number | undefined
}

/** Watches over the connections of a server that has been started, until the returned function is called. */
export function guardConnections(
  server: OPCUAServer,
  tell: Tell,
  nowMs: () => number = () => performance.now(),
): () => void {
  const known = new Map<Socket, Known>()
  const onConnection = (socket: Socket): void => {
    const address = socket.remoteAddress ?? 'unknown'
    containFaults(socket, address, tell)
    const same = [...known.values()].filter((one) => one.address === address)
    const alone = same.filter(({ aloneSinceMs }) => aloneSinceMs !== undefined).length
    if (alone >= clientLimits.withoutSessionMax) {
      socket.destroy()
      tell(address, `${alone} connections of ${address} have no session, one more is refused`, {
        address,
      })
      return
    }
    known.set(socket, { socket, address, aloneSinceMs: nowMs() })
    socket.once('close', () => known.delete(socket))
  }
  const look = (): void => {
    const withSession = placesWithSession(server)
    for (const one of known.values()) {
      one.aloneSinceMs = withSession.has(placeOf(one.socket))
        ? undefined
        : (one.aloneSinceMs ?? nowMs())
      const fault = faultOf(one, nowMs())
      if (fault === undefined) continue
      one.socket.destroy()
      tell(one.address, `connection of ${one.address} closed: ${fault}`, { address: one.address })
    }
  }
  for (const listener of listenersOf(server)) listener.prependListener('connection', onConnection)
  const timer = setInterval(look, lookMs)
  return () => clearInterval(timer)
}

function faultOf({ socket, aloneSinceMs }: Known, nowMs: number): string | undefined {
  const { withoutSessionMaxS, unreadMaxBytes } = clientLimits
  if (socket.writableLength > unreadMaxBytes) {
    return `it reads nothing, ${Math.round(socket.writableLength / 1e6)} MB wait for it`
  }
  const alone = aloneSinceMs !== undefined && nowMs - aloneSinceMs > withoutSessionMaxS * 1000
  return alone ? `no session within ${withoutSessionMaxS} s` : undefined
}

const placeOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`

function placesWithSession({ endpoints }: OPCUAServer): ReadonlySet<string> {
  const channels = endpoints.flatMap((endpoint) => endpoint.getChannels())
  return new Set(
    channels
      .filter(({ hasSession }) => hasSession)
      .map(({ remoteAddress, remotePort }) => `${remoteAddress} ${remotePort}`),
  )
}

/** The library keeps its listener to itself. */
function listenersOf({ endpoints }: OPCUAServer): readonly Listener[] {
  return endpoints.map((endpoint) => {
    const listener = Object.values(endpoint).find((value: unknown) => value instanceof Listener)
    if (listener === undefined) throw new Error('the OPC UA server has no listener')
    return listener
  })
}
