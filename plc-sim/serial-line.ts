// A serial line of the practice plant: several devices on one wire, each with its own unit
// identifier. A device whose way is cut says nothing; on a serial line that is all it can do.
import type { DevicePort } from './modbus.ts'
import type { Registers } from './modbus-frames.ts'
import { type Path, type PortBehaviour, registersOf } from './paths.ts'
import { RefusedRequest, unknownWord } from './refusal.ts'
import { openSerialSlave } from './rtu.ts'

export type SerialSettings = {
  /** The device file, such as `/dev/ttyUSB0` or one end of a pair of pseudo-terminals. */
  readonly path: string
  /** Unit identifiers on the wire by device: `{ 'intake.A': 11 }`. */
  readonly devices: Readonly<Record<string, number>>
}

export type SerialLine = {
  readonly served: { readonly path: Path; readonly port: DevicePort }[]
  close(): Promise<void>
}

/**
 * Opens the line and puts the devices on it. Rejects with RefusedRequest when a device or an
 * identifier is wrong or the line cannot be opened.
 * @param paths the serial ways of all devices
 */
export async function openSerialLine(
  { path: line, devices }: SerialSettings,
  paths: readonly Path[],
): Promise<SerialLine> {
  const listening = new Map<number, Registers>()
  const served = Object.entries(devices).map(([device, identifier]) => {
    const path = paths.find((each) => each.device === device)
    if (!path) {
      const exist = paths.map((each) => each.device)
      throw unknownWord('device', device, exist)
    }
    if (listening.has(identifier))
      throw new RefusedRequest(`unit identifier ${identifier} stands twice on the line ${line}`)
    return { path, port: stationOf(listening, identifier, registersOf(path)) }
  })
  const slave = await openSerialSlave(line, listening).catch((cause: unknown) => {
    const said = cause instanceof Error ? cause.message : String(cause)
    const why = said.trim().split('\n').at(-1)
    throw new RefusedRequest(`the serial line ${line} cannot be opened: ${why}`)
  })
  return { served, close: () => slave.close() }
}

/** One device on the wire: it listens while its way serves. */
function stationOf(
  listening: Map<number, Registers>,
  identifier: number,
  registers: Registers,
): DevicePort {
  const frames = { read: 0, write: 0 }
  const counted: Registers = {
    read: (address, count) => {
      frames.read += 1
      return registers.read(address, count)
    },
    write: (address, words) => {
      frames.write += 1
      return registers.write(address, words)
    },
  }
  listening.set(identifier, counted)
  return {
    port: 0,
    frames,
    behave: async ({ mode }: PortBehaviour) => {
      if (mode === 'serving') listening.set(identifier, counted)
      else listening.delete(identifier)
    },
    close: async () => {
      listening.delete(identifier)
    },
  }
}

/**
 * Reads `PATH=intake.A:11,intake.B:12`.
 * @throws RefusedRequest when it is written in another way
 */
export function readSerialSettings(written: string): SerialSettings {
  const refused = new RefusedRequest(
    `--serial is '${written}'; expected PATH=intake.A:11,intake.B:12 with identifiers 1 to 247`,
  )
  const [, path = '', list = ''] = /^(.+)=([^=]+)$/.exec(written) ?? []
  const entries = list.split(',').map((entry): [string, number] => {
    const [, device = '', identifier = ''] = /^([^:]+):(\d+)$/.exec(entry) ?? []
    const number = Number(identifier)
    if (device === '' || number < 1 || number > 247) throw refused
    return [device, number]
  })
  if (path === '') throw refused
  return { path, devices: Object.fromEntries(entries) }
}
