// The SNMP driver against an agent that answers wrongly on purpose: what is believed, and what is said about the rest.

import assert from 'node:assert/strict'
import { randomFrom } from '../chance.ts'
import { seed, until } from './devices.ts'
import { good, int, pdu, type Question, type Reply, text, tlv } from './snmp-hostile-agent.ts'
import { charge, detailOf, hostileUps, rightly, runtime } from './snmp-rig.ts'

describe('a UPS over SNMP', () => {
  const rig = hostileUps()

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
      const asking = rig.open()
      rig.agent.answer = answer
      const scan = await asking.read(true)
      assert(detailOf(scan).startsWith(expected), detailOf(scan))
      assert(!detailOf(scan).includes('site-community'))
      rig.agent.answer = (question) => [good(question)]
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
      rig.agent.answer = answer
      assert.equal(detailOf(await rig.open({}, 1000).read(true)), JSON.stringify(rightly))
    })
  }

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
  const signed = () =>
    ({ version: '3', user: 'watch', auth: 'sha', authFile: rig.authFile }) as const
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
      rig.agent.answer = (asked) => [asked.oids.length === 0 ? report(asked) : forgery(asked)]
      const scan = await rig.open({ access: signed() }).read(true)
      assert(detailOf(scan).startsWith(expected), detailOf(scan))
      assert(rig.agent.questions.length >= 2)
    })
  }

  it(`shows no value of another question, however answers are late, lost and mixed (SEED=${seed})`, async () => {
    const random = randomFrom(seed)
    const older: Buffer[] = []
    // Every answer tells which question it is for.
    rig.agent.answer = (asked) => {
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
    const asking = rig.open({}, 25)
    let believed = 0
    for (let reading = 0; reading < 150; reading++) {
      const scan = await asking.read(true)
      if (scan.kind === 'failed') continue
      believed++
      const { count } = rig.agent.questions.at(-1) ?? { count: 0 }
      assert.deepEqual(scan.values, { charge: count * 2, runtime: count * 2 + 1 })
    }
    assert(believed > 5, `only ${believed} answers`)
  })
  it('leaves one socket behind three hundred failed readings, and none when closed', async () => {
    const sockets = () => process.getActiveResourcesInfo().filter((one) => one === 'UDPWrap').length
    const before = sockets()
    const asking = rig.open({}, 3)
    rig.agent.answer = (asked) => (asked.count > 300 ? [good(asked)] : [])
    for (let reading = 0; reading < 300; reading++) {
      assert.equal((await asking.read(true)).kind, 'failed')
    }
    await until('an answer', async () => (await asking.read(true)).kind === 'answered')
    await until('the old sockets are gone', () => sockets() <= before + 1)
    await asking.close()
    await until('the last socket is gone', () => sockets() <= before)
  })
  it('is not asked again while a question is out, and leaves nothing behind when closed', async () => {
    const asking = rig.open({}, 5000)
    rig.agent.answer = () => []
    const first = asking.read(true)
    assert.equal(detailOf(await asking.read(true)), 'not-asked: the last reading is still out')
    await until('the question is out', () => rig.agent.questions.length > 0)
    await asking.close()
    assert.equal(detailOf(await first), 'connection-lost: closed')
    assert.equal(detailOf(await asking.read(true)), 'unreachable: closed')
  })
})
