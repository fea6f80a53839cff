// The basic encoding rules as far as SNMP uses them, read strictly: every length must fit exactly, every number must be in
// its range, every object name whole. Pure. The library that decodes for us lets a cut message, a number of too many bytes or a
// name that wraps around pass for another value; what this file refuses never reaches it.

export type BerNode = {
  readonly tag: number
  /** The content without tag and length. */
  readonly bytes: Uint8Array
  /** Of a constructed node. */
  readonly children: readonly BerNode[]
}

/** The one node that `bytes` hold, or undefined when they break a rule. */
export function parseBer(bytes: Uint8Array): BerNode | undefined {
  const nodes = nodesIn(bytes, 0)
  return nodes?.length === 1 ? nodes[0] : undefined
}

/** The number of an INTEGER node; undefined when it is none. */
export function integerOf(node: BerNode | undefined): number | undefined {
  if (node?.tag !== tags.integer) return undefined
  let value = (node.bytes[0] ?? 0) >= 0x80 ? -1 : 0
  for (const byte of node.bytes) value = (value << 8) | byte
  return value
}

export const tags = {
  integer: 0x02,
  octetString: 0x04,
  sequence: 0x30,
  objectIdentifier: 0x06,
  response: 0xa2,
  report: 0xa8,
} as const

/** An SNMP message nests five deep: message, PDU, list, pair, value. */
const depthMax = 8

function nodesIn(bytes: Uint8Array, depth: number): BerNode[] | undefined {
  if (depth > depthMax) return undefined
  const nodes: BerNode[] = []
  let at = 0
  while (at < bytes.length) {
    const span = spanAt(bytes, at)
    if (span === undefined) return undefined
    const tag = bytes[at] ?? 0
    const content = bytes.subarray(span.start, span.end)
    const constructed = (tag & 0x20) !== 0
    const children = constructed ? nodesIn(content, depth + 1) : []
    if (children === undefined || !(constructed || isWhole(tag, content))) return undefined
    nodes.push({ tag, bytes: content, children })
    at = span.end
  }
  return nodes
}

/** Where the content of the node at `at` begins and ends; undefined when it does not fit. */
function spanAt(bytes: Uint8Array, at: number): { start: number; end: number } | undefined {
  const short = bytes[at + 1]
  if (short === undefined || ((bytes[at] ?? 0) & 0x1f) === 0x1f) return undefined
  if (short < 0x80) return fitting(bytes, at + 2, short)
  const count = short & 0x7f
  // Without a length of its own (0x80) a node ends wherever its content says: SNMP forbids it.
  if (count === 0 || count > 4) return undefined
  let length = 0
  for (let index = 0; index < count; index++) {
    length = length * 256 + (bytes[at + 2 + index] ?? Number.POSITIVE_INFINITY)
  }
  return fitting(bytes, at + 2 + count, length)
}

const fitting = (
  bytes: Uint8Array,
  start: number,
  length: number,
): { start: number; end: number } | undefined =>
  start + length <= bytes.length ? { start, end: start + length } : undefined

/** Whether the content of a primitive node is one that its tag allows; tags that SNMP does not have are not. */
function isWhole(tag: number, content: Uint8Array): boolean {
  const { length } = content
  switch (tag) {
    case 0x02: // INTEGER
      return length >= 1 && length <= 4
    case 0x04: // OCTET STRING
    case 0x44: // Opaque
      return true
    case 0x05: // NULL
    case 0x80: // noSuchObject
    case 0x81: // noSuchInstance
    case 0x82: // endOfMibView
      return length === 0
    case 0x06: // OBJECT IDENTIFIER
      return isWholeName(content)
    case 0x40: // IpAddress
      return length === 4
    case 0x41: // Counter32
    case 0x42: // Gauge32
    case 0x43: // TimeTicks
      return isUnsigned(content, 4)
    case 0x46: // Counter64
      return isUnsigned(content, 8)
    default:
      return false
  }
}

/**
 * A number without a sign in up to `bytesMax` bytes, or one more that is zero. Agents that forget the zero before a high bit
 * are understood where all bytes are there; with fewer, nobody knows whether 80 means 128 or something near the end.
 */
function isUnsigned(content: Uint8Array, bytesMax: number): boolean {
  const first = content[0]
  if (first === undefined) return false
  if (content.length > bytesMax) return content.length === bytesMax + 1 && first === 0
  return first < 0x80 || content.length === bytesMax
}

/** Every arc of the name ends, and none is beyond 32 bits. */
function isWholeName(content: Uint8Array): boolean {
  let arc = 0
  for (const byte of content) {
    arc = (arc % 2 ** 40) * 128 + (byte & 0x7f)
    if (arc >= 2 ** 32) return false
    if (byte < 0x80) arc = 0
  }
  return content.length > 0 && (content.at(-1) ?? 0x80) < 0x80
}
