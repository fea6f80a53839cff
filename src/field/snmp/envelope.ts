// Which datagrams may reach the SNMP library as answers. Pure. The library takes an answer without a signature for a signed
// request, and passes over what is cut off: both are stopped here, before it sees them.

import { type BerNode, integerOf, parseBer, tags } from './ber.ts'

/** What every answer must have: the version, and for version 3 whether it is encrypted besides being signed. */
export type Envelope =
  | { readonly version: '2c' }
  | { readonly version: '3'; readonly encrypted: boolean }

/** Why this datagram is no answer that may be looked at; undefined when it is one. */
export function envelopeFault(bytes: Uint8Array, envelope: Envelope): string | undefined {
  const message = parseBer(bytes)
  if (message?.tag !== tags.sequence) return 'bytes that are no SNMP message'
  const version = integerOf(message.children[0])
  if (version !== (envelope.version === '2c' ? 1 : 3)) return 'another SNMP version'
  return envelope.version === '2c' ? communityFault(message) : signedFault(message, envelope)
}

function communityFault({ children }: BerNode): string | undefined {
  const [, community, pdu] = children
  if (children.length !== 3 || community?.tag !== tags.octetString) return misshapen
  return pdu?.tag === tags.response ? pduFault(pdu) : 'a message that is no answer'
}

function signedFault(
  { children }: BerNode,
  envelope: { readonly encrypted: boolean },
): string | undefined {
  const [, header, security, data] = children
  const flags = header?.children[2]?.bytes[0]
  if (children.length !== 4 || header?.children.length !== 4 || flags === undefined) {
    return misshapen
  }
  if (!isSecurity(security)) return misshapen
  const signed = (flags & 1) !== 0
  const encrypted = (flags & 2) !== 0
  if (encrypted) return signed && data?.tag === tags.octetString ? undefined : misshapen
  const pdu = data?.children[2]
  if (data?.tag !== tags.sequence || data.children.length !== 3 || pdu === undefined) {
    return misshapen
  }
  // A report tells what the agent needs to know or did not like; it carries no value of the device.
  if (pdu.tag === tags.report) return pduFault(pdu)
  if (pdu.tag !== tags.response) return 'a message that is no answer'
  if (!signed) return 'an answer without a signature'
  return envelope.encrypted ? 'an answer that is not encrypted' : pduFault(pdu)
}

const misshapen = 'a message that is not shaped as SNMP says'

/** Engine, its boots and time, user, signature and salt, packed into one string of bytes. */
function isSecurity(node: BerNode | undefined): boolean {
  if (node?.tag !== tags.octetString) return false
  const inner = parseBer(node.bytes)
  const found = inner?.children.map((child) => child.tag).join()
  return inner?.tag === tags.sequence && found === '4,2,2,4,4,4'
}

/** Number, error status (0 to 18), error index, and a list of names with one value each. */
function pduFault({ children }: BerNode): string | undefined {
  const [id, status, index, list] = children
  const numbers = [id, status, index].map(integerOf)
  const errorStatus = numbers[1] ?? -1
  if (children.length !== 4 || numbers.includes(undefined)) return misshapen
  if (errorStatus < 0 || errorStatus > 18 || list?.tag !== tags.sequence) return misshapen
  return list.children.every(isPair) ? undefined : misshapen
}

const isPair = ({ tag, children }: BerNode): boolean =>
  tag === tags.sequence &&
  children.length === 2 &&
  children[0]?.tag === tags.objectIdentifier &&
  children[1]?.children.length === 0
