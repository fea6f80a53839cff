// What the supervisor believes of a unit that is reached over two paths, and of a unit without our function block.

import assert from 'node:assert/strict'
import type { Answered, DeviceImage, PathReport, Value } from '../../src/core/image.ts'
import type { GateLimits, Unit } from '../../src/core/plant.ts'
import { newUnitMemory, observeUnit, type UnitFacts, unitFacts } from '../../src/core/presence.ts'

const limits: GateLimits = {
  lostMs: 1500,
  freshMs: 1000,
  heartbeatMs: 1000,
  syncDwellS: 30,
  coveragePct: 90,
  verdictAgeS: 30,
  upsRuntimeS: 300,
  scanTimeMsMax: 100,
  loadPctMax: 85,
  budgetMarginS: 5,
  requalifyS: 60,
  site: [],
}
const unit: Unit = {
  id: 'A',
  device: 'intake.A',
  number: 11,
  location: 'rack 1',
  power: { anyOf: [], allOf: [] },
}
const scanMs = 200

type Shown = Readonly<Record<string, Value>> | 'down'
/** What each path shows at a time; the first one that answers carries the unit. */
type Story = (atMs: number) => { readonly lan1: Shown; readonly lan2: Shown }

/** Plays a story in cycles of 100 ms and says what is believed at its end. */
function play(story: Story, lastMs: number): UnitFacts {
  let memory = newUnitMemory(0, 0, {})
  let facts: UnitFacts | undefined
  const newest: Record<string, Answered> = {}
  for (let nowMs = 100; nowMs <= lastMs; nowMs += 100) {
    const sentMs = nowMs - (nowMs % scanMs)
    const shown = Object.entries(story(sentMs))
    for (const [path, values] of shown) {
      if (values === 'down') continue
      newest[path] = {
        kind: 'answered',
        sentMs,
        receivedMs: sentMs + 5,
        path,
        sample: true,
        values,
      }
    }
    const carrier = shown.find(([, values]) => values !== 'down')?.[0]
    const paths = shown.map(([name, values]): PathReport => {
      const last = newest[name]
      return {
        name,
        carries: name === carrier,
        up: values !== 'down',
        changedMs: 0,
        lossPct: 0,
        ...(last !== undefined && { newest: last }),
      }
    })
    const scan = carrier === undefined ? undefined : newest[carrier]
    const image: DeviceImage = { scans: scan === undefined ? [] : [scan], paths }
    const seen = observeUnit(memory, image, unit, limits, nowMs)
    memory = seen.memory
    facts = unitFacts(memory, seen.reads, unit, limits, nowMs)
  }
  assert(facts !== undefined)
  return facts
}

const healthy = (atMs: number, more: Readonly<Record<string, Value>> = {}) => ({
  role: 'primary',
  identity: 'A',
  heartbeat: Math.floor(atMs / 10) & 0xffff,
  ...more,
})

describe('a unit whose redundancy is its maker’s own', () => {
  it('is believed by its role, identity and heartbeat without our status block', () => {
    const facts = play((atMs) => ({ lan1: healthy(atMs), lan2: 'down' }), 5000)
    assert.deepEqual([facts.presence, facts.role], ['answering', 'primary'])
    assert.equal(facts.status, undefined)
  })

  it('is a swapped address when it says that it is the other one', () => {
    const facts = play((atMs) => ({ lan1: healthy(atMs, { identity: 'B' }), lan2: 'down' }), 1000)
    assert.deepEqual(
      [facts.presence, facts.role, facts.presenceText],
      ['swapped', 'unknown', 'answers as unit B, not A: swapped address?'],
    )
  })

  it('is frozen when its heartbeat stands still, though it answers', () => {
    const facts = play(() => ({ lan1: healthy(0), lan2: 'down' }), 5000)
    assert.deepEqual([facts.presence, facts.role], ['frozen', 'unknown'])
  })

  it('has no heartbeat that could stand still when its profile knows none', () => {
    const facts = play(() => ({ lan1: { role: 'standby' }, lan2: 'down' }), 5000)
    assert.deepEqual([facts.presence, facts.role], ['answering', 'standby'])
    assert.equal(facts.heartbeatAgeMs, undefined)
  })

  it('has an unknown role when the signal is not known, and is not damaged by that', () => {
    const role = { unknown: 'reads 0, has no name' }
    const facts = play((atMs) => ({ lan1: healthy(atMs, { role }), lan2: 'down' }), 1000)
    assert.deepEqual([facts.presence, facts.role], ['answering', 'unknown'])
  })

  it('tells every reason against its readiness, and the ones that it does not know', () => {
    const more = {
      inhibit_application_mismatch: true,
      inhibit_link_down: false,
      notice_logic_mismatch_allowed: true,
      inhibit_sync_link: { unknown: 'not read' },
    }
    const facts = play((atMs) => ({ lan1: healthy(atMs, more), lan2: 'down' }), 1000)
    assert.deepEqual(facts.conditions, [
      'application mismatch',
      'logic mismatch allowed',
      'sync link not known',
    ])
  })
})

