// One run: a pair with tags of one kind, polled over one network, first sound, then with a fault in the standby. The product judges
// it through the same function as in production; the other methods get the same polls.

import type { Answered, DeviceImage } from '../../src/core/image.ts'
import type { Pair } from '../../src/core/plant.ts'
import { judgeSync } from '../../src/core/sync/judge-sync.ts'
import { newSyncMemory } from '../../src/core/sync/sync-memory.ts'
import { evidenceOf } from '../../src/core/sync/verdict.ts'
import { type Random, randomFrom } from '../chance.ts'
import { samplePair } from '../core/sync/sample-pair.ts'
import { gridNames, newGrid } from './sync-grid.ts'
import { type Poll, pollMs, type Regime, roundsOf } from './sync-polls.ts'
import { type Fault, type Kind, ownSensor, scanMs, signalOf } from './sync-signals.ts'

/** Thresholds that are tried in one and the same run. */
export const thresholds = [6, 8, 10, 12, 16]
/** Levels of evidence below a threshold of 12: what share of its time does a sound tag spend there? */
export const levels = [1.5, 3, 6, 8, 10]
/** Names of all methods: the grid first, then ours. */
export const methods: readonly string[] = [...gridNames, ...thresholds.map((h) => `h=${h}`)]

/** 900 samples that were compared, with the ones that were lost on the way: on the WAN every third says nothing. */
export const calibrationS = 1800

export type Run = {
  readonly kind: Kind
  readonly regime: Regime
  readonly seconds: number
  readonly tags: number
  readonly seed: number
  readonly fault?: Fault
  /** Without the other methods: for long campaigns. */
  readonly alone?: boolean
}
/** For each method: alarms after the calibration, and for each tag the time from the first wrong value to the first one, ms. */
export type Result = {
  readonly alarms: readonly number[]
  /** Samples after the calibration, and in how many of them the evidence on a tag stood at each of `levels` or higher. */
  readonly samples: number
  readonly above: readonly number[]
  readonly firstMs: readonly (readonly number[])[]
}

export function play(run: Run): Result {
  const random = randomFrom(run.seed)
  const pair = samplePair(run.kind, run.tags, pollMs)
  const plant = plantOf(run, pair, random)
  const rounds = roundsOf(run, random)
  const alarms = methods.map(() => 0)
  const firstMs = Array.from({ length: run.tags }, () =>
    methods.map(() => Number.POSITIVE_INFINITY),
  )
  const faultMs = 5000 + (calibrationS + 10 * random()) * 1000
  const wrongMs = run.fault === undefined ? [] : plant.wrongFromMs(faultMs)
  const note = (tag: number, method: number, nowMs: number): void => {
    const startMs = run.fault ? (wrongMs[tag] ?? faultMs) : 5000 + calibrationS * 1000
    if (nowMs < startMs) return
    alarms[method] = (alarms[method] ?? 0) + 1
    const mine = firstMs[tag]
    if (mine) mine[method] = Math.min(mine[method] ?? 0, nowMs - startMs)
  }
  const grids = run.alone ? [] : pair.tags.map(newGrid)
  const armed = pair.tags.map(() => thresholds.map(() => true))
  const fresh = newSyncMemory(pair, 0)
  const highest = Math.max(...thresholds)
  let memory = { ...fresh, settings: { ...fresh.settings, threshold: highest } }
  let measuring = false
  let samples = 0
  const above = levels.map(() => 0)
  for (const { A, B } of rounds) {
    const nowMs = Math.max(A.receivedMs, B.receivedMs)
    // A setting that alarms all the time would otherwise have no false alarm.
    if (!measuring && run.fault === undefined && nowMs >= 5000 + calibrationS * 1000) {
      measuring = true
      for (const [tag, grid] of grids.entries())
        for (const method of grid.standing()) note(tag, method, nowMs)
    }
    const scans = {
      A: A.lost ? undefined : plant.read(A, 'A', faultMs),
      B: B.lost ? undefined : plant.read(B, 'B', faultMs),
    }
    const images = { A: imageOf(scans.A), B: imageOf(scans.B) }
    memory = judgeSync(memory, pair, images, 'A', nowMs).memory
    for (const [index, evidence] of memory.tags.entries()) {
      const tests = memory.tests[index]
      if (tests === undefined) continue
      const found = evidenceOf(evidence, tests)
      if (measuring) {
        samples += 1
        for (const [at, level] of levels.entries())
          if (found >= level) above[at] = (above[at] ?? 0) + 1
      }
      for (const [at, h] of thresholds.entries()) {
        const ready = armed[index]
        if (ready?.[at] && found > h) note(index, gridNames.length + at, nowMs)
        if (ready) ready[at] = ready[at] ? found <= h : found < h / 4
      }
      if (scans.A === undefined || scans.B === undefined || run.alone) continue
      const mismatch = differs(run.kind, scans.A.values, scans.B.values, pair.tags[index]?.name)
      for (const method of grids[index]?.take(mismatch) ?? []) note(index, method, nowMs)
    }
  }
  // A tag that went wrong too late to be watched for 300 s says nothing.
  const watchedMs = 5000 + run.seconds * 1000 - 300_000
  const watched = firstMs.filter((_, tag) => (wrongMs[tag] ?? 0) <= watchedMs)
  return { alarms, samples, above, firstMs: watched }
}

