// The one device that `probe` looks at: of a plant file, or made from a profile and an address.

import { existsSync } from 'node:fs'
import { profileDevice } from '../config/build-device.ts'
import { buildPath, type PathEntry } from '../config/build-path.ts'
import { loadPlant } from '../config/load.ts'
import { readProfile } from '../config/profile.ts'
import { faultText } from '../config/source.ts'
import type { Device, Path } from '../core/plant.ts'
import { nearestWord, usageFault } from './outcome.ts'

export type ProbeOptions = {
  readonly plant: string
  /** Name of the path; the first one when it is not given. */
  readonly path?: string
  readonly profile?: string
  readonly unit?: string
  readonly timeout?: string
}
export type Probed = {
  readonly device: Device
  readonly path: Path
  /** What the profile says that a person must know. */
  readonly notes: readonly string[]
}

/** `what` is a device of the plant file (`intake.A`, `ups-1`), or an address with `--profile`. */
export function probedDevice(what: string, options: ProbeOptions): Probed {
  const probed = what.includes('://') ? ofProfile(what, options) : ofPlant(what, options)
  if (options.timeout === undefined) return probed
  const timeoutMs = Number(options.timeout)
  if (!(timeoutMs >= 50 && timeoutMs <= 60_000)) {
    throw usageFault(`--timeout is "${options.timeout}"; expected milliseconds, 50 to 60000`)
  }
  return { ...probed, device: { ...probed.device, timeoutMs } }
}

function ofPlant(name: string, options: ProbeOptions): Probed {
  if (!existsSync(options.plant)) {
    throw usageFault(
      `no plant file ${options.plant}; expected --plant FILE, or an address with --profile NAME`,
    )
  }
  const loaded = loadPlant(options.plant)
  if (!loaded.ok) throw usageFault(loaded.faults.map(faultText).join('\n'))
  const { devices } = loaded.plant
  const device = devices[name]
  if (device === undefined) throw usageFault(notThere('device', name, Object.keys(devices)))
  const names = device.paths.map((path) => path.name)
  const path = device.paths.find((one) => one.name === (options.path ?? names[0]))
  if (path === undefined) throw usageFault(notThere('path', options.path ?? '', names))
  return { device, path, notes: [] }
}

function ofProfile(address: string, options: ProbeOptions): Probed {
  const { profile: name } = options
  if (name === undefined) {
    throw usageFault(
      `which registers does ${address} have? expected --profile NAME, or --scan hr:0-200`,
    )
  }
  const result = readProfile(name, options.plant)
  if (result.kind === 'absent') {
    throw usageFault(`no profile "${name}"; looked for ${result.lookedAt.join(' and ')}`)
  }
  if (result.kind === 'faulty') throw usageFault(result.faults.map(faultText).join('\n'))
  const { profile } = result
  const device = profileDevice(addressEntry(address, options.unit), profile)
  const [path] = device.paths
  if (path === undefined || path.signals.length === 0) {
    throw usageFault(`the profile "${name}" has no address on ${address.split(':')[0]}`)
  }
  return { device, path, notes: profile.notes }
}

/** The path entry that a plant file would hold; a plant file also takes passwords, keys and line settings. */
export function addressEntry(address: string, unit: string | undefined): PathEntry {
  const scheme = address.split('://')[0]?.toLowerCase() ?? ''
  const number = unit === undefined ? 1 : Number(unit)
  if (!Number.isInteger(number) || number < 0 || number > 255) {
    throw usageFault(`--unit is "${unit}"; expected a whole number from 0 to 255`)
  }
  if (['tcp', 'rtu+tcp', 'serial'].includes(scheme))
    return checked({ modbus: address, unit: number })
  if (scheme === 'opc.tcp') return checked({ opcua: address, security: 'none' })
  if (scheme === 'nut') return checked({ nut: address, tls: 'off' })
  if (scheme === 'snmp') {
    throw usageFault(
      'an SNMP device needs its community or keys: write it into a plant file and probe it by name',
    )
  }
  throw usageFault(
    notThere('kind of address', scheme, ['tcp', 'rtu+tcp', 'serial', 'opc.tcp', 'nut']),
  )
}

function checked(entry: PathEntry): PathEntry {
  try {
    buildPath(entry, noSignals)
  } catch (fault) {
    throw usageFault(fault instanceof Error ? fault.message : String(fault))
  }
  return entry
}

const noSignals = {
  registers: { signals: [], gapMax: 0, registersMax: 125, bitsMax: 2000 },
  nodes: { signals: [] },
  variables: [],
  objects: [],
}

function notThere(kind: string, name: string, known: readonly string[]): string {
  const meant = nearestWord(name, known)
  const hint = meant === undefined ? `there are ${known.join(', ')}` : `did you mean "${meant}"?`
  return `no ${kind} "${name}"; ${hint}`
}