describe('a unit with two paths', () => {
  const both =
    (change: (atMs: number) => Shown): Story =>
    (atMs) => ({ lan1: healthy(atMs), lan2: change(atMs) })

  it('is believed while both tell the same', () => {
    const facts = play(
      both((atMs) => healthy(atMs)),
      10_000,
    )
    assert.deepEqual([facts.presence, facts.role], ['answering', 'primary'])
  })

  it('is unknown when they disagree on the role for longer than values stay fresh', () => {
    const story = both((atMs) => healthy(atMs, { role: atMs < 2000 ? 'primary' : 'standby' }))
    assert.equal(play(story, 2900).role, 'primary')
    const facts = play(story, 3300)
    assert.deepEqual([facts.presence, facts.role], ['disputed', 'unknown'])
    assert.equal(facts.presenceText, 'its paths disagree: lan1 says primary, lan2 says standby')
  })

  it('is not unknown when it changes its role and one path sees it a scan later', () => {
    const story: Story = (atMs) => ({
      lan1: healthy(atMs, { role: atMs < 2000 ? 'standby' : 'primary' }),
      lan2: healthy(atMs, { role: atMs < 2400 ? 'standby' : 'primary' }),
    })
    for (let atMs = 500; atMs < 5000; atMs += 100) {
      assert.equal(play(story, atMs).presence, 'answering', `at ${atMs} ms`)
    }
  })

  it('is unknown when the heartbeat stands still on one path and moves on the other', () => {
    const facts = play(
      both((atMs) => healthy(Math.min(atMs, 2000))),
      5000,
    )
    assert.deepEqual([facts.presence, facts.role], ['disputed', 'unknown'])
    assert.equal(facts.presenceText, 'the heartbeat stands still on lan2 and moves on lan1')
  })

  it('is not frozen, and so not taken for dead, when it is the carrying path that stands still', () => {
    const story: Story = (atMs) => ({ lan1: healthy(Math.min(atMs, 2000)), lan2: healthy(atMs) })
    for (let atMs = 500; atMs < 12_000; atMs += 100) {
      assert.notEqual(play(story, atMs).presence, 'frozen', `at ${atMs} ms`)
    }
    assert.equal(play(story, 12_000).presence, 'disputed')
  })

  it('is unknown when one path shows what the other saw seconds ago', () => {
    const facts = play(
      both((atMs) => healthy(Math.max(0, atMs - 2500))),
      8000,
    )
    assert.equal(facts.presence, 'disputed')
    assert.equal(facts.presenceText, 'lan2 shows an older heartbeat than lan1')
  })

  it('is unknown also when it is the carrying path that lags', () => {
    const story: Story = (atMs) => ({
      lan1: healthy(Math.max(0, atMs - 2500)),
      lan2: healthy(atMs),
    })
    assert.equal(play(story, 8000).presence, 'disputed')
  })

  it('is believed across the wrap of the heartbeat at 16 bits', () => {
    const late = 655_360 - 3000
    const story: Story = (atMs) => ({ lan1: healthy(atMs + late), lan2: healthy(atMs + late) })
    for (let atMs = 500; atMs < 6000; atMs += 100) {
      assert.equal(play(story, atMs).presence, 'answering', `at ${atMs} ms`)
    }
  })

  it('is believed when its program starts anew and the heartbeat begins at 0, whichever path sees it first', () => {
    for (const [first, second] of [
      [4000, 4200],
      [4200, 4000],
    ] as const) {
      const from = (startMs: number) => (atMs: number) =>
        healthy(atMs < startMs ? atMs + 100_000 : atMs - startMs)
      const story: Story = (atMs) => ({ lan1: from(first)(atMs), lan2: from(second)(atMs) })
      for (let atMs = 500; atMs < 8000; atMs += 100) {
        assert.equal(play(story, atMs).presence, 'answering', `at ${atMs} ms`)
      }
    }
  })

  it('is believed again as soon as the lying path is cut', () => {
    const story = both((atMs) => (atMs < 4000 ? healthy(0) : 'down'))
    assert.equal(play(story, 3500).presence, 'disputed')
    assert.equal(play(story, 4300).presence, 'answering')
  })

  it('is not disturbed by another unit behind the spare: that path counts for nothing', () => {
    const facts = play(
      both((atMs) => healthy(atMs, { identity: 'B', role: 'standby' })),
      5000,
    )
    assert.deepEqual([facts.presence, facts.role], ['answering', 'primary'])
  })
})
