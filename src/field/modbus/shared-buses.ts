// The buses of this process, each opened by the first device on it and closed with the last.

import assert from 'node:assert/strict'
import type { SerialLink, TcpLink } from '../../core/plant.ts'
import type { Backoff } from '../backoff.ts'
import { quietMs, silentMs } from './bus-time.ts'
import type { Clock } from './outcome.ts'
import { type BusOptions, SerialBus } from './serial-bus.ts'
import { openSerialCable } from './serial-cable.ts'
import { openTcpCable } from './tcp-cable.ts'

export type SharedBus = {
  readonly bus: SerialBus
  /** To be called once, after the seat was given up. Resolves when the bus, if it was the last one's, is closed. */
  release(): Promise<void>
}

export type BusNeeds = {
  /** Longest wait for an answer, and for a TCP connection; for the bus as a whole the first device's counts. */
  readonly timeoutMs: number
  readonly backoff: Backoff
}

/** The bus of this serial device, or of this host and port. Asserts that all its devices name the same line parameters. */
export function shareBus(link: TcpLink | SerialLink, needs: BusNeeds, clock: Clock): SharedBus {
  const name = nameOf(link)
  const shared = buses.get(name) ?? openBus(name, link, needs, clock)
  assert.deepEqual(link, shared.link, `two kinds of line parameters for ${name}`)
  shared.users++
  return {
    bus: shared.bus,
    async release() {
      shared.users--
      if (shared.users > 0) return
      buses.delete(name)
      await shared.bus.close()
    },
  }
}

type Entry = { readonly bus: SerialBus; readonly link: TcpLink | SerialLink; users: number }

const buses = new Map<string, Entry>()

function openBus(
  name: string,
  link: TcpLink | SerialLink,
  { timeoutMs, backoff }: BusNeeds,
  clock: Clock,
): Entry {
  const common = { name, backoff, listenMs: quietMs(timeoutMs) }
  const options: BusOptions =
    link.kind === 'serial'
      ? {
          ...common,
          silentMs: silentMs(link.baud),
          holdsBack: false,
          open: (events) => openSerialCable(link, events),
        }
      : {
          ...common,
          silentMs: silentMs(unknownBaud),
          holdsBack: true,
          open: (events) => openTcpCable(link, timeoutMs, events),
        }
  const entry = { bus: new SerialBus(options, clock), link, users: 0 }
  buses.set(name, entry)
  return entry
}

/** What lies behind a device server may be as slow as this. */
const unknownBaud = 9600

const nameOf = (link: TcpLink | SerialLink): string =>
  link.kind === 'serial' ? link.device : `${link.host}:${link.port}`
