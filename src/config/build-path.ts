// One path of the plant file as the field layer takes it, with the defaults that belong to each way.

import type {
  ModbusPath,
  NutPath,
  OpcUaPath,
  Path,
  SerialLink,
  SnmpPath,
  TcpLink,
} from '../core/plant.ts'
import { isWrong } from './address.ts'
import {
  lineDefaults,
  parseModbusAddress,
  parseNutAddress,
  parseOpcUaAddress,
  parseSnmpAddress,
} from './device-address.ts'
import type { UnitPathEntry, UpsPathEntry } from './path-schema.ts'

export type PathEntry = Partial<UnitPathEntry & UpsPathEntry>

/** Where the signals of the device stand, on each way that there is. */
export type Placed = {
  readonly registers: Pick<
    ModbusPath,
    'signals' | 'gapMax' | 'registersMax' | 'bitsMax' | 'commandAt' | 'declared'
  >
  readonly nodes: Pick<OpcUaPath, 'signals' | 'command'>
  readonly variables: NutPath['signals']
  readonly objects: SnmpPath['signals']
}

export function buildPath(entry: PathEntry, placed: Placed): Path {
  const { modbus, opcua, nut, snmp, lan } = entry
  const place = (protocol: Path['protocol'], address: string) => ({
    name: lan ?? protocol,
    address,
    ...(lan !== undefined && { lan }),
  })
  if (modbus !== undefined) {
    return {
      ...place('modbus', modbus),
      protocol: 'modbus',
      link: linkOf(entry, modbus),
      unit: entry.unit ?? 1,
      ...placed.registers,
    }
  }
  if (opcua !== undefined) {
    return { ...place('opcua', opcua), ...opcUaPath(entry, opcua), ...placed.nodes }
  }
  if (nut !== undefined) {
    return { ...place('nut', nut), ...nutPath(entry, nut), signals: placed.variables }
  }
  return { ...place('snmp', snmp ?? ''), ...snmpPath(entry, snmp ?? ''), signals: placed.objects }
}

function linkOf(entry: PathEntry, text: string): TcpLink | SerialLink {
  const address = right(parseModbusAddress(text))
  if (address.kind !== 'serial') return address
  const usual = lineDefaults(entry.parity)
  return {
    ...address,
    baud: entry.baud ?? usual.baud,
    parity: usual.parity,
    stopBits: entry.stop_bits ?? usual.stop_bits,
  }
}

function opcUaPath(
  entry: PathEntry,
  text: string,
): Omit<OpcUaPath, 'name' | 'address' | 'signals'> {
  const mode = entry.security ?? 'sign-and-encrypt'
  return {
    protocol: 'opcua',
    url: right(parseOpcUaAddress(text)).url,
    mode,
    policy: mode === 'none' ? 'None' : (entry.policy ?? 'Basic256Sha256'),
    pki: entry.pki ?? 'data/pki',
    ...account(entry),
  }
}

const nutPath = (
  entry: PathEntry,
  text: string,
): Omit<NutPath, 'name' | 'address' | 'signals'> => ({
  protocol: 'nut',
  ...right(parseNutAddress(text)),
  tls: entry.tls ?? 'required',
  ...(entry.ca !== undefined && { ca: entry.ca }),
  ...account(entry),
})

function snmpPath(entry: PathEntry, text: string): Omit<SnmpPath, 'name' | 'address' | 'signals'> {
  const { user, community_file, auth, auth_file, priv_file } = entry
  const access =
    user === undefined
      ? ({ version: '2c', communityFile: community_file ?? '' } as const)
      : ({
          version: '3',
          user,
          auth: auth ?? 'sha256',
          authFile: auth_file ?? '',
          ...(priv_file !== undefined && { privFile: priv_file }),
        } as const)
  return { protocol: 'snmp', ...right(parseSnmpAddress(text)), access }
}

const account = ({ user, password_file }: PathEntry) =>
  user === undefined || password_file === undefined
    ? {}
    : { user: { name: user, passwordFile: password_file } }

/** An address that was found right when the file was judged. Throws what is wrong with any other. */
export function right<T extends object>(parsed: T): Exclude<T, { readonly wrong: string }> {
  if (isWrong(parsed)) throw new Error(parsed.wrong)
  return parsed as Exclude<T, { readonly wrong: string }>
}
