// Asks the core what stands in the way of a switchover, on a copy of the last cycle: the rig itself does not move by it.

import { CONDITION } from '../../../plc-sim/wire.ts'
import { crc32 } from '../../../src/core/block.ts'
import type { Answer, Input, OrderBody } from '../../../src/core/cycle.ts'
import { matrix } from '../../../src/core/gates/readiness.ts'
import type { Answered, Scan, Value } from '../../../src/core/image.ts'
import type { Plant, UnitId } from '../../../src/core/plant.ts'
import type { State } from '../../../src/core/state.ts'
import { step } from '../../../src/core/step.ts'
import type { Obstacle } from '../../../src/core/view.ts'
import { cycle, newRig, person, type Rig } from '../rig.ts'

/** A rig of which the last cycle can be asked again. */
export type AskedRig = Rig & { last?: { readonly before: State; readonly input: Input } }

export function askedRig(change?: (plant: Plant) => Plant): AskedRig {
  const rig: AskedRig = newRig(change)
  rig.watch = (before, input) => {
    rig.last = { before, input }
  }
  return rig
}

/** What the order would have been answered, had it come in the last cycle. */
export function ask(rig: AskedRig, order: OrderBody, who = 'bert'): Answer {
  if (rig.last === undefined) throw new Error('no cycle has run')
  const { before, input } = rig.last
  const orders = [...input.orders, { ...order, id: 'asked', by: person(who) }]
  const { output } = step(before, { ...input, orders }, rig.plant)
  const answer = output.answers.find(({ orderId }) => orderId === 'asked')
  if (answer === undefined) throw new Error('no answer')
  // What is only asked when no person is to confirm stands in no answer to a person; every door shows it.
  const pair = output.view.pairs.find(({ name }) => 'pair' in order && name === order.pair)
  const told = answer.obstacles?.map(({ gate }) => gate) ?? []
  const besides = pair?.automatic?.obstacles.filter(({ gate }) => !told.includes(gate)) ?? []
  return { ...answer, obstacles: [...(answer.obstacles ?? []), ...besides] }
}

/** A dry run of what an order to make `to` primary would begin: planned, assisted or recovery, as the plant stands. */
export const switching = (to: UnitId = 'B', pair = 'intake', overrides: readonly string[] = []) =>
  ({ kind: 'prepare', pair, to, reason: 'asked', dryRun: true, overrides }) as const

export const resolving = (way: 'retry' | 'restore' | 'adopt'): OrderBody => ({
  kind: 'resolve',
  pair: 'intake',
  way,
  reason: 'asked',
})

/** The obstacle of one gate; undefined: it is met, overridden or not asked. */
export const obstacleOf = (answer: Answer, gate: string): Obstacle | undefined =>
  answer.obstacles?.find((one) => one.gate === gate)

/** As every door prints it. */
export const lineOf = ({ title, value, threshold, clearsWhen }: Obstacle): string =>
  `${title}: ${value} [needs ${threshold}; clears when ${clearsWhen}]`

export const gateIds = Object.keys(matrix) as (keyof typeof matrix)[]

/** The scan with other values; what is `undefined` is missing. */
export const withValues =
  (change: Readonly<Record<string, Value | undefined>>) =>
  (scan: Scan): Scan => {
    if (scan.kind === 'failed') return scan
    const values: Record<string, Value> = { ...scan.values }
    for (const [key, value] of Object.entries(change)) {
      if (value === undefined) delete values[key]
      else values[key] = value
    }
    return { ...scan, values }
  }

/** The scan with words of its status block changed, and the checksum made right again. */
export const withStatusWords =
  (change: (words: number[]) => void) =>
  (scan: Scan): Scan => {
    const words = statusOf(scan)
    if (words === undefined || scan.kind === 'failed') return scan
    change(words)
    const crc = crc32(words.slice(0, 20))
    words.splice(20, 2, crc >>> 16, crc & 0xffff)
    return { ...scan, values: { ...scan.values, status: words } }
  }

/** The scan without one of the conditions that its status block shows. */
export const withoutCondition = (name: keyof typeof CONDITION) =>
  withStatusWords((words) => {
    words[14] = (words[14] ?? 0) & ~CONDITION[name]
  })

/** The scan with a status block of which one bit was turned on the way. */
export const withoutChecksum = (scan: Scan): Scan => {
  const words = statusOf(scan)
  if (words === undefined || scan.kind === 'failed') return scan
  words[21] = (words[21] ?? 0) ^ 1
  return { ...scan, values: { ...scan.values, status: words } }
}

function statusOf(scan: Scan): number[] | undefined {
  const status = (scan as Answered).values?.status
  return Array.isArray(status) ? [...(status as readonly number[])] : undefined
}

/** Runs until the gate is met for the order; how long that took, ms. */
export function untilMet(rig: AskedRig, order: OrderBody, gate: string, limitMs: number): number {
  const fromMs = rig.nowMs
  while (obstacleOf(ask(rig, order), gate) !== undefined) {
    if (rig.nowMs - fromMs >= limitMs) throw new Error(`"${gate}" is not met after ${limitMs} ms`)
    cycle(rig)
  }
  return rig.nowMs - fromMs
}
