// Addresses of devices as people write them in the plant file, one form for each way to reach one. Every function answers
// either the parts or one sentence on what was expected.

import type { SerialLink, TcpLink } from '../core/plant.ts'
import { type HostPort, isWrong, parseHostPort, type Wrong } from './address.ts'
import { nearest } from './faults.ts'

export type ModbusAddress = TcpLink | Pick<SerialLink, 'kind' | 'device'>

const modbusForms = 'tcp://host:port, rtu+tcp://host:port or serial:///dev/ttyUSB0'

/** Modbus TCP, RTU frames over TCP, or a serial line. */
export function parseModbusAddress(text: string): ModbusAddress | Wrong {
  const split = schemeOf(text)
  if (split === undefined) return { wrong: `expected tcp://host:port, found "${text}"` }
  const { scheme, rest } = split
  if (scheme === 'tcp' || scheme === 'rtu+tcp') {
    const place = parseHostPort(rest, `${scheme}://host:port`)
    if (isWrong(place)) return place
    return { kind: scheme === 'tcp' ? 'tcp' : 'rtu-over-tcp', ...place }
  }
  if (scheme === 'serial') {
    if (/^\/[\w./+:@-]+$/.test(rest)) return { kind: 'serial', device: rest }
    return { wrong: `expected the path of a serial port: serial:///dev/ttyUSB0, found "${text}"` }
  }
  return { wrong: `unknown way "${scheme}"${hint(scheme)}; expected ${modbusForms}` }
}

/**
 * What a serial line is set to where the plant file says nothing. Modbus over Serial Line V1.02 section 2.5.1: without parity a
 * second stop bit keeps the character at 11 bits.
 */
export const lineDefaults = (
  parity: SerialLink['parity'] = 'even',
): Pick<SerialLink, 'baud' | 'parity'> & { readonly stop_bits: SerialLink['stopBits'] } => ({
  baud: 19_200,
  parity,
  stop_bits: parity === 'none' ? 2 : 1,
})

/** `opc.tcp://host:port`, with an optional path behind it. */
export function parseOpcUaAddress(text: string): { readonly url: string } | Wrong {
  const split = schemeOf(text)
  const shape = 'opc.tcp://host:port'
  if (split?.scheme !== 'opc.tcp') return { wrong: `expected ${shape}, found "${text}"` }
  const [place = ''] = split.rest.split('/', 1)
  const parsed = parseHostPort(place, shape)
  return isWrong(parsed) ? parsed : { url: text }
}

/** `nut://host/ups` or `nut://host:port/ups`; the port of a NUT server is 3493 where none is given. */
export function parseNutAddress(text: string): (HostPort & { readonly ups: string }) | Wrong {
  const shape = 'nut://host/ups'
  const split = schemeOf(text)
  if (split?.scheme !== 'nut') return { wrong: `expected ${shape}, found "${text}"` }
  const [place = '', ups = '', ...more] = split.rest.split('/')
  if (!/^[\w.-]{1,60}$/.test(ups) || more.length > 0) {
    return { wrong: `the name of the UPS on its server is missing; expected ${shape}` }
  }
  const parsed = parseHostPort(withPort(place, 3493), shape)
  return isWrong(parsed) ? parsed : { ...parsed, ups }
}

/** `snmp://host` or `snmp://host:port`; the port is 161 where none is given. */
export function parseSnmpAddress(text: string): HostPort | Wrong {
  const split = schemeOf(text)
  if (split?.scheme !== 'snmp') return { wrong: `expected snmp://host, found "${text}"` }
  return parseHostPort(withPort(split.rest, 161), 'snmp://host')
}

function schemeOf(text: string): { readonly scheme: string; readonly rest: string } | undefined {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text)
  if (match === null) return undefined
  return { scheme: (match[1] ?? '').toLowerCase(), rest: match[2] ?? '' }
}

const withPort = (place: string, port: number): string =>
  /(^[^[\]]*:|\]:)[^:]*$/.test(place) ? place : `${place}:${port}`

function hint(scheme: string): string {
  const meant = nearest(scheme, ['tcp', 'rtu+tcp', 'serial'])
  return meant === undefined ? '' : `; did you mean "${meant}://"?`
}
