// Rules on one way to a device: exactly one address, keys of that way only, and what each way needs.

import { isWrong } from './address.ts'
import {
  parseModbusAddress,
  parseNutAddress,
  parseOpcUaAddress,
  parseSnmpAddress,
} from './device-address.ts'
import { oneOf } from './faults.ts'
import type { Protocol } from './signal-address.ts'
import { type Finding, field, type Tree, textOf } from './tree.ts'

/** What a path asks for: the keys that each protocol takes besides its own address. */
const keysOf: Readonly<Record<Protocol, readonly string[]>> = {
  modbus: ['unit', 'baud', 'parity', 'stop_bits'],
  opcua: ['security', 'policy', 'pki', 'user', 'password_file'],
  nut: ['tls', 'ca', 'user', 'password_file'],
  snmp: ['community_file', 'user', 'auth', 'auth_file', 'priv_file'],
}
const serialKeys = ['baud', 'parity', 'stop_bits']

/** The protocol of a path that names exactly one. */
export function protocolOf(door: Tree, allowed: readonly Protocol[]): Protocol | undefined {
  const named = allowed.filter((protocol) => field(door, protocol).value !== undefined)
  return named.length === 1 ? named[0] : undefined
}

/** Everything that is wrong with one path; `allowed` is what may reach this kind of device. */
export function pathWrong(door: Tree, allowed: readonly Protocol[]): readonly Finding[] {
  if (typeof door.value !== 'object' || door.value === null) return []
  const named = allowed.filter((protocol) => field(door, protocol).value !== undefined)
  const protocol = named[0]
  if (protocol === undefined) {
    // A way that this kind of device cannot be reached by has been told as an unknown key.
    if (Object.keys(keysOf).some((key) => field(door, key).value !== undefined)) return []
    return [{ at: door, message: `no address; expected ${oneOf(allowed)}` }]
  }
  const second = named[1]
  if (second !== undefined) {
    const message = `a path has one address; ${protocol} is there already`
    return [{ at: field(door, second), message }]
  }
  const address = field(door, protocol)
  const wrong = addressWrong(protocol, address)
  if (wrong !== undefined) return [{ at: address, message: wrong }]
  return [...strangers(door, protocol), ...missing(door, protocol), ...idle(door, protocol)]
}

function addressWrong(protocol: Protocol, address: Tree): string | undefined {
  const text = textOf(address)
  if (text === undefined) return undefined
  const parsed = parsers[protocol](text)
  return isWrong(parsed) ? parsed.wrong : undefined
}

const parsers = {
  modbus: parseModbusAddress,
  opcua: parseOpcUaAddress,
  nut: parseNutAddress,
  snmp: parseSnmpAddress,
}

/** A key that this way does not use would be a promise that nobody keeps. */
function strangers(door: Tree, protocol: Protocol): readonly Finding[] {
  const every = [...new Set(Object.values(keysOf).flat())]
  const serial = (textOf(field(door, protocol)) ?? '').startsWith('serial:')
  return every.flatMap((key): readonly Finding[] => {
    const at = field(door, key)
    if (at.value === undefined) return []
    if (!keysOf[protocol].includes(key)) {
      const owners = Object.entries(keysOf).flatMap(([owner, keys]) =>
        keys.includes(key) ? [owner] : [],
      )
      return [{ at, message: `"${key}" belongs to ${oneOf(owners)}, and this path is ${protocol}` }]
    }
    if (serialKeys.includes(key) && !serial) {
      return [{ at, message: `"${key}" belongs to a serial line (serial:///dev/ttyUSB0)` }]
    }
    return []
  })
}

/** Keys of this way that another key makes void: nobody would notice that they do nothing. */
function idle(door: Tree, protocol: Protocol): readonly Finding[] {
  const given = (keys: readonly string[]): readonly Tree[] =>
    keys.map((key) => field(door, key)).filter(({ value }) => value !== undefined)
  const say = (keys: readonly string[], message: string): readonly Finding[] =>
    given(keys).map((at) => ({ at, message }))
  if (protocol === 'opcua' && field(door, 'security').value === 'none') {
    return say(['policy'], 'without security there is no policy; leave it away')
  }
  if (protocol === 'nut' && isOff(field(door, 'tls'))) {
    return say(['ca'], 'without TLS no certificate is checked; leave it away')
  }
  if (protocol === 'snmp' && field(door, 'user').value === undefined) {
    return say(['auth', 'auth_file', 'priv_file'], 'this belongs to a user of SNMP version 3')
  }
  return []
}

function missing(door: Tree, protocol: Protocol): readonly Finding[] {
  const has = (key: string): boolean => field(door, key).value !== undefined
  if (protocol === 'opcua' || protocol === 'nut') return missingAccount(door, protocol, has)
  if (protocol !== 'snmp') return []
  if (!has('user')) {
    if (has('community_file')) return []
    const message = 'expected community_file (version 2c), or user and auth_file (version 3)'
    return [{ at: field(door, 'snmp'), message }]
  }
  if (has('community_file')) {
    return [
      { at: field(door, 'community_file'), message: 'a community and a user exclude each other' },
    ]
  }
  if (has('auth_file')) return []
  return [{ at: field(door, 'user'), message: 'a user of SNMP version 3 needs auth_file' }]
}

function missingAccount(
  door: Tree,
  protocol: Protocol,
  has: (key: string) => boolean,
): readonly Finding[] {
  if (has('user') !== has('password_file')) {
    const key = has('user') ? 'user' : 'password_file'
    return [{ at: field(door, key), message: 'user and password_file belong together' }]
  }
  const open = protocol === 'opcua' ? field(door, 'security') : field(door, 'tls')
  if (open.value !== 'none' && !isOff(open)) return []
  if (protocol === 'nut' && has('user')) {
    return [{ at: open, message: 'the password would go in clear; expected tls: required' }]
  }
  const message =
    protocol === 'opcua'
      ? 'without security anybody on the network can answer in the name of this device'
      : 'without TLS anybody on the network can answer in the name of this server'
  return [{ at: open, message, warning: true }]
}

const isOff = ({ value }: Tree): boolean => value === 'off'
