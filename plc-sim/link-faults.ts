// What can be broken on the way to a device, while the device itself goes on. A device has several
// ways; each of these faults breaks one of them, or all without the parameter `lan`.
import { choice, type FaultKind, number } from './fault-kinds.ts'

/** The ways to a device: two Modbus TCP networks, its OPC UA server, a serial line. */
export const LANS = ['lan-1', 'lan-2', 'opcua', 'serial'] as const
export type Lan = (typeof LANS)[number]

const lan = {
  kind: 'optional',
  choices: { 'lan-1': 1, 'lan-2': 2, opcua: 3, serial: 4 } satisfies Record<Lan, number>,
} as const

export const LINK_FAULTS = {
  hang: {
    on: 'port',
    about: 'Connects, takes requests and drops them. The scan goes on and the outputs stay alive.',
    parameters: { lan },
  },
  network_loss: {
    on: 'port',
    about: 'Nothing comes in or out; the unit goes on. Clearing it delivers what was sent.',
    parameters: { lan },
  },
  slow: {
    on: 'port',
    about: 'Every request is worked off and answered `ms` late.',
    parameters: { ms: number(500, 0, 60_000), lan },
  },
  port_closed: {
    on: 'port',
    about: 'Connections are reset and new ones refused; the unit goes on.',
    parameters: { lan },
  },
  half_open: {
    on: 'port',
    about:
      'The connections of this moment are forgotten: no answer, no reset. New ones work. Clearing it resets what was forgotten.',
    parameters: { lan },
  },
  stale_gateway: {
    on: 'port',
    about:
      'A gateway goes on answering with the registers of this moment, while the unit goes on. Writes `pass` on to the unit, or are `lost` though they are acknowledged.',
    parameters: { writes: choice('pass', { pass: 0, lost: 1 }), lan },
  },
  other_unit: {
    on: 'unit',
    about: "The way leads to the pair's other unit, in open connections too.",
    parameters: { lan },
  },
  comms_lost: {
    on: 'ups',
    about: 'Nothing reaches the UPS and nothing comes back.',
    parameters: { lan },
  },
} as const satisfies Readonly<Record<string, FaultKind>>

/** True for a fault of the way to a device. */
export function isLinkFault(name: string): boolean {
  return Object.hasOwn(LINK_FAULTS, name)
}
