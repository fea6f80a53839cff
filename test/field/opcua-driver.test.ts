import assert from 'node:assert/strict'
import { type Answered, isUnknown, type Scan } from '../../src/core/image.ts'
import type { Device } from '../../src/core/plant.ts'
import { type OpcUaDriver, opcuaDriver } from '../../src/field/opcua/driver.ts'
import { until } from './devices.ts'
import { nodeSignal, OpcUaRig, statusOf, statusSignal } from './opcua-rig.ts'

const clock = (): number => performance.now()
const level = (value: number) => ({ name: 'LEVEL', dataType: 11, value })
const levelSignal = nodeSignal('LEVEL', 'float64')

describe('a device over OPC UA', function () {
  this.timeout(60_000)
  let rig: OpcUaRig
  let driver: OpcUaDriver | undefined
  let startedMs = 0

  before(async () => {
    rig = await OpcUaRig.start()
  })
  beforeEach(async () => {
    await rig.order({ subscriptions: 'publish' })
    await rig.order({ set: [statusOf(100), level(12.5)] })
  })
  afterEach(async () => {
    await driver?.close()
    driver = undefined
  })
  after(() => rig.close())

  const connect = (
    signals = [statusSignal, levelSignal],
    options: Partial<Device> = {},
  ): OpcUaDriver => {
    const path = rig.path(signals)
    driver = opcuaDriver(rig.device(path, options), clock, path)
    return driver
  }
  /** Scans until one is as wanted. */
  const scanUntil = (
    what: string,
    wanted: (scan: Answered) => boolean = () => true,
    limitMs = 10_000,
  ): Promise<Answered> =>
    until(
      what,
      async () => {
        startedMs = clock()
        const scan: Scan | undefined = await driver?.read(true)
        return scan?.kind === 'answered' && wanted(scan) ? scan : undefined
      },
      limitMs,
    )
  /** The newest scan took a value from the subscription: it says a time before its own read. */
  const subscribed = ({ sentMs }: Answered): boolean => sentMs < startedMs
  const unknownOf = (scan: Answered, key: string): string => {
    const value = scan.values[key]
    assert.ok(isUnknown(value), `${key} is known: ${value}`)
    return value?.unknown ?? 'absent'
  }

  it('is read with values of every type', async () => {
    const words = Uint16Array.of(1, 2, 3)
    await rig.order({
      set: [
        { name: 'RUN', dataType: 1, value: true },
        { name: 'BYTE', dataType: 3, value: 200 },
        { name: 'SMALL', dataType: 4, value: -5 },
        { name: 'TOTAL', dataType: 9, value: [1, 5] },
        { name: 'RATIO', dataType: 10, value: 0.5 },
        { name: 'NAME', dataType: 12, value: 'intake' },
        { name: 'MODE', dataType: 6, value: 2 },
        { name: 'BLOCK', dataType: 5, arrayType: 1, value: words },
      ],
    })
    connect([
      nodeSignal('RUN', 'bool'),
      nodeSignal('BYTE', 'uint16', { scale: 0.1 }),
      nodeSignal('SMALL', 'int16'),
      nodeSignal('TOTAL', 'uint64'),
      nodeSignal('RATIO', 'float32'),
      nodeSignal('NAME', 'string'),
      nodeSignal('MODE', 'uint16', { names: { 2: 'automatic' } }),
      nodeSignal('MODE.1', 'bit', { node: 'ns=1;s=MODE', bit: 1 }),
      nodeSignal('BLOCK', 'words', { words: 3 }),
      nodeSignal('nowhere', 'float64'),
      nodeSignal('wrong', 'float64', { node: 'this is no NodeId' }),
    ])
    const truth = {
      RUN: true,
      BYTE: 20,
      SMALL: -5,
      TOTAL: 4294967301,
      RATIO: 0.5,
      NAME: 'intake',
      MODE: 'automatic',
      'MODE.1': true,
      BLOCK: [1, 2, 3],
    }
    for (const wanted of [(one: Answered) => !subscribed(one), subscribed]) {
      const scan = await scanUntil('a scan', wanted)
      const { nowhere: _nowhere, wrong: _wrong, ...rest } = scan.values
      assert.deepEqual(rest, truth)
      assert.match(unknownOf(scan, 'nowhere'), /BadNodeIdUnknown/)
      assert.match(unknownOf(scan, 'wrong'), /not a NodeId/)
    }
  })

  it('has no value where the status is bad or uncertain, in a read and in a subscription', async () => {
    connect()
    await scanUntil('the subscription', subscribed)
    for (const status of ['BadSensorFailure', 'UncertainLastUsableValue']) {
      await rig.order({
        set: [
          { ...level(13), status },
          { ...statusOf(1), status },
        ],
      })
      for (const key of ['LEVEL', 'status']) {
        await scanUntil(status, ({ values }) => {
          const value = values[key]
          return isUnknown(value) && value?.unknown.includes(status) === true
        })
      }
    }
    await rig.order({ set: [level(14)] })
    await scanUntil('the value again', ({ values }) => values.LEVEL === 14)
  })

  it('shows a change in the subscription, and its scans are never newer than they say', async () => {
    connect()
    await scanUntil('the subscription', subscribed)
    for (const value of [1, 2, 3, 4, 5]) {
      const changedMs = clock()
      await rig.order({ set: [level(value)] })
      const known = clock()
      // A scan that says a time after the change was known to be done must have it.
      const scan = await scanUntil('a scan from after the change', ({ sentMs }) => sentMs > known)
      assert.equal(scan.values.LEVEL, value)
      assert.ok(scan.sentMs > changedMs && scan.sentMs <= scan.receivedMs)
    }
    assert.equal(driver?.counters.differences, 0)
  })

  it('is read in full, with true times, while a switchover runs', async () => {
    const opened = connect()
    await scanUntil('the subscription', subscribed)
    const burst = await opened.read(false)
    assert.ok(burst.kind === 'answered' && !burst.sample && burst.values.LEVEL === 12.5)
    const beforeMs = clock()
    const sample = await opened.read(true)
    assert.ok(sample.kind === 'answered' && sample.sample)
    assert.ok(sample.sentMs >= beforeMs, 'the sample right after it is exact too')
  })

  it('is read when its subscription falls silent, within the time that is believed', async () => {
    const opened = connect()
    await scanUntil('the subscription', subscribed)
    const { fallbacks } = opened.counters
    await rig.order({ subscriptions: 'stall' })
    const stalledMs = clock()
    await scanUntil('the fallback', () => opened.counters.fallbacks > fallbacks, 3000)
    await rig.order({ set: [level(77)] })
    const scan = await scanUntil('the new value', ({ values }) => values.LEVEL === 77, 3000)
    assert.ok(scan.receivedMs - stalledMs < 1000, `it took ${scan.receivedMs - stalledMs} ms`)
    await rig.order({ subscriptions: 'publish' })
    await scanUntil('the subscription made anew', subscribed, 20_000)
    assert.ok(opened.counters.subscriptionRebuilds > 0)
    await rig.order({ set: [level(78)] })
    await scanUntil('a value of the new one', (one) => subscribed(one) && one.values.LEVEL === 78)
  })

  it('finds out a subscription that lives but does not tell, and makes it anew', async () => {
    const opened = connect()
    await scanUntil('the subscription', subscribed)
    await rig.order({ subscriptions: 'lie' })
    await rig.order({ set: [level(55)] })
    await scanUntil('the truth', ({ values }) => values.LEVEL === 55, 12_000)
    const scan = await scanUntil('the new one', (one) => subscribed(one), 12_000)
    assert.equal(scan.values.LEVEL, 55)
    assert.equal(opened.counters.differences, 1)
    assert.equal(opened.counters.subscriptionRebuilds, 1)
  })

  it('is read for good where the server makes no subscriptions', async () => {
    await rig.order({ subscriptions: 'refuse' })
    const opened = connect()
    await until('the refusal', async () => {
      await opened.read(true)
      return opened.counters.subscriptionRefusals === 1
    })
    await rig.order({ set: [level(31)] })
    const scan = await opened.read(true)
    assert.ok(scan.kind === 'answered' && scan.values.LEVEL === 31 && !subscribed(scan))
  })

  it('gives at a glance the few signals that show life, and what they derive', async () => {
    const opened = connect([statusSignal, nodeSignal('LEVEL', 'float64')], {
      glance: ['level is 12.5'],
      derived: [
        { key: 'level is 12.5', rules: [{ when: { LEVEL: 12.5 }, is: true }] },
        { key: 'both', rules: [{ when: { LEVEL: 12.5, status: 1 }, is: true }] },
      ],
    })
    const scan = await until('a glance', async () => {
      const one = await opened.glance()
      return one.kind === 'answered' && one
    })
    assert.deepEqual(scan.values, { LEVEL: 12.5, 'level is 12.5': true })
    assert.equal(scan.sample, false)
  })

  it('answers a second reading at once with "not asked" while the first is out', async () => {
    const opened = connect()
    await scanUntil('a scan')
    const [first, second] = await Promise.all([opened.read(true), opened.read(true)])
    assert.equal(first.kind, 'answered')
    assert.ok(second.kind === 'failed' && second.fault === 'not-asked')
  })
})

describe('a server that takes few nodes in one read', () => {
  it('is read in as many requests as it needs', async () => {
    const names = Array.from({ length: 25 }, (_one, at) => `N${at}`)
    const rig = await OpcUaRig.start({ readMax: 4 })
    const path = rig.path(names.map((name) => nodeSignal(name, 'uint16')))
    const driver = opcuaDriver(rig.device(path, { glance: ['N0'] }), clock, path)
    try {
      await rig.order({
        set: names.map((name, at) => ({ name, dataType: 5, value: at })),
      })
      const scan = await until('a scan', async () => {
        const one = await driver.read(false)
        return one.kind === 'answered' && one
      })
      assert.deepEqual(scan.values, Object.fromEntries(names.map((name, at) => [name, at])))
    } finally {
      await driver.close()
      await rig.close()
    }
  })
})
