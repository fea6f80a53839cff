// Where one value stands, as people write it: a register (`hr:100`), an OPC UA node (`ns=2;s=LEVEL.SP`, a bit of it
// `ns=2;s=STATUS#3`), a variable of a NUT server (`nut:ups.status/OB`), an SNMP object (`oid:1.3.6.1...`).

import { isWrong, parseBits, parseRegister, type RegisterAddress, type Wrong } from './address.ts'

export type NodeAddress = {
  readonly node: string
  readonly bit?: number
  readonly bitCount?: number
}
/** Where a value stands on each protocol that reaches it; at least one. */
export type SignalAddress = {
  readonly modbus?: RegisterAddress
  readonly opcua?: NodeAddress
  readonly nut?: { readonly variable: string; readonly token?: string }
  readonly snmp?: { readonly oid: string }
}
export type Protocol = keyof SignalAddress

/** One text for a value that stands in one place, or one for each protocol. */
export type WrittenAddress = string | { readonly [protocol in Protocol]?: string | undefined }

/** The part of the written address that a fault belongs to is `key`; absent for the single text. */
export type AddressFault = Wrong & { readonly key?: Protocol }

export function parseSignalAddress(written: WrittenAddress): SignalAddress | AddressFault {
  if (typeof written === 'string') {
    const protocol = protocolOf(written)
    const parsed = parseOn(protocol, written)
    return isWrong(parsed) ? parsed : { [protocol]: parsed }
  }
  const found: [Protocol, object][] = []
  for (const protocol of protocols) {
    const text = written[protocol]
    if (text === undefined) continue
    const parsed = parseOn(protocol, text)
    if (isWrong(parsed)) return { ...parsed, key: protocol }
    found.push([protocol, parsed])
  }
  return found.length === 0
    ? { wrong: 'no address; expected modbus, opcua or both' }
    : Object.fromEntries(found)
}

const protocols: readonly Protocol[] = ['modbus', 'opcua', 'nut', 'snmp']

function protocolOf(text: string): Protocol {
  if (/^(ns=|nsu=|[isgb]=)/.test(text)) return 'opcua'
  if (text.startsWith('nut:')) return 'nut'
  return text.startsWith('oid:') ? 'snmp' : 'modbus'
}

function parseOn(protocol: Protocol, text: string): object | Wrong {
  if (protocol === 'modbus') return parseRegister(text)
  if (protocol === 'opcua') return parseNode(text)
  return protocol === 'nut' ? parseVariable(text) : parseOid(text)
}

/** A NodeId (OPC UA Part 6, 5.3.1.10), with `#3` or `#0-1` behind it for bits of a whole number. */
function parseNode(text: string): NodeAddress | Wrong {
  const match = /^((?:ns=\d{1,5};|nsu=[^;]+;)?([isgb])=([^#]+))(?:#(\d+(?:-\d+)?))?$/.exec(text)
  if (match === null) return { wrong: `expected a node such as ns=2;s=LEVEL.SP, found "${text}"` }
  const [, node = '', kind, id = '', bits] = match
  if (kind === 'i' && !/^\d{1,10}$/.test(id)) return { wrong: `i= needs a number, found "${id}"` }
  if (bits === undefined) return { node }
  const parsed = parseBits(bits, 63)
  return isWrong(parsed) ? parsed : { node, ...parsed }
}

function parseVariable(
  text: string,
): { readonly variable: string; readonly token?: string } | Wrong {
  const match = /^(?:nut:)?([a-z][\w.-]*)(?:\/(\w+))?$/i.exec(text)
  if (match === null)
    return { wrong: `expected a variable such as nut:battery.charge, found "${text}"` }
  const [, variable = '', token] = match
  return token === undefined ? { variable } : { variable, token }
}

function parseOid(text: string): { readonly oid: string } | Wrong {
  const oid = text.replace(/^oid:/, '').replace(/^\./, '')
  if (/^[012](\.\d{1,10}){2,}(#[012](\.\d{1,10})+)?$/.test(oid)) return { oid }
  return { wrong: `expected a numeric object such as oid:1.3.6.1.2.1.33.1.2.4.0, found "${text}"` }
}
