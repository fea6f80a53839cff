// The ways to a device, without their sockets: what each of them carries and how its port behaves.
// Every way reads the same registers; a fault of one way changes what is seen on that way alone,
// and `carries` says so as the truth.
import type { Controller } from './controller.ts'
import type { ArmedFaults } from './faults.ts'
import { isLinkFault, LANS, type Lan } from './link-faults.ts'
import type { Registers } from './modbus-frames.ts'
import type { Pair } from './pair.ts'
import { currentRegisters, readRegisters, writeCoil, writeRegisters } from './registers.ts'
import { readUps, upsWords } from './ups.ts'
import { isSilent, type Ups } from './ups-truth.ts'

export type PortMode =
  | 'serving'
  /** Takes requests and drops them. */
  | 'mute'
  /** No listener; connections are reset. */
  | 'closed'
  /**
   * Nothing arrives: connections stay and are not read, new ones are not let in. What was sent
   * arrives afterwards.
   */
  | 'unreachable'

export type PortBehaviour = {
  readonly mode: PortMode
  readonly delayMs: number
  /** Each new object makes the port forget the connections that it has then. */
  readonly forgets: object | undefined
}

/** What stands at the far end of a way. */
type Source = {
  readonly registers: Registers
  /** Every register with its value of this moment. */
  readonly all: () => ReadonlyMap<number, number>
  /** How it answers, whatever the way. */
  readonly mode: () => PortMode
}

export type Path = {
  readonly device: string
  readonly lan: Lan
  readonly own: Source
  /** The other unit of the pair; a UPS has none. */
  readonly other: Source | undefined
  faults: ArmedFaults
  /** What the gateway goes on answering. */
  old: ReadonlyMap<number, number> | undefined
}

/** What really comes through: the device itself, old values, another unit, or nothing. */
export type Carries = 'live' | 'old values' | 'other unit' | 'nothing'

/** Every way to every device; nothing is broken. */
export function newPaths(pairs: readonly Pair[], upses: readonly Ups[]): Path[] {
  const units = pairs.flatMap(({ name, units: { A, B } }) => [
    { device: `${name}.A`, own: unitSource(A), other: unitSource(B) },
    { device: `${name}.B`, own: unitSource(B), other: unitSource(A) },
  ])
  const power = upses.map((ups) => ({ device: ups.name, own: upsSource(ups), other: undefined }))
  // A maker's unit speaks Modbus alone.
  const makers = pairs.flatMap(({ name, units: { A } }) =>
    A.maker ? [`${name}.A`, `${name}.B`] : [],
  )
  return LANS.flatMap((lan) =>
    [...units, ...power]
      .filter(({ device }) => lan !== 'opcua' || !makers.includes(device))
      .map((ends) => ({ ...ends, lan, faults: {}, old: undefined })),
  )
}

/** Takes over the faults that are armed now; a gateway that goes stale takes its last values. */
export function breakPath(path: Path, faults: ArmedFaults): void {
  const stale = faults.stale_gateway
  const keeps = stale !== undefined && stale === path.faults.stale_gateway
  path.faults = faults
  if (!stale) path.old = undefined
  else if (!keeps) path.old = sourceOf(path).all()
}

/** What a request on this way reads and writes; follows the faults of each moment. */
export function registersOf(path: Path): Registers {
  return {
    read: (address, count) =>
      path.old ? wordsIn(path.old, address, count) : sourceOf(path).registers.read(address, count),
    write: (address, words) => {
      if (path.faults.stale_gateway?.writes === 'lost') return true
      return sourceOf(path).registers.write(address, words)
    },
    ...(path.own.registers.single && {
      single: true,
      writeCoil: (address: number, on: boolean) => {
        if (path.faults.stale_gateway?.writes === 'lost') return true
        return sourceOf(path).registers.writeCoil?.(address, on) ?? false
      },
    }),
  }
}

/** How the port of this way behaves now. */
export function behaviourOf(path: Path): PortBehaviour {
  const { slow, half_open } = path.faults
  return { mode: modeOf(path), delayMs: slow?.ms ?? 0, forgets: half_open }
}

/** The truth about a way at this moment, for a new connection. */
export function carriesOf(path: Path): Carries {
  if (modeOf(path) !== 'serving') return 'nothing'
  if (path.old) return 'old values'
  return path.faults.other_unit && path.other ? 'other unit' : 'live'
}

/** The names of the faults of the way itself that are armed. */
export function linkFaultsOf(path: Path): string[] {
  return Object.keys(path.faults).filter(isLinkFault)
}

function modeOf(path: Path): PortMode {
  const { faults } = path
  const own = sourceOf(path).mode()
  if (own === 'closed' || faults.port_closed) return 'closed'
  if (own === 'unreachable' || faults.network_loss || faults.comms_lost) return 'unreachable'
  return own === 'mute' || faults.hang ? 'mute' : 'serving'
}

function sourceOf(path: Path): Source {
  return path.faults.other_unit && path.other ? path.other : path.own
}

function unitSource(unit: Controller): Source {
  return {
    registers: {
      read: (address, count) => readRegisters(unit, address, count),
      write: (address, words) => writeRegisters(unit, address, words),
      ...(unit.maker && {
        single: true,
        writeCoil: (address: number, on: boolean) => writeCoil(unit, address, on),
      }),
    },
    all: () => currentRegisters(unit, 0, 65_535),
    mode: () => (unit.powered ? 'serving' : 'closed'),
  }
}

function upsSource(ups: Ups): Source {
  return {
    registers: { read: (address, count) => readUps(ups, address, count), write: () => false },
    all: () => new Map(upsWords(ups).entries()),
    mode: () => {
      const silent = isSilent(ups)
      if (silent === 'dead') return 'unreachable'
      return silent === 'for a while' ? 'mute' : 'serving'
    },
  }
}

function wordsIn(
  values: ReadonlyMap<number, number>,
  address: number,
  count: number,
): number[] | undefined {
  const words = Array.from({ length: count }, (_, index) => values.get(address + index))
  const known = words.filter((word) => word !== undefined)
  return known.length === count ? known : undefined
}
