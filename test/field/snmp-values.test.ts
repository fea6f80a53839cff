// What an SNMP agent may show, and what becomes of objects and alarms that it does not.

import assert from 'node:assert/strict'
import type { Value } from '../../src/core/image.ts'
import type { SnmpSignal } from '../../src/core/plant.ts'
import { good, int, name, text, tlv, valueAt } from './snmp-hostile-agent.ts'
import { charge, detailOf, hostileUps, mib, other, runtime } from './snmp-rig.ts'
import { snmpSignal } from './ups-devices.ts'

describe('an object of a UPS over SNMP', () => {
  const rig = hostileUps()

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
      const asking = rig.open({
        signals: [snmpSignal('charge', { oid: charge, ...options }), other],
      })
      rig.agent.answer = (asked) => [
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
    rig.agent.answer = (asked) => [asked.oids.length > 6 ? good(asked, { status: 1 }) : good(asked)]
    const asking = rig.open({ signals: many })
    const scan = await asking.read(true)
    assert(scan.kind === 'answered', detailOf(scan))
    assert.deepEqual(scan.values, allOf)
    const before = rig.agent.questions.length
    assert((await asking.read(true)).kind === 'answered')
    const sizes = rig.agent.questions.slice(before).map(({ oids }) => oids.length)
    assert.deepEqual([Math.max(...sizes), sizes.length], [5, 10])
  })
  it('lacks one object alone when it refuses a whole request for it', async () => {
    const odd = many[17]?.oid ?? ''
    rig.agent.answer = (asked) => [
      asked.oids.includes(odd) ? good(asked, { status: 2, index: 1 }) : good(asked),
    ]
    const scan = await rig.open({ signals: many }).read(true)
    assert(scan.kind === 'answered', detailOf(scan))
    assert.deepEqual(scan.values, { ...allOf, s17: { unknown: 'refused by the UPS: NoSuchName' } })
  })
  it('fails when it refuses every object', async () => {
    rig.agent.answer = (asked) => [good(asked, { status: 16 })]
    const detail = 'exception: the agent refuses every object: AuthorizationError'
    assert.equal(detailOf(await rig.open().read(true)), detail)
  })
  it('has unknown alarms when its table of alarms runs in a circle', async () => {
    const column = `${mib}.6.2.1.2`
    const signals = [snmpSignal('lost', { type: 'bool', oid: `${column}#${mib}.6.3.20` })]
    rig.agent.answer = (asked) => [
      asked.kind === 0xa0
        ? good(asked, { value: () => int(3, 0x42) })
        : good(asked, { oids: [`${column}.7`], value: () => name(`${mib}.6.3.20`) }),
    ]
    const scan = await rig.open({ signals }).read(true)
    assert(scan.kind === 'answered', detailOf(scan))
    assert.deepEqual(scan.values, { lost: { unknown: 'its table of alarms makes no sense' } })
    assert(rig.agent.questions.length <= 4)
  })
  it('has no bits, and no alarms outside the table of alarms', () => {
    assert.throws(() => rig.open({ signals: [snmpSignal('x', { type: 'bit' })] }), /no bit/)
    assert.throws(
      () => rig.open({ signals: [snmpSignal('x', { oid: 'upsStatus.0' })] }),
      /not a numeric/,
    )
    const elsewhere = snmpSignal('x', { type: 'bool', oid: `${charge}#${runtime}` })
    assert.throws(() => rig.open({ signals: [elsewhere] }), /lists alarms/)
  })
})