/** Each tag goes wrong at a time of its own: what one lost poll does to one of them says nothing about the others. */
const faultMsOf = (firstMs: number, tag: number): number => firstMs + 7100 * tag

/** The usual tolerance of such comparisons: two steps of a moving value. */
function differs(
  kind: Kind,
  a: Answered['values'],
  b: Answered['values'],
  name: string | undefined,
): boolean {
  const difference = Math.abs(Number(a[`tag:${name}`]) - Number(b[`tag:${name}`]))
  const apart = kind === 'counter' ? Math.min(difference, 65_536 - difference) : difference
  return kind === 'discrete' || kind === 'setpoint' ? apart !== 0 : apart > 2
}

const imageOf = (scan: Answered | undefined): DeviceImage => ({ scans: scan ? [scan] : [] })

function plantOf({ kind, seconds, fault, seed }: Run, pair: Pair, random: Random) {
  const scans = Math.ceil(((seconds + 10) * 1000) / scanMs)
  const primary = pair.tags.map(() => signalOf(kind, scans, random))
  const own = kind === 'analog-own-sensor'
  const standby = own ? primary.map((signal) => ownSensor(signal, random)) : primary
  // A sensor of its own follows at once; what is copied comes 20 to 90 ms later, another time in each run.
  const lagScans = own ? 0 : 2 + (seed % 8)
  const brokenAt = (signal: Float64Array, faultMs: number): number => {
    const since = Math.floor(faultMs / scanMs)
    for (let scan = since; scan < signal.length; scan++) {
      const copied = scan - lagScans
      if (fault?.value(signal, copied, since) !== signal[Math.max(0, copied)]) return scan * scanMs
    }
    return Number.POSITIVE_INFINITY
  }
  const read = ({ sentMs, receivedMs, takenMs }: Poll, unit: 'A' | 'B', firstFaultMs: number) => {
    const scan = Math.floor(takenMs / scanMs)
    const values: Record<string, number> = {}
    for (const [index, tag] of pair.tags.entries()) {
      const faultMs = faultMsOf(firstFaultMs, index)
      const broken = fault !== undefined && unit === 'B' && takenMs >= faultMs ? fault : undefined
      const signal = (unit === 'A' ? primary : standby)[index] ?? new Float64Array()
      const copied = unit === 'A' ? scan : scan - lagScans
      const since = Math.floor(faultMs / scanMs)
      values[`tag:${tag.name}`] = broken?.value(signal, copied, since) ?? signal[copied] ?? 0
    }
    const answered: Answered = {
      kind: 'answered',
      sentMs,
      receivedMs,
      path: 'lan',
      sample: true,
      values,
    }
    return answered
  }
  /** When the standby's value was first wrong, ms: for a stuck one that is when the primary first moves away. */
  const wrongFromMs = (firstMs: number) =>
    pair.tags.map((_, index) =>
      brokenAt(standby[index] ?? new Float64Array(), faultMsOf(firstMs, index)),
    )
  return { read, wrongFromMs }
}
