// What the supervisor makes of the habits of real UPS units: gateways with old values, zeros, flicker, battery tests, silence.

import assert from 'node:assert/strict'
import { upsConditions } from '../../src/core/alarms/conditions.ts'
import type { Scan, Value } from '../../src/core/image.ts'
import type { Ups } from '../../src/core/plant.ts'
import {
  judgeFeed,
  newUpsMemory,
  observeUps,
  type UpsFacts,
  upsFacts,
} from '../../src/core/power.ts'

const ups: Ups = { name: 'ups-1', device: 'ups-1', profile: 'any', scanMs: 1000, lostMs: 5000 }
type Values = Readonly<Record<string, Value>>

/** What is believed at `lastMs` of a UPS that is read every second. */
function play(story: (atMs: number) => Values | 'silent', lastMs: number): UpsFacts {
  let memory = newUpsMemory(0)
  for (let atMs = 1000; atMs <= lastMs; atMs += 1000) {
    const values = story(atMs)
    const common = { sentMs: atMs, receivedMs: atMs + 5, path: 'lan-1' }
    const scan: Scan =
      values === 'silent'
        ? { kind: 'failed', ...common, fault: 'timeout', detail: 'no answer' }
        : { kind: 'answered', ...common, sample: true, values }
    memory = observeUps(memory, { scans: [scan] })
  }
  return upsFacts(memory, ups, lastMs + 10)
}
const sound = (facts: UpsFacts) =>
  judgeFeed({ anyOf: [], allOf: ['ups-1'] }, { 'ups-1': facts }, 300).sound
const alarms = (facts: UpsFacts) => upsConditions('ups-1', facts).map(({ key }) => key)
const mains = (more: Values = {}): Values => ({
  state: 'on mains',
  charge_pct: 100,
  runtime_s: 1800,
  battery_low: false,
  ...more,
})
const battery = (more: Values = {}): Values => mains({ state: 'on battery', ...more })

describe('a UPS that is well', () => {
  it('is sound, and raises nothing', () => {
    const facts = play(() => mains(), 10_000)
    assert.deepEqual([facts.verdict, sound(facts), alarms(facts)], ['on mains', 'yes', []])
  })
})

describe('a UPS whose gateway serves old values', () => {
  it('is unknown when its heartbeat stands still', () => {
    const facts = play(() => mains({ heartbeat: 7 }), 10_000)
    assert.deepEqual([facts.verdict, facts.lost, sound(facts)], ['unknown', true, 'unknown'])
    assert.match(facts.sentence, /heartbeat still for/)
  })

  it('is unknown when the gateway says that it lost the UPS', () => {
    for (const comm_lost of [true, 1]) {
      const facts = play(() => mains({ comm_lost }), 2000)
      assert.deepEqual([facts.verdict, alarms(facts)], ['unknown', ['ups-lost']])
      assert.match(facts.sentence, /its gateway has lost the UPS/)
    }
  })

  it('is unknown when the gateway last heard it longer ago than a UPS may be silent', () => {
    assert.equal(play(() => mains({ age_s: 4 }), 2000).verdict, 'on mains')
    const facts = play(() => mains({ age_s: 6 }), 2000)
    assert.deepEqual([facts.verdict, facts.lost], ['unknown', true])
  })
})

describe('a UPS that answers nonsense', () => {
  it('is unknown, never sound, when its state is not known', () => {
    const state = { unknown: 'reads 0, has no name' }
    const facts = play(() => mains({ state }), 2000)
    assert.deepEqual([facts.verdict, sound(facts)], ['unknown', 'unknown'])
    assert.deepEqual(alarms(facts), ['ups-unknown'])
  })

  it('has no charge of 65535 % and no runtime of a year', () => {
    const facts = play(() => mains({ charge_pct: 65535, runtime_s: 32_000_000 }), 2000)
    assert.deepEqual([facts.chargePct, facts.runtimeS], [undefined, undefined])
  })

  it('on battery without a known runtime is unknown as a feed', () => {
    const runtime_s = { unknown: 'reads FFFF, which means not known' }
    assert.equal(sound(play(() => battery({ runtime_s }), 2000)), 'unknown')
  })
})

describe('a UPS that flickers', () => {
  it('counts as on battery until the mains have stood for three seconds', () => {
    const flicker = (atMs: number) => ((atMs / 1000) % 2 === 0 ? mains() : battery())
    for (let atMs = 2000; atMs <= 20_000; atMs += 1000) {
      assert.equal(play(flicker, atMs).verdict, 'on battery', `at ${atMs} ms`)
    }
    const back = (atMs: number) => (atMs < 5000 ? battery() : mains())
    assert.equal(play(back, 7000).verdict, 'on battery')
    assert.match(play(back, 7000).sentence, /mains back, not steady yet/)
    assert.equal(play(back, 8000).verdict, 'on mains')
  })

  it('is not lost while it answers now and then', () => {
    const story = (atMs: number) => ((atMs / 1000) % 4 === 0 ? mains() : 'silent')
    for (let atMs = 4000; atMs <= 40_000; atMs += 1000) {
      assert.equal(play(story, atMs).lost, false, `at ${atMs} ms`)
    }
  })
})

describe('a battery test', () => {
  it('raises no alarm for the seconds on battery, but the feed is judged by its runtime', () => {
    const facts = play(() => battery({ self_test: true, runtime_s: 60 }), 2000)
    assert.deepEqual([alarms(facts), sound(facts)], [[], 'no'])
    assert.match(facts.sentence, /battery test/)
  })

  it('raises no alarm for the short OFF at the start of a calibration', () => {
    assert.deepEqual(alarms(play(() => mains({ state: 'off', self_test: 1 }), 2000)), [])
    assert.deepEqual(alarms(play(() => mains({ state: 'off' }), 2000)), ['ups-off'])
  })
})

describe('a UPS that fell silent', () => {
  it('is unknown, and said to have been on mains', () => {
    const facts = play((atMs) => (atMs < 4000 ? mains() : 'silent'), 12_000)
    assert.deepEqual([facts.verdict, alarms(facts)], ['unknown', ['ups-lost']])
    assert.equal(facts.lostDetail, 'last seen on mains')
  })

  it('while on battery is assumed to be running out', () => {
    const facts = play((atMs) => (atMs < 4000 ? battery() : 'silent'), 12_000)
    assert.deepEqual([facts.verdict, sound(facts)], ['unknown', 'unknown'])
    assert.deepEqual(alarms(facts), ['ups-lost', 'ups-low'])
  })

  it('just after the mains came back is assumed to be running out too', () => {
    const story = (atMs: number) => (atMs < 4000 ? battery() : atMs < 6000 ? mains() : 'silent')
    assert.deepEqual(alarms(play(story, 14_000)), ['ups-lost', 'ups-low'])
  })
})
