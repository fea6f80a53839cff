// The SNMP driver against an agent that answers wrongly on purpose: what is believed, and what is said about the rest.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Scan, Value } from '../../src/core/image.ts'
import type { SnmpPath, SnmpSignal } from '../../src/core/plant.ts'
import type { Driver } from '../../src/field/driver.ts'
import { snmpDriver } from '../../src/field/snmp/driver.ts'
import { randomFrom, seed, until } from './devices.ts'
import {
  good,
  HostileAgent,
  int,
  name,
  pdu,
  type Question,
  type Reply,
  text,
  tlv,
  valueAt,
} from './snmp-hostile-agent.ts'
import { clock, secretIn, snmpPath, snmpSignal, upsDevice } from './ups-devices.ts'

const mib = '1.3.6.1.2.1.33.1'
const charge = `${mib}.2.4.0`
const runtime = `${mib}.2.3.0`
const two: readonly SnmpSignal[] = [
  snmpSignal('charge', { oid: charge }),
  snmpSignal('runtime', { oid: runtime }),
]
const rightly = { charge: valueAt(charge), runtime: valueAt(runtime) }

describe('a UPS over SNMP', () => {
  let folder = ''
  let agent: HostileAgent
  let port = 0
  let driver: Driver | undefined
  let communityFile = ''
  let authFile = ''
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bumpless-snmp-'))
    communityFile = await secretIn(folder, 'community', 'site-community')
    authFile = await secretIn(folder, 'auth', 'a signing secret')
  })
  after(() => rm(folder, { recursive: true, force: true }))
  beforeEach(async () => {
    agent = new HostileAgent()
    port = await agent.open()
  })
  afterEach(async () => {
    await driver?.close()
    agent.close()
  })
  const open = (options: Partial<SnmpPath> = {}, timeoutMs = 300): Driver => {
    const access = { version: '2c', communityFile } as const
    const way = snmpPath(port, { access, signals: two, ...options })
    driver = snmpDriver(upsDevice({ timeoutMs }), clock, way)
    return driver
  }
  const detailOf = (scan: Scan): string =>
    scan.kind === 'failed' ? `${scan.fault}: ${scan.detail}` : JSON.stringify(scan.values)

  const onlyCounts = 'bad-answer: no answer that counts within 300 ms, only'
  const silent = 'timeout: no answer within 300 ms (an agent is silent'
  const misshapen = `${onlyCounts} a message that is not shaped as SNMP says`
  const noMessage = `${onlyCounts} bytes that are no SNMP message`
  const bad: [string, (question: Question) => readonly Reply[], string][] = [
    ['no answer', () => [], silent],
    ['garbage', () => [Buffer.from('GET / HTTP/1.1')], noMessage],
    ['nothing in an answer', () => [Buffer.alloc(0)], noMessage],
    ['a cut answer', (asked) => [good(asked).subarray(0, -3)], noMessage],
    ['bytes behind the answer', (asked) => [Buffer.concat([good(asked), Buffer.of(0)])], noMessage],
    ['the answer to another question', (asked) => [good(asked, { id: asked.id + 1 })], silent],
    ['an answer from elsewhere', (asked) => [{ bytes: good(asked), elsewhere: true }], silent],
    [
      'another version',
      (asked) => [good(asked, { version: 0 })],
      `${onlyCounts} another SNMP version`,
    ],
    [
      'another community',
      (asked) => [good(asked, { community: 'x' })],
      'bad-answer: an answer with another community',
    ],
    [
      'a question for an answer',
      (asked) => [good(asked, { kind: 0xa0 })],
      `${onlyCounts} a message that is no answer`,
    ],
    [
      'other objects',
      (asked) => [good(asked, { oids: [...asked.oids].reverse() })],
      'bad-answer: an answer about other objects',
    ],
    [
      'an object too few',
      (asked) => [good(asked, { oids: [charge] })],
      'bad-answer: an answer about other objects',
    ],
    [
      'an object too many',
      (asked) => [good(asked, { oids: [...asked.oids, charge] })],
      'bad-answer: an answer about other objects',
    ],
    ['a negative error', (asked) => [good(asked, { status: -1 })], misshapen],
    [
      'a number of five bytes',
      (asked) => [good(asked, { value: () => tlv(2, Buffer.from([1, 0, 0, 0, 5])) })],
      noMessage,
    ],
    [
      'a gauge beyond 32 bits',
      (asked) => [good(asked, { value: () => tlv(0x42, Buffer.from([1, 0, 0, 0, 5])) })],
      noMessage,
    ],
    ['a number without bytes', (asked) => [good(asked, { value: () => tlv(2) })], noMessage],
    [
      'a type that SNMP does not have',
      (asked) => [good(asked, { value: () => tlv(0x0a, Buffer.of(1)) })],
      noMessage,
    ],
    ['an endless nesting', () => [Buffer.from('3080'.repeat(40), 'hex')], noMessage],
    // The library lets a name wrap around at 32 bits, which makes this one look like the one that was asked for.
    [
      'a name that wraps around',
      (asked) => [good(asked, { oids: [`1.3.6.1.2.1.33.1.2.${4 + 2 ** 32}.0`, runtime] })],
      noMessage,
    ],
    [
      'an address of three bytes',
      (asked) => [good(asked, { value: () => tlv(0x40, Buffer.of(1, 2, 3)) })],
      noMessage,
    ],
    [
      'no list of objects',
      (asked) => [tlv(0x30, int(1), text('site-community'), tlv(0xa2, int(asked.id)))],
      misshapen,
    ],
  ]
  for (const [title, answer, expected] of bad) {
    it(`is not believed with ${title}`, async () => {
      const asking = open()
      agent.answer = answer
      const scan = await asking.read(true)
      assert(detailOf(scan).startsWith(expected), detailOf(scan))
      assert(!detailOf(scan).includes('site-community'))
      agent.answer = (question) => [good(question)]
      assert.equal(detailOf(await asking.read(true)), JSON.stringify(rightly))
    })
  }

  const harmless: [string, (question: Question) => readonly Reply[]][] = [
    ['twice', (asked) => [good(asked), good(asked)]],
    ['behind garbage', (asked) => [Buffer.from('x'), good(asked).subarray(1), good(asked)]],
    [
      'behind the answer to another question',
      (asked) => [good(asked, { id: 5, value: () => int(1) }), good(asked)],
    ],
    [
      'behind a false one from elsewhere',
      (asked) => [
        { bytes: good(asked, { value: () => int(1) }), elsewhere: true },
        { bytes: good(asked), afterMs: 30 },
      ],
    ],
  ]
  for (const [title, answer] of harmless) {
    it(`is read when the answer comes ${title}`, async () => {
      agent.answer = answer
      assert.equal(detailOf(await open({}, 1000).read(true)), JSON.stringify(rightly))
    })
  }

  const values: [string, Partial<SnmpSignal>, Buffer, Value][] = [
    ['a negative number', {}, int(-5), -5],
    ['a gauge', { type: 'uint32' }, int(2 ** 32 - 1, 0x42), 2 ** 32 - 1],
    ['a counter of 64 bits', { type: 'uint64' }, int(2 ** 40, 0x46), 2 ** 40],
    [
      'a counter that is too large',
      { type: 'uint64' },
      tlv(0x46, Buffer.from('7fffffffffffffff', 'hex')),
      { unknown: 'is too large to be exact' },
    ],
    ['a named number', { names: { 3: 'on mains' } }, int(3), 'on mains'],
    [
      'a number without a name',
      { names: { 3: 'on mains' } },
      int(1),
      { unknown: 'reads 1, has no name' },
    ],
    [
      'a number that means not known',
      { unknownWhen: [-1] },
      int(-1),
      { unknown: 'reads -1, which means not known' },
    ],
    [
      'a number outside its type',
      { type: 'uint16' },
      int(-1),
      { unknown: 'reads -1, outside 0 to 65535' },
    ],
    ['a scaled number', { scale: 0.1 }, int(229), 22.9],
    ['a truth', { type: 'bool' }, int(1), true],
    ['an untruth', { type: 'bool' }, int(2), false],
    [
      'neither truth nor untruth',
      { type: 'bool' },
      int(0),
      { unknown: 'reads 0, expected 1 for true or 2 for false' },
    ],
    ['a text', { type: 'string' }, text('Acme '), 'Acme'],
    ['an object name', { type: 'string' }, name(charge), charge],
    ['an address', { type: 'string' }, tlv(0x40, Buffer.of(10, 1, 0, 20)), '10.1.0.20'],
    ['a text for a number', {}, text('97'), { unknown: 'is a text, expected a number' }],
    ['a number for a text', { type: 'string' }, int(97), { unknown: 'reads 97, expected a text' }],
    [
      'no text at all',
      { type: 'string' },
      tlv(4, Buffer.of(7, 8)),
      { unknown: 'is not readable text' },
    ],
    ['nothing', {}, tlv(5), { unknown: 'has no value' }],
    ['an object that it does not have', {}, tlv(0x80), { unknown: 'not reported by this UPS' }],
    ['a row that it does not have', {}, tlv(0x81), { unknown: 'not reported by this UPS' }],
    [
      'bytes without a meaning',
      {},
      tlv(0x44, Buffer.of(1)),
      { unknown: 'is of a type without a meaning' },
    ],
  ]
  for (const [title, options, value, expected] of values) {
    it(`may show ${title}, beside a value that is right`, async () => {
      const [, other] = two
      assert(other)
      const asking = open({ signals: [snmpSignal('charge', { oid: charge, ...options }), other] })
      agent.answer = (asked) => [
        good(asked, { value: (oid) => (oid === charge ? value : int(valueAt(oid))) }),
      ]
      const scan = await asking.read(true)
      assert(scan.kind === 'answered', detailOf(scan))
      assert.deepEqual(scan.values, { charge: expected, runtime: valueAt(runtime) })
    })
  }

  const many = Array.from({ length: 50 }, (_, index) =>
    snmpSignal(`s${index}`, { oid: `${mib}.9.${index}.0` }),
  )
  const allOf = Object.fromEntries(many.map(({ key, oid }) => [key, valueAt(oid)]))
  it('is asked for less at once when its answers cannot be that big, and from then on', async () => {
    agent.answer = (asked) => [asked.oids.length > 6 ? good(asked, { status: 1 }) : good(asked)]
    const asking = open({ signals: many })
    const scan = await asking.read(true)
    assert(scan.kind === 'answered', detailOf(scan))
    assert.deepEqual(scan.values, allOf)
    const before = agent.questions.length
    assert((await asking.read(true)).kind === 'answered')
    const sizes = agent.questions.slice(before).map(({ oids }) => oids.length)
    assert.deepEqual([Math.max(...sizes), sizes.length], [5, 10])
  })
  it('lacks one object alone when it refuses a whole request for it', async () => {
    const odd = many[17]?.oid ?? ''
    agent.answer = (asked) => [
      asked.oids.includes(odd) ? good(asked, { status: 2, index: 1 }) : good(asked),
    ]
    const scan = await open({ signals: many }).read(true)
    assert(scan.kind === 'answered', detailOf(scan))
    assert.deepEqual(scan.values, { ...allOf, s17: { unknown: 'refused by the UPS: NoSuchName' } })
  })
  it('fails when it refuses every object', async () => {
    agent.answer = (asked) => [good(asked, { status: 16 })]
    const detail = 'exception: the agent refuses every object: AuthorizationError'
    assert.equal(detailOf(await open().read(true)), detail)
  })
  it('has unknown alarms when its table of alarms runs in a circle', async () => {
    const column = `${mib}.6.2.1.2`
    const signals = [snmpSignal('lost', { type: 'bool', oid: `${column}#${mib}.6.3.20` })]
    agent.answer = (asked) => [
      asked.kind === 0xa0
        ? good(asked, { value: () => int(3, 0x42) })
        : good(asked, { oids: [`${column}.7`], value: () => name(`${mib}.6.3.20`) }),
    ]
    const scan = await open({ signals }).read(true)
    assert(scan.kind === 'answered', detailOf(scan))
    assert.deepEqual(scan.values, { lost: { unknown: 'its table of alarms makes no sense' } })
    assert(agent.questions.length <= 4)
  })

  /** The shape of a version 3 answer; the flags say what is signed and what is encrypted, 0 for nothing. */
  const three = (
    asked: Question,
    flags: number,
    inside: Buffer,
    signature = Buffer.alloc(0),
  ): Buffer => {
    const engine = tlv(4, Buffer.from('80000000ff01020304', 'hex'))
    const header = tlv(0x30, int(asked.messageId), int(65507), tlv(4, Buffer.of(flags)), int(3))
    const security = tlv(0x30, engine, int(1), int(100), text('watch'), tlv(4, signature), text(''))
    return tlv(0x30, int(3), header, tlv(4, security), tlv(0x30, engine, text(''), inside))
  }
  const report = (asked: Question): Buffer =>
    three(
      asked,
      0,
      pdu(asked, { kind: 0xa8, oids: ['1.3.6.1.6.3.15.1.1.4.0'], value: () => int(1, 0x41) }),
    )
  const signed = () => ({ version: '3', user: 'watch', auth: 'sha', authFile }) as const
  const forged: [string, (asked: Question) => Buffer, string][] = [
    [
      'is not signed at all',
      (asked) => three(asked, 0, pdu(asked)),
      `${onlyCounts} an answer without a signature`,
    ],
    [
      'has a false signature',
      (asked) => three(asked, 1, pdu(asked), Buffer.alloc(12, 7)),
      'bad-answer: an answer with a wrong signature',
    ],
    [
      'has a signature of no bytes',
      (asked) => three(asked, 1, pdu(asked)),
      'bad-answer: an answer with a wrong signature',
    ],
    ['is said to be encrypted and is not', (asked) => three(asked, 3, pdu(asked)), misshapen],
  ]
  for (const [title, forgery, expected] of forged) {
    it(`is not believed with an answer that ${title}, where answers must be signed`, async () => {
      agent.answer = (asked) => [asked.oids.length === 0 ? report(asked) : forgery(asked)]
      const scan = await open({ access: signed() }).read(true)
      assert(detailOf(scan).startsWith(expected), detailOf(scan))
      assert(agent.questions.length >= 2)
    })
  }

  it(`shows no value of another question, however answers are late, lost and mixed (SEED=${seed})`, async () => {
    const random = randomFrom(seed)
    const older: Buffer[] = []
    // Every answer tells which question it is for.
    agent.answer = (asked) => {
      const right = good(asked, { value: (oid) => int(asked.count * 2 + (oid === charge ? 0 : 1)) })
      const old = older[Math.floor(random() * older.length)] ?? right
      older.push(right)
      const ways: readonly (readonly Reply[])[] = [
        [right],
        [old, right],
        [right, right, old],
        [{ bytes: right, afterMs: 35 }],
        [old],
        [{ bytes: right, elsewhere: true }, old],
        [right.subarray(0, Math.floor(random() * right.length)), right],
      ]
      return ways[Math.floor(random() * ways.length)] ?? []
    }
    const asking = open({}, 25)
    let believed = 0
    for (let reading = 0; reading < 150; reading++) {
      const scan = await asking.read(true)
      if (scan.kind === 'failed') continue
      believed++
      const { count } = agent.questions.at(-1) ?? { count: 0 }
      assert.deepEqual(scan.values, { charge: count * 2, runtime: count * 2 + 1 })
    }
    assert(believed > 5, `only ${believed} answers`)
  })
  it('leaves one socket behind three hundred failed readings, and none when closed', async () => {
    const sockets = () => process.getActiveResourcesInfo().filter((one) => one === 'UDPWrap').length
    const before = sockets()
    const asking = open({}, 3)
    agent.answer = (asked) => (asked.count > 300 ? [good(asked)] : [])
    for (let reading = 0; reading < 300; reading++) {
      assert.equal((await asking.read(true)).kind, 'failed')
    }
    await until('an answer', async () => (await asking.read(true)).kind === 'answered')
    await until('the old sockets are gone', () => sockets() <= before + 1)
    await asking.close()
    await until('the last socket is gone', () => sockets() <= before)
  })
  it('is not asked again while a question is out, and leaves nothing behind when closed', async () => {
    const asking = open({}, 5000)
    agent.answer = () => []
    const first = asking.read(true)
    assert.equal(detailOf(await asking.read(true)), 'not-asked: the last reading is still out')
    await until('the question is out', () => agent.questions.length > 0)
    await asking.close()
    assert.equal(detailOf(await first), 'connection-lost: closed')
    assert.equal(detailOf(await asking.read(true)), 'unreachable: closed')
  })
  it('has no bits, and no alarms outside the table of alarms', () => {
    assert.throws(() => open({ signals: [snmpSignal('x', { type: 'bit' })] }), /no bit/)
    assert.throws(
      () => open({ signals: [snmpSignal('x', { oid: 'upsStatus.0' })] }),
      /not a numeric/,
    )
    const elsewhere = snmpSignal('x', { type: 'bool', oid: `${charge}#${runtime}` })
    assert.throws(() => open({ signals: [elsewhere] }), /lists alarms/)
  })
})
