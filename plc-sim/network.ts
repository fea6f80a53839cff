// Puts the ways to the devices on the machine: a Modbus TCP port for each device on each of two
// networks, and on request an OPC UA server for each unit and serial lines.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PortCounts } from './lan-state.ts'
import type { Lan } from './link-faults.ts'
import { type DevicePort, openModbusPort } from './modbus.ts'
import { OPERATOR, openOpcUaPort } from './opcua.ts'
import { behaviourOf, type Path, registersOf } from './paths.ts'
import { RefusedRequest, unknownWord } from './refusal.ts'
import { openSerialLine, type SerialSettings } from './serial-line.ts'
import { MAKER_PAIR, PAIRS, type Site, UNIT_NAMES, UPSES } from './site.ts'

export const HOST = '127.0.0.1'
/** How far the ports of each network stand above those of the first. */
const LAN_OFFSETS = { 'lan-1': 0, 'lan-2': 40, opcua: 80 } as const
export const LAST_OFFSET = LAN_OFFSETS.opcua + 5

export type NetworkOptions = {
  readonly basePort?: number
  readonly opcua?: OpcUaOptions
  readonly serial?: readonly SerialSettings[]
}
export type OpcUaOptions = {
  /** The units that are served; all without it. */
  readonly units?: readonly string[]
  /** First line: the password of the user `operator`. */
  readonly passwordFile?: string
  /** Folder for keys and certificates; a temporary one without it. */
  readonly pki?: string
}

export type Network = {
  /** Ports by device, `intake.A` on the first network and `intake.A/lan-2` on others. */
  readonly ports: Readonly<Record<string, number>>
  /** Undefined for a way that is not served. */
  counts(device: string, lan: Lan): PortCounts | undefined
  /** Makes every port behave as the faults of this moment have it. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** A port that could not be opened: which, whose, and why in one line. */
export class PortUnavailable extends Error {
  constructor(host: string, port: number, device: string, cause: unknown) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    const reason = why === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${why})`
    super(`port ${port} of ${host}, wanted for ${device}, ${reason}`)
    this.name = 'PortUnavailable'
  }
}

type Served = { readonly path: Path; readonly port: DevicePort }
type Opening = { readonly served: Served[]; readonly closers: (() => Promise<void>)[] }

/** Opens everything. Rejects with PortUnavailable or RefusedRequest, and leaves nothing open then. */
export async function openNetwork(site: Site, options: NetworkOptions): Promise<Network> {
  const opening: Opening = { served: [], closers: [] }
  const network = networkOf(opening)
  try {
    for (const lan of ['lan-1', 'lan-2'] as const) await openLan(site, lan, options, opening)
    if (options.opcua) await openOpcUa(site, options.opcua, options.basePort ?? 0, opening)
    for (const line of options.serial ?? []) await openLine(site, line, opening)
  } catch (error) {
    await network.close()
    throw error
  }
  return network
}

function networkOf({ served, closers }: Opening): Network {
  return {
    get ports() {
      const named = served.filter(({ port }) => port.port !== 0)
      return Object.fromEntries(named.map(({ path, port }) => [nameOf(path), port.port]))
    },
    counts(device, lan) {
      const found = served.find(({ path }) => path.device === device && path.lan === lan)
      return found && { port: found.port.port, ...found.port.frames }
    },
    async settle() {
      await Promise.all(served.map(({ path, port }) => port.behave(behaviourOf(path))))
    },
    async close() {
      await Promise.all(served.map(({ port }) => port.close()))
      for (const close of closers) await close()
    },
  }
}

async function openLan(
  site: Site,
  lan: 'lan-1' | 'lan-2',
  { basePort = 0 }: NetworkOptions,
  { served }: Opening,
): Promise<void> {
  for (const path of site.paths.filter((each) => each.lan === lan)) {
    const wanted = basePort === 0 ? 0 : basePort + LAN_OFFSETS[lan] + offsetOf(path.device)
    const port = await openModbusPort(HOST, wanted, registersOf(path)).catch((cause) => {
      throw new PortUnavailable(HOST, wanted, nameOf(path), cause)
    })
    served.push({ path, port })
  }
}

async function openOpcUa(
  site: Site,
  { units, passwordFile, pki }: OpcUaOptions,
  basePort: number,
  { served, closers }: Opening,
): Promise<void> {
  const all = site.paths.filter(({ lan, other }) => lan === 'opcua' && other !== undefined)
  const names = all.map(({ device }) => device)
  const strange = units?.find((unit) => !names.includes(unit))
  if (strange !== undefined) throw unknownWord('unit', strange, names)
  const password = passwordFile === undefined ? {} : await passwordIn(passwordFile)
  const folder = pki ?? (await mkdtemp(join(tmpdir(), 'plc-sim-pki-')))
  if (pki === undefined) closers.push(() => rm(folder, { recursive: true, force: true }))
  for (const path of all.filter(({ device }) => units?.includes(device) ?? true)) {
    const wanted = basePort === 0 ? 0 : basePort + LAN_OFFSETS.opcua + offsetOf(path.device)
    const registers = registersOf(path)
    const place = { unit: path.device, registers, host: HOST, port: wanted, pki: folder }
    const port = await openOpcUaPort({ ...place, ...password }).catch((cause) => {
      throw new PortUnavailable(HOST, wanted, nameOf(path), cause)
    })
    served.push({ path, port })
  }
}

async function openLine(site: Site, line: SerialSettings, opening: Opening): Promise<void> {
  const paths = site.paths.filter(({ lan }) => lan === 'serial')
  const { served, close } = await openSerialLine(line, paths)
  opening.served.push(...served)
  opening.closers.push(close)
}

async function passwordIn(file: string): Promise<{ operatorPassword: string }> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const [operatorPassword = ''] = text.split('\n')
  if (operatorPassword !== '') return { operatorPassword }
  throw new RefusedRequest(
    `'${file}' has no password for the user '${OPERATOR}'; expected it in the first line`,
  )
}

/** The name of a way in lists of ports. */
function nameOf({ device, lan }: Path): string {
  return lan === 'lan-1' ? device : `${device}/${lan}`
}

function offsetOf(device: string): number {
  const units = [...PAIRS, MAKER_PAIR].flatMap(({ name, offsets }) =>
    UNIT_NAMES.map((unit) => ({ name: `${name}.${unit}`, offset: offsets[unit] })),
  )
  const found = [...units, ...UPSES].find(({ name }) => name === device)
  if (!found) throw new Error(`no port is set aside for ${device}`)
  return found.offset
}
