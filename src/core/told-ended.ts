// What the journal tells of a pair's last switchovers: how they ended and what they did to the process. A measurement that a restart
// cut off says so; it never looks complete.

import type { BumpReport } from './bump/bump-view.ts'
import { reportText } from './bump/report-text.ts'
import type { JournalRecord, Json } from './cycle.ts'
import type { Entry } from './ledger.ts'
import type { UnitId } from './plant.ts'
import type { EndedView, StepView, SwitchoverKind } from './view.ts'

/** The last switchovers that ended, newest first, and how long they left the process without control. */
export type ToldEnded = {
  readonly ended: readonly (EndedView & { readonly operated: boolean })[]
  readonly holdsMs: readonly number[]
}
export const newToldEnded = (): ToldEnded => ({ ended: [], holdsMs: [] })

const endedKept = 5
const holdsKept = 8

/** Takes in the record of an end. */
export function foldEnd(
  told: ToldEnded,
  { data, actor, wallMs }: Pick<JournalRecord, 'data' | 'actor' | 'wallMs'>,
): ToldEnded {
  const one = {
    id: String(data.id),
    kind: (data.kind ?? 'planned') as SwitchoverKind,
    ...(data.to !== undefined && { to: data.to as UnitId }),
    outcome: data.outcome as EndedView['outcome'],
    text: String(data.text ?? ''),
    endedWallMs: wallMs,
    by: actor,
    ...(data.confirmed !== undefined && {
      confirmed: data.confirmed as unknown as NonNullable<EndedView['confirmed']>,
    }),
    steps: (data.steps ?? []) as unknown as readonly StepView[],
    operated: data.operated === true || data.outcome === 'stopped',
  }
  return { ...told, ended: [one, ...told.ended].slice(0, endedKept) }
}

/** Takes in a report: it belongs to the switchover that it names. */
export function foldReport(told: ToldEnded, { data }: JournalRecord): ToldEnded {
  const report = data.report as unknown as BumpReport
  const holdsMs =
    typeof data.holdMs === 'number'
      ? [...told.holdsMs, data.holdMs].slice(-holdsKept)
      : told.holdsMs
  const ended = told.ended.map((one) => (one.id === data.id ? { ...one, report } : one))
  return { ended, holdsMs }
}

/** What the doors show again after a restart, and the record that says that the last measurement was cut off. */
export function endedAfterRestart(
  told: ToldEnded,
  pair: string,
): { readonly ended: readonly EndedView[]; readonly entries: readonly Entry[] } {
  const plain = told.ended.map(({ operated: _operated, ...one }): EndedView => one)
  const [first, ...others] = plain
  // Only the newest one can have been under measurement; older ones without a report stem from an older version.
  const open = first?.report === undefined || first.report.state === 'measuring'
  if (first === undefined || !open || told.ended[0]?.operated !== true)
    return { ended: plain, entries: [] }
  const report = cutOff(first.report)
  const data = { id: first.id, report: JSON.parse(JSON.stringify(report)) as Json }
  const entry: Entry = { kind: 'report', pair, text: `${first.id}: ${report.text}`, data }
  return { ended: [{ ...first, report }, ...others], entries: [entry] }
}

function cutOff(soFar: BumpReport | undefined): BumpReport {
  const why = 'the supervisor restarted before it was measured to its end'
  if (soFar === undefined) return { state: 'interrupted', text: why, tags: [], measuredMs: 0 }
  const { gap, tags, measuredMs } = soFar
  const text = `${why}; until then ${reportText(gap, tags, 'interrupted', measuredMs)}`
  return { ...soFar, state: 'interrupted', text }
}
