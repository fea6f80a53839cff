// One switchover of a random pair, foretold and then judged by the truth of the practice plant: the real step and excursion of each
// tag, measured as the report defines them, beside the interval of the forecast that the operator saw.

import type { Evidence } from '../../src/core/view.ts'
import { cycle, order, pairOf, type Rig } from '../core/rig.ts'
import type { BumpPlant, Instant } from './bump-plant.ts'
import { limits } from './bump-plant.ts'

/** One figure of one tag: what was foretold, what the report found, what really was. */
export type Judged = {
  readonly what: string
  readonly low: number
  readonly middle: number
  readonly high: number
  readonly reported: number
  readonly actual: number
}

/** The cycles of the rig, with a journal that syncs in every so many of them only. */
export function pass({ rig, syncEvery }: BumpPlant, ms: number): void {
  const untilMs = rig.nowMs + ms
  for (let count = 0; rig.nowMs < untilMs; count++) {
    rig.syncing = count % syncEvery === 0
    cycle(rig)
  }
}

function passUntil(plant: BumpPlant, done: (rig: Rig) => boolean, what: string): void {
  for (let count = 0; count < 2000; count++) {
    if (done(plant.rig)) return
    pass(plant, plant.rig.plant.cycleMs * plant.syncEvery)
  }
  throw new Error(`never ${what}: ${pairOf(plant.rig, 'intake').sentence}`)
}

/** Orders a switchover and waits for the evidence that a person would judge. */
export function propose(plant: BumpPlant): Evidence {
  const { rig } = plant
  passUntil(plant, () => pairOf(rig, 'intake').ready, 'ready')
  const to = pairOf(rig, 'intake').target ?? 'B'
  const body = { kind: 'prepare', pair: 'intake', to, reason: 'drill', dryRun: false } as const
  order(rig, 'anna', { ...body, overrides: [] })
  const open = () => pairOf(rig, 'intake').switchover?.evidence
  pass(plant, rig.plant.cycleMs)
  passUntil(plant, () => open() !== undefined, 'proposed')
  const evidence = open()
  if (evidence === undefined) throw new Error('no evidence')
  return evidence
}

/** Carries the proposal out and judges it. */
export function confirmAndJudge(plant: BumpPlant): readonly Judged[] {
  const { rig, truth, random } = plant
  pass(plant, 12_000 * random())
  const view = pairOf(rig, 'intake').switchover
  const evidence = view?.evidence
  if (view === undefined || evidence === undefined)
    throw new Error(`the proposal is gone: ${pairOf(rig, 'intake').lastEnded[0]?.text}`)
  const begins = truth.length
  const person = { typedName: 'intake', reason: 'drill', reauthenticated: true }
  const named = { switchover: view.id, evidenceHash: evidence.hash }
  order(rig, 'anna', { kind: 'confirm', ...named, ...person })
  const ended = () => pairOf(rig, 'intake').lastEnded.find(({ id }) => id === view.id)
  passUntil(plant, () => ended()?.report?.state === 'complete', 'measured')
  const report = ended()?.report
  const startMs = firstOperateMs(rig, view.id)
  const actual = bumpOf(truth, begins, startMs, rig)
  return (evidence.forecast ?? []).flatMap(({ name, step, excursion }) => {
    const found = report?.tags.find((tag) => tag.name === name)
    const real = name === 'LEVEL.PV' ? actual.level : actual.valve
    if (step === undefined || excursion === undefined || found === undefined) return []
    return [
      { what: `${name} step`, ...step, reported: found.step ?? 0, actual: real.step },
      {
        what: `${name} excursion`,
        ...excursion,
        reported: found.excursion ?? 0,
        actual: real.excursion,
      },
    ]
  })
}

/** When the first OPERATE was handed out. */
function firstOperateMs(rig: Rig, id: string): number {
  const intents = rig.records.filter(
    ({ kind, data }) => kind === 'operate-intent' && data.id === id,
  )
  const seqs = intents.map(({ seq }) => seq)
  const sent = rig.seen.find(({ output }) =>
    output.commands.some(({ intentSeq }) => seqs.includes(intentSeq)),
  )
  if (sent === undefined) throw new Error('no OPERATE left')
  return sent.atMs
}

/** The report's own definitions, applied to the truth: steps within one burst period, distances from the line before. */
function bumpOf(truth: readonly Instant[], begins: number, startMs: number, rig: Rig) {
  const pair = rig.plant.pairs[0]
  const { scanMs = 200, burstMs = 50, policy } = pair ?? {}
  const settleMs = 1000 * (policy?.settleS ?? 2)
  const free = truth.findIndex(({ driver }, index) => index >= begins && driver === 'nobody')
  const taken = truth.findIndex(({ driver }, index) => index > free && driver !== 'nobody')
  const overMs = (truth[taken]?.atMs ?? startMs) + settleMs
  const fitMs = Math.max(2000, 5 * scanMs)
  // The line and the steps are those between instants of reading; the truth of these instants is the plant's own.
  const sparseMs = Math.max(scanMs, 200)
  const before = truth.filter(
    ({ atMs }) => atMs > startMs - fitMs && atMs <= startMs && atMs % sparseMs === 0,
  )
  const during = truth.filter(({ atMs }) => atMs >= startMs && atMs <= overMs)
  const judge = (of: (one: Instant) => number) => {
    const line = lineOf(before.map((one) => [(one.atMs - startMs) / 1000, of(one)]))
    let step = 0
    let excursion = 0
    during.forEach((one, index) => {
      const earlier = during[index - burstMs / 10]
      if (earlier !== undefined && one.atMs % burstMs === 0)
        step = Math.max(step, Math.abs(of(one) - of(earlier)))
      excursion = Math.max(excursion, Math.abs(of(one) - line((one.atMs - startMs) / 1000)))
    })
    return { step, excursion }
  }
  return { level: judge((one) => one.levelPct), valve: judge((one) => one.valvePct) }
}

function lineOf(points: readonly (readonly [number, number])[]): (t: number) => number {
  const mean = (of: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const t0 = mean(([t]) => t)
  const v0 = mean(([, v]) => v)
  const slope = mean(([t, v]) => (t - t0) * (v - v0)) / mean(([t]) => (t - t0) ** 2)
  return (t) => v0 + slope * (t - t0)
}

/** Time until the tank really leaves its limits when nobody drives the valve any more, ms; undefined when it does not. */
export function leftAlone(plant: BumpPlant, longestMs: number): number | undefined {
  const { rig, truth } = plant
  const fromMs = rig.nowMs
  while (rig.nowMs - fromMs < longestMs) {
    cycle(rig)
    const out = truth.findLast(({ tankPct }) => tankPct > limits.high || tankPct < limits.low)
    if (out !== undefined) {
      const first = truth.find(
        ({ atMs, tankPct }) => atMs > fromMs && (tankPct > limits.high || tankPct < limits.low),
      )
      return (first?.atMs ?? out.atMs) - fromMs
    }
  }
  return undefined
}
