// One cycle of a pair's bumps: learns while nothing happens, measures while a switchover operates and until the process has settled,
// and completes the report of the switchover, in the journal and on what the doors show.

import type { Json } from '../cycle.ts'
import type { Pair, Plant, UnitId } from '../plant.ts'
import type { PairCycle, SwitchoverMemory } from '../switchover/switchover-memory.ts'
import type { SyncMemory } from '../sync/sync-memory.ts'
import { type BumpMemory, type BumpRun, withHold } from './bump-memory.ts'
import type { BumpReport } from './bump-view.ts'
import { beginRun, type Images, isOver, reportOf, type Seen, takeScans } from './measure.ts'
import { begun, follow, trackTimes } from './tracks.ts'

export type Followed = { readonly bump: BumpMemory; readonly switchover: SwitchoverMemory }

/** Before the switchover is carried on: the samples of this cycle. */
export function learnBump(
  memory: BumpMemory,
  pair: Pair,
  { cycleMs }: Plant,
  primary: UnitId | undefined,
  images: Images,
  { newest }: SyncMemory,
): BumpMemory {
  const { run, watched } = memory
  const next = run ? { ...memory, run: takeScans(run, images, watched, pair) } : memory
  if (watched.length === 0) return next
  return follow(next, primary, newest, trackTimes(pair, cycleMs))
}

/** After it: begins, goes on or ends the measurement. */
export function followBump(
  before: SwitchoverMemory,
  after: SwitchoverMemory,
  cycle: PairCycle,
  seen: Seen,
): Followed {
  const { pair, input, roles, bump: memory } = cycle
  const began = after.current?.operated === true && before.current?.operated !== true
  if (began) return begin(memory, after, cycle, seen)
  const { run } = memory
  if (run === undefined) return { bump: memory, switchover: after }
  const ended = after.ended.find(({ id }) => id === run.switchover)
  if (ended === undefined) {
    // The driver says that no byte left: then nothing was operated and there is nothing to measure.
    const called = after.current?.id === run.switchover && !after.current.operated
    return { bump: called ? withoutRun(memory) : memory, switchover: after }
  }
  if (ended.outcome !== 'done' && ended.outcome !== 'stopped')
    return { bump: withoutRun(memory), switchover: after }
  const told = run.endedMs === undefined ? { ...run, endedMs: input.nowMs } : run
  const bump = { ...memory, run: told }
  const taken = run.reads.firstPrimary !== undefined && roles.primary === run.from
  if (taken) return complete(bump, after, cycle, 'interrupted')
  if (isOver(told, pair, input.nowMs)) return complete(bump, after, cycle, 'complete')
  if (ended.report !== undefined) return { bump, switchover: after }
  // What is known already is told at once, so that a restart does not lose it.
  const report = reportOf(told, memory.watched, 'measuring')
  record(cycle, run, report, `${run.switchover}, so far: ${report.text}`)
  return { bump, switchover: withReport(after, run, report) }
}

function begin(
  memory: BumpMemory,
  after: SwitchoverMemory,
  cycle: PairCycle,
  seen: Seen,
): Followed {
  const { current } = after
  const { units, input, pair, plant } = cycle
  if (current === undefined) return { bump: memory, switchover: after }
  const closed = memory.run
    ? complete(memory, after, cycle, 'interrupted')
    : { bump: memory, switchover: after }
  const answering = {
    A: units.A.presence === 'answering',
    B: units.B.presence === 'answering',
  }
  const times = trackTimes(pair, plant.cycleMs)
  const run = beginRun(closed.bump, current, seen, answering, times, input.nowMs)
  const tracks = begun(closed.bump.tracks, undefined)
  return { bump: { ...closed.bump, run, tracks }, switchover: closed.switchover }
}

/** Tells the report and forgets the measurement. */
function complete(
  memory: BumpMemory,
  switchover: SwitchoverMemory,
  cycle: PairCycle,
  state: 'complete' | 'interrupted',
): Followed {
  const { run } = memory
  if (run === undefined) return { bump: memory, switchover }
  const report = reportOf(run, memory.watched, state)
  const { leastMs, mostMs } = report.gap ?? {}
  const done = switchover.ended.find(({ id }) => id === run.switchover)?.outcome === 'done'
  // A hold is only usual when it was watched from its beginning to its end.
  const holdMs =
    done && leastMs !== undefined && leastMs > 0 && mostMs !== undefined
      ? Math.round((leastMs + mostMs) / 2)
      : undefined
  const cut = state === 'interrupted' ? 'measuring was interrupted; until then ' : ''
  record(cycle, run, report, `${run.switchover}: ${cut}${report.text}`, holdMs)
  const bump = withoutRun(holdMs === undefined ? memory : withHold(memory, holdMs))
  return { bump, switchover: withReport(switchover, run, report) }
}

function record(
  { ledger, pair }: PairCycle,
  { switchover: id }: BumpRun,
  report: BumpReport,
  text: string,
  holdMs?: number,
): void {
  const plain = JSON.parse(JSON.stringify(report)) as Json
  const data = { id, report: plain, ...(holdMs !== undefined && { holdMs }) }
  ledger.record({ kind: 'report', pair: pair.name, text, data })
}

const withReport = (
  memory: SwitchoverMemory,
  { switchover }: BumpRun,
  report: BumpReport,
): SwitchoverMemory => ({
  ...memory,
  ended: memory.ended.map((one) => (one.id === switchover ? { ...one, report } : one)),
})

function withoutRun(memory: BumpMemory): BumpMemory {
  const { run: _run, ...rest } = memory
  return rest
}
