import assert from 'node:assert/strict'
import type { TagRun, Track } from '../../../src/core/bump/bump-memory.ts'
import { gapOf } from '../../../src/core/bump/gap.ts'
import { lineThrough } from '../../../src/core/bump/line.ts'
import { gapText } from '../../../src/core/bump/report-text.ts'
import { isSettled, newTagRun, tagBump, takeSample } from '../../../src/core/bump/tag-run.ts'
import type { Tag } from '../../../src/core/tag.ts'

const tag: Tag = {
  name: 'VALVE.OUT',
  class: 'analog',
  tolerance: 1,
  units: '%',
  critical: false,
  bump: true,
}

/** A tag that rose by 0.5 a second up to 1000 ms, where it stood at 10. */
const times = [200, 400, 600, 800, 1000]
const track: Track = {
  lead: times.map((at) => 10 - (0.5 * (1000 - at)) / 1000),
  follow: [],
  drifts: [],
  slopes: [0.5],
}

const measured = (samples: readonly (readonly [number, number])[], handoverMs = 60_000): TagRun =>
  samples.reduce(
    (run, [at, value]) => takeSample(run, at, value, tag, at <= handoverMs),
    newTagRun(track, times, 2000, 1000),
  )

describe('measuring one tag through a switchover', () => {
  it('finds the largest step between consecutive samples, whichever way it goes', () => {
    const run = measured([
      [1050, 10],
      [1100, 10.2],
      [1150, 9.5],
      [1200, 9.6],
    ])
    assert.equal(tagBump(run, tag, 1000, false).step, 0.7)
  })

  it('counts an excursion from where the tag was heading, not from where it was', () => {
    const onTheWay = measured([
      [1500, 10.25],
      [2000, 10.5],
      [3000, 11],
    ])
    assert.equal(onTheWay.excursion?.toFixed(6), '0.000000')
    const held = measured([
      [2000, 10],
      [3000, 10],
    ])
    assert.equal(held.excursion?.toFixed(6), '1.000000')
  })

  it('takes the first sample for the reference when nothing was known of before', () => {
    const unknown = newTagRun({ ...track, lead: [], slopes: [] }, [], 2000, 1000)
    const run = takeSample(takeSample(unknown, 1100, 4, tag, true), 1200, 4.5, tag, true)
    assert.equal(run.excursion, 0.5)
    assert.equal(run.step, 0.5)
  })

  it('says nothing of step and excursion after the handover, but of the time outside', () => {
    const run = measured(
      [
        [1100, 10],
        [1200, 10],
        [1300, 14],
        [1800, 14],
        [2300, 10],
        [7400, 10],
      ],
      1250,
    )
    assert.equal(run.step, 0)
    assert.equal(run.outsideMs, 600)
    assert.ok(isSettled(run, 1200))
    assert.equal(tagBump(run, tag, 1000, true).settledMs, 800)
  })

  it('allows for the motion that is usual: only what is beyond tolerance and usual motion is outside', () => {
    const usual = measured([[3000, 11.9]])
    assert.equal(usual.lastOutsideMs, undefined)
    const more = measured([[3000, 12.1]])
    assert.equal(more.lastOutsideMs, 3000)
  })

  it('is settled only after 5 s inside, counted from the new primary at the earliest', () => {
    const inside = measured([
      [1100, 10],
      [6000, 10],
    ])
    assert.equal(isSettled(inside, 1000), true)
    assert.equal(isSettled(inside, 1001), false)
  })
})

describe('the time without an active unit', () => {
  const read = (at: number) => ({ sentMs: at, receivedMs: at + 10 })

  it('lies between what both changes prove at least and at most', () => {
    const gap = gapOf({
      lastPrimary: read(1000),
      firstNotPrimary: read(1050),
      lastStandby: read(1400),
      firstPrimary: read(1450),
    })
    assert.deepEqual(gap, { leastMs: 340, mostMs: 460 })
    assert.equal(gapText(gap), 'without an active unit for 0.3 s to 0.5 s')
  })

  it('is only a most when the old primary was lost: it may have been active until the last moment', () => {
    const gap = gapOf({
      lastPrimary: read(1000),
      lastStandby: read(9000),
      firstPrimary: read(9050),
    })
    assert.deepEqual(gap, { leastMs: 0, mostMs: 8060 })
    assert.equal(gapText(gap), 'without an active unit for at most 8.1 s')
  })

  it('is only a least when nobody was read as primary afterwards', () => {
    const gap = gapOf({
      lastPrimary: read(1000),
      firstNotPrimary: read(1050),
      lastStandby: read(5000),
    })
    assert.deepEqual(gap, { leastMs: 3940 })
  })

  it('is not known when no read tells of a change', () => {
    assert.equal(gapOf({ lastStandby: read(5000) }), undefined)
    assert.equal(gapText(undefined), 'how long there was no active unit is not known')
  })
})

describe('where a tag is heading', () => {
  it('is the line of least squares through its samples, as it stands at the end', () => {
    const line = lineThrough([0, 1000, 2000, 3000], [1, 3, 5, 7], 0, 3000)
    assert.equal(line?.value.toFixed(9), '7.000000000')
    assert.equal(line?.slope.toFixed(9), '2.000000000')
  })

  it('is not known from fewer than three samples, and unknown samples do not count', () => {
    assert.equal(lineThrough([0, 1000], [1, 3], 0, 1000), undefined)
    assert.equal(lineThrough([0, 1000, 2000], [1, null, 5], 0, 2000), undefined)
  })
})
