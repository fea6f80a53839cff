// What the doors show of alarms: each with its words, its state as ISA-18.2 names it, and the root of its group.

import type { Plant } from '../plant.ts'
import { type AlarmEntry, type AlarmKey, catalogue } from './alarm-catalogue.ts'
import { type Alarm, type AlarmMemory, partsOf } from './alarm-memory.ts'
import { rootsOf } from './first-out.ts'
import type { AlarmState, AlarmView } from './shown.ts'

/** Worst and newest first. An alarm whose record is not durable yet is not shown as raised. */
export function alarmViews(
  memory: AlarmMemory,
  plant: Plant,
  durable: number,
  journalFault: string | undefined,
): readonly AlarmView[] {
  const alarms = Object.values(memory.active)
  const roots = rootsOf(alarms, plant)
  const shown = alarms
    .filter((alarm) => alarm.seq <= durable || journalFault !== undefined)
    .map((alarm) => viewOf(memory, alarm, plant, roots.get(alarm.id)))
  return [...shown, ...idleViews(memory, plant)].sort(byUrgency)
}

function viewOf(
  memory: AlarmMemory,
  alarm: Alarm,
  plant: Plant,
  under: string | undefined,
): AlarmView {
  const { id, key, detail, suppressed } = alarm
  const { condition } = catalogue[key]
  return {
    ...wordsOf(id, key, plant),
    ...(alarm.pair && { pair: alarm.pair }),
    state: stateOf(memory, alarm),
    active: alarm.state !== 'returned',
    acknowledged: alarm.state === 'acknowledged',
    condition: detail === '' ? condition : `${condition}: ${detail}`,
    raisedWallMs: alarm.raisedWallMs,
    ...(alarm.returnedWallMs !== undefined && { returnedWallMs: alarm.returnedWallMs }),
    ...(alarm.acknowledgedBy !== undefined && { acknowledgedBy: alarm.acknowledgedBy }),
    ...(suppressed && { suppressed: { by: suppressed.by } }),
    ...asideOf(memory, id),
    ...(under !== undefined && { under }),
    comments: alarm.comments,
  }
}

/** What a person put aside and does not stand now: it has to be seen that it would not ring. */
function idleViews(memory: AlarmMemory, plant: Plant): readonly AlarmView[] {
  const { active, shelved, outOfService } = memory
  const ids = new Set([...Object.keys(outOfService), ...Object.keys(shelved)])
  return [...ids].flatMap((id): readonly AlarmView[] => {
    const [source, key] = partsOf(id)
    if (active[id] !== undefined || !Object.hasOwn(catalogue, key)) return []
    const pair = plant.pairs.find(({ name }) => source.split(/[ .]/)[0] === name)?.name
    return [
      {
        ...wordsOf(id, key as AlarmKey, plant),
        ...(pair && { pair }),
        state: outOfService[id] === undefined ? 'shelved' : 'out of service',
        active: false,
        acknowledged: true,
        raisedWallMs: outOfService[id]?.wallMs ?? 0,
        ...asideOf(memory, id),
        comments: [],
      },
    ]
  })
}

function wordsOf(id: string, key: AlarmKey, plant: Plant) {
  const entry: AlarmEntry = catalogue[key]
  const { priority, condition, consequence, action } = entry
  return {
    id,
    key,
    source: partsOf(id)[0],
    priority,
    latched: entry.latched === true,
    condition,
    consequence,
    action,
    runbook: `${plant.alarms.runbooks}${key}.md`,
  }
}

const asideOf = (
  { shelved, outOfService }: AlarmMemory,
  id: string,
): Pick<AlarmView, 'shelved' | 'outOfService'> => ({
  ...(shelved[id] && { shelved: shelved[id] }),
  ...(outOfService[id] && { outOfService: outOfService[id] }),
})

/** What hides it most counts: a person's lasting order, then design, then a shelf. */
function stateOf(
  { shelved, outOfService }: AlarmMemory,
  { id, state, suppressed }: Alarm,
): AlarmState {
  if (outOfService[id] !== undefined) return 'out of service'
  if (suppressed !== undefined) return 'suppressed'
  return shelved[id] === undefined ? state : 'shelved'
}

const stateRank: Readonly<Record<AlarmState, number>> = {
  unacknowledged: 0,
  returned: 1,
  acknowledged: 2,
  shelved: 3,
  'out of service': 4,
  suppressed: 5,
}

const byUrgency = (one: AlarmView, other: AlarmView): number =>
  stateRank[one.state] - stateRank[other.state] ||
  one.priority - other.priority ||
  other.raisedWallMs - one.raisedWallMs
