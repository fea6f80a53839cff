// An SNMP agent that answers as the test says, down to the byte. It shares no code with src or with the library there.

import dgram from 'node:dgram'
import { once } from 'node:events'

export type Question = {
  readonly version: number
  readonly community: string
  /** 0xa0 asks for objects, 0xa1 for those after them. */
  readonly kind: number
  readonly id: number
  readonly oids: readonly string[]
  /** Of version 3: the number that the answer must bear. */
  readonly messageId: number
  /** Counts from 1. */
  readonly count: number
}

export class HostileAgent {
  /** The datagrams to send, in their order; those with `afterMs` later, those with `elsewhere` from another port. */
  answer: (question: Question) => readonly Reply[] = (question) => [good(question)]
  /** The value of an object; each has its own unless the test says otherwise. */
  readonly questions: Question[] = []
  readonly #socket = dgram.createSocket('udp4')
  readonly #elsewhere = dgram.createSocket('udp4')
  readonly #timers = new Set<NodeJS.Timeout>()

  async open(): Promise<number> {
    this.#socket.bind(0, '127.0.0.1')
    this.#elsewhere.bind(0, '127.0.0.1')
    this.#socket.on('message', (bytes, from) => this.#receive(bytes, from))
    for (const socket of [this.#socket, this.#elsewhere]) socket.on('error', () => undefined)
    await Promise.all([once(this.#socket, 'listening'), once(this.#elsewhere, 'listening')])
    return this.#socket.address().port
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#socket.close()
    this.#elsewhere.close()
  }

  #receive(bytes: Buffer, from: dgram.RemoteInfo): void {
    const question = questionOf(bytes, this.questions.length + 1)
    this.questions.push(question)
    for (const reply of this.answer(question)) {
      const { bytes: sent, afterMs, elsewhere } = Buffer.isBuffer(reply) ? { bytes: reply } : reply
      const socket = elsewhere ? this.#elsewhere : this.#socket
      const send = (): void => socket.send(sent, from.port, from.address, () => undefined)
      if (afterMs === undefined) send()
      else this.#timers.add(setTimeout(send, afterMs))
    }
  }
}

export type Reply =
  | Buffer
  | { readonly bytes: Buffer; readonly afterMs?: number; readonly elsewhere?: boolean }

/** A tag, its length and its content. */
export function tlv(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content)
  const length =
    body.length < 128
      ? Buffer.from([body.length])
      : Buffer.from([0x82, body.length >> 8, body.length & 255])
  return Buffer.concat([Buffer.from([tag]), length, body])
}

export function int(value: number, tag = 2): Buffer {
  const bytes = Buffer.alloc(6)
  bytes.writeIntBE(value, 0, 6)
  let start = 0
  while (start < 5) {
    const sign = (bytes[start + 1] ?? 0) >= 128 ? 255 : 0
    if (bytes[start] !== sign) break
    start++
  }
  return tlv(tag, bytes.subarray(start))
}

export const text = (value: string): Buffer => tlv(4, Buffer.from(value))

export function name(oid: string): Buffer {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number)
  const arcs = [first * 40 + second, ...rest].map((arc) => {
    const bytes = [arc % 128]
    for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128)) {
      bytes.unshift((high % 128) + 128)
    }
    return Buffer.from(bytes)
  })
  return tlv(6, ...arcs)
}

export type Change = {
  readonly version?: number
  readonly community?: string
  readonly kind?: number
  readonly id?: number
  readonly status?: number
  readonly index?: number
  readonly oids?: readonly string[]
  readonly value?: (oid: string, index: number) => Buffer
}

/** The value of an object that nobody gave another one: no two objects share it. */
export const valueAt = (oid: string): number =>
  oid.split('.').reduce((sum, arc) => (sum * 31 + Number(arc)) % 1_000_003, 7)

/** The right answer, or one with what the test changes. */
export function good(question: Question, change: Change = {}): Buffer {
  return tlv(
    0x30,
    int(change.version ?? question.version),
    text(change.community ?? question.community),
    pdu(question, change),
  )
}

export function pdu(question: Question, change: Change = {}): Buffer {
  const value = change.value ?? ((oid: string) => int(valueAt(oid)))
  const pairs = (change.oids ?? question.oids).map((oid, index) =>
    tlv(0x30, name(oid), value(oid, index)),
  )
  return tlv(
    change.kind ?? 0xa2,
    int(change.id ?? question.id),
    int(change.status ?? 0),
    int(change.index ?? 0),
    tlv(0x30, ...pairs),
  )
}

type Node = { readonly tag: number; readonly body: Buffer }

function nodesOf(bytes: Buffer): Node[] {
  const nodes: Node[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0
    const short = bytes[at + 1] ?? 0
    const count = short < 128 ? 0 : short & 127
    const length = count === 0 ? short : bytes.readUIntBE(at + 2, count)
    const start = at + 2 + count
    nodes.push({ tag, body: bytes.subarray(start, start + length) })
    at = start + length
  }
  return nodes
}

const bodyOf = (node: Node | undefined): Buffer => node?.body ?? Buffer.alloc(0)
const numberOf = (node: Node | undefined): number => bodyOf(node).readIntBE(0, bodyOf(node).length)

function questionOf(bytes: Buffer, count: number): Question {
  const [version, second, third, data] = nodesOf(bodyOf(nodesOf(bytes)[0]))
  const isThree = numberOf(version) === 3
  const scoped = isThree ? nodesOf(bodyOf(data))[2] : third
  const [id, , , list] = nodesOf(bodyOf(scoped))
  return {
    version: numberOf(version),
    community: isThree ? '' : bodyOf(second).toString(),
    kind: scoped?.tag ?? 0,
    id: numberOf(id),
    oids: nodesOf(bodyOf(list)).map((pair) => oidOf(bodyOf(nodesOf(pair.body)[0]))),
    messageId: isThree ? numberOf(nodesOf(bodyOf(second))[0]) : 0,
    count,
  }
}

function oidOf(bytes: Buffer): string {
  const arcs: number[] = []
  let arc = 0
  for (const byte of bytes) {
    arc = arc * 128 + (byte & 127)
    if (byte < 128) {
      arcs.push(arc)
      arc = 0
    }
  }
  const [first = 0, ...rest] = arcs
  return [Math.floor(first / 40), first % 40, ...rest].join('.')
}
