import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { PairView, View } from '../../src/core/view.ts'
import { openBoard } from '../../src/serve/board.ts'
import { applyDelta, type Delta, differenceOf, trackDeltas } from '../../src/serve/delta.ts'
import { patched, patchOf } from '../../src/serve/patch.ts'
import { alarmOf, pairOf, proposedPair, unitOf, viewOf } from './view.ts'

const both = (intake: PairView, filters: PairView = pairOf('filters')): View =>
  viewOf({ pairs: [intake, filters] })
const aged = (ageMs: number): PairView =>
  pairOf('intake', {
    sentence: `intake: A primary, B standby, in sync ${ageMs} s; ready to switch to B.`,
    units: { A: unitOf('intake', 'A', { ageMs }), B: unitOf('intake', 'B') },
  })

const tagsWith = (a: string): PairView['tags'] => aged(0).tags.map((tag) => ({ ...tag, a }))

describe('the board', () => {
  it('shows the newest view and tells whoever follows', () => {
    const board = openBoard()
    assert.equal(board.current(), undefined)
    const seen: number[] = []
    board.changes.subscribe(({ revision }) => seen.push(revision))
    board.publish(viewOf({ cycle: 1 }))
    board.publish(viewOf({ cycle: 2 }))
    assert.deepEqual(seen, [1, 2])
    assert.equal(board.current()?.view.cycle, 2)
  })

  it('counts only a new cycle as a sign of life', () => {
    let nowMs = 0
    const board = openBoard(() => nowMs)
    board.publish(viewOf({ cycle: 1 }))
    nowMs = 500
    board.publish(viewOf({ cycle: 1 }))
    assert.equal(board.quietMs(), 500)
    board.publish(viewOf({ cycle: 2 }))
    assert.equal(board.quietMs(), 0)
  })
})

describe('deltas', () => {
  it('say nothing while nothing changes', () => {
    const tracker = trackDeltas(both(pairOf('intake')), 0)
    assert.equal(tracker.next(both(pairOf('intake')), 2, 60_000), undefined)
  })

  it('carry a change of role at once, and only the pair that it happened to', () => {
    const tracker = trackDeltas(both(pairOf('intake')), 0)
    const delta = tracker.next(both(pairOf('intake', { pairState: 'none primary' })), 2, 10)
    assert.deepEqual(Object.keys(delta?.pairs ?? {}), ['intake'])
    assert.equal(delta?.ups ?? delta?.alarms ?? delta?.supervisor, undefined)
    assert.equal(delta?.revision, 2)
  })

  it('carry an alarm at once', () => {
    const tracker = trackDeltas(viewOf(), 0)
    const delta = tracker.next(viewOf({ alarms: [alarmOf('intake.B lost')] }), 2, 10)
    assert.deepEqual(delta?.alarms, [alarmOf('intake.B lost')])
  })

  it('carry ages of an idle pair once a second, however fast the cycle is', () => {
    const tracker = trackDeltas(both(aged(0)), 0)
    const sentAtMs: number[] = []
    for (let nowMs = 100; nowMs <= 3_000; nowMs += 100) {
      if (tracker.next(both(aged(nowMs)), nowMs, nowMs) !== undefined) sentAtMs.push(nowMs)
    }
    assert.deepEqual(sentAtMs, [1_000, 2_000, 3_000])
  })

  it('carry a value of a tag at once, and nothing else of its pair', () => {
    const tracker = trackDeltas(both(aged(0)), 0)
    const [tag] = aged(0).tags
    assert.ok(tag)
    const moved = { ...aged(50), tags: [{ ...tag, a: '2.11' }] }
    const delta = tracker.next(both(moved), 2, 50)
    assert.deepEqual(delta?.moved, { intake: { tags: { 0: { a: ['2.11'] } } } })
    assert.equal(delta?.pairs, undefined)
    const shown = applyDelta(both(aged(0)), delta ?? assert.fail('nothing was sent'))
    assert.equal(shown.pairs[0]?.tags[0]?.a, '2.11')
    assert.equal(shown.pairs[0]?.units.A.ageMs, 0, 'ages wait')
    assert.equal(tracker.next(both(moved), 3, 60), undefined, 'and it is not sent twice')
  })

  it('carry the countdown of a proposal four times a second', () => {
    const tracker = trackDeltas(viewOf({ pairs: [proposedPair('S1')] }), 0)
    let sent = 0
    for (let nowMs = 50; nowMs <= 1_000; nowMs += 50) {
      const view = viewOf({ pairs: [proposedPair('S1', { expiresInMs: 60_000 - nowMs })] })
      if (tracker.next(view, nowMs, nowMs) !== undefined) sent += 1
    }
    assert.equal(sent, 4)
  })

  it('tell a value that moves by itself from one that means something', () => {
    assert.equal(differenceOf(aged(1), aged(2)), 'moved')
    assert.equal(differenceOf(aged(1), aged(1)), 'none')
    assert.equal(differenceOf(proposedPair('S1'), proposedPair('S2')), 'changed')
    assert.equal(differenceOf(pairOf('intake'), pairOf('intake', { ready: false })), 'changed')
    const { target: _, ...without } = pairOf('intake')
    assert.equal(differenceOf(pairOf('intake'), without), 'changed')
  })

  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
  it(`leave a screen that follows them with the newest view within a second (SEED=${seed})`, () => {
    const step = fc.record({
      waitMs: fc.integer({ min: 10, max: 600 }),
      ageMs: fc.integer({ min: 0, max: 9 }),
      value: fc.integer({ min: 0, max: 3 }),
      ready: fc.boolean(),
      alarms: fc.subarray(['a', 'b', 'c']),
      late: fc.integer({ min: 0, max: 3 }),
    })
    const follows = (steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]) => {
      const first = viewOf()
      const tracker = trackDeltas(first, 0)
      let screen = first
      let newest = first
      let nowMs = 0
      const send = (delta: Delta | undefined): void => {
        if (delta !== undefined) screen = applyDelta(screen, delta)
      }
      steps.forEach(({ waitMs, ageMs, value, ready, alarms, late }, index) => {
        nowMs += waitMs
        newest = viewOf({
          cycle: index + 2,
          pairs: [{ ...aged(ageMs), ready, tags: tagsWith(`2.1${value}`) }],
          alarms: alarms.map((id) => alarmOf(id)),
          supervisor: { ...first.supervisor, cycleLateMs: late },
        })
        send(tracker.next(newest, index, nowMs))
        assert.equal(screen.pairs[0]?.ready, ready)
        assert.equal(screen.pairs[0]?.tags[0]?.a, `2.1${value}`)
        assert.deepEqual(screen.alarms, newest.alarms)
      })
      send(tracker.next(newest, 0, nowMs + 1_000))
      assert.deepEqual({ ...screen, cycle: newest.cycle }, newest)
    }
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), follows), { seed, numRuns: 200 })
  })
  it(`make the one of the other, whatever they are, by way of JSON (SEED=${seed})`, () => {
    const follows = (before: unknown, after: unknown): void => {
      const patch = patchOf(before, after)
      if (patch === undefined) {
        assert.deepEqual(before, after)
        return
      }
      const kept = structuredClone(before)
      assert.deepEqual(patched(before, JSON.parse(JSON.stringify(patch))), after)
      assert.deepEqual(before, kept, 'what was there stays as it was')
    }
    const value = fc.jsonValue({ maxDepth: 4 }).map((one) => JSON.parse(JSON.stringify(one)))
    fc.assert(fc.property(value, value, follows), { seed, numRuns: 2_000 })
    const part = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.oneof(fc.nat(2), fc.array(fc.nat(1))),
      { noNullPrototype: true },
    )
    fc.assert(fc.property(part, part, follows), { seed, numRuns: 2_000 })
  })
})
