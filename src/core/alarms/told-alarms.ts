// What the journal tells of alarms, for a start: those that stood, what persons put aside or said, and how many there were lately.

import type { JournalRecord } from '../cycle.ts'
import { type AlarmKey, catalogue } from './alarm-catalogue.ts'
import {
  type Alarm,
  type AlarmMemory,
  newAlarmMemory,
  newRateMemory,
  partsOf,
  type Raise,
  type RateMemory,
  type Retired,
  type Shelf,
} from './alarm-memory.ts'
import { acknowledged, withComment } from './alarm-orders.ts'
import { countOne } from './rates.ts'
import type { SuppressorKey } from './suppressors.ts'
import { suppressors } from './suppressors.ts'

type Folded = {
  active: Record<string, Alarm>
  readonly shelved: Record<string, Shelf>
  readonly outOfService: Record<string, Retired>
  raises: Raise[]
  rates: RateMemory
  /** Wall times of the last 10 minutes before the record that is read. */
  recent: readonly number[]
}

const hourMs = 3_600_000
const weekMs = 7 * 24 * hourMs

/** The alarms with which the first cycle begins. What was suppressed and never announced is found anew. */
export function foldAlarms(
  records: readonly JournalRecord[],
  { nowMs, wallMs }: { readonly nowMs: number; readonly wallMs: number },
): AlarmMemory {
  const sinceWallMs = Math.max(records[0]?.wallMs ?? wallMs, wallMs - weekMs)
  const folded: Folded = {
    active: {},
    shelved: {},
    outOfService: {},
    raises: [],
    rates: newRateMemory(sinceWallMs),
    recent: [],
  }
  for (const record of records) {
    if (record.kind !== 'alarm') continue
    foldOne(folded, record)
    if (record.data.event === 'raised') foldRaise(folded, record, { nowMs, wallMs })
  }
  const { recent: _recent, ...told } = folded
  return { ...newAlarmMemory(wallMs), ...told }
}

function foldOne(folded: Folded, record: JournalRecord): void {
  const { data, actor, wallMs } = record
  const id = String(data.id)
  const reason = String(data.reason ?? '')
  switch (data.event) {
    case 'shelved':
      folded.shelved[id] = {
        ...{ by: actor, reason, untilWallMs: Number(data.untilWallMs) },
        ...(data.once === true && { once: true }),
      }
      break
    case 'unshelved':
      delete folded.shelved[id]
      break
    case 'out-of-service':
      folded.outOfService[id] = { by: actor, reason, wallMs }
      break
    case 'in-service':
      delete folded.outOfService[id]
      break
    default:
      foldAlarm(folded, id, record)
  }
}

function foldAlarm(folded: Folded, id: string, record: JournalRecord): void {
  const { active } = folded
  const { data, actor, wallMs } = record
  const known = active[id]
  if (data.event === 'raised' && String(data.key) in catalogue) active[id] = raisedFrom(record)
  if (known === undefined) return
  const comment = String(data.comment ?? '')
  switch (data.event) {
    case 'cleared':
      if (known.state === 'acknowledged') delete active[id]
      else active[id] = { ...known, state: 'returned', returnedWallMs: wallMs }
      break
    case 'acknowledged':
      folded.active = { ...acknowledged(active, known, actor, comment, wallMs) }
      break
    case 'commented':
      active[id] = withComment(known, { by: actor, text: comment, wallMs })
      break
    case 'suppressed':
      if (String(data.cause) in suppressors)
        active[id] = {
          ...known,
          suppressed: { cause: data.cause as SuppressorKey, by: String(data.by) },
        }
      break
    case 'unsuppressed': {
      const { suppressed: _gone, ...speaking } = known
      active[id] = speaking
      break
    }
    default:
      break
  }
}

const raisedFrom = ({ data, pair, wallMs, seq }: JournalRecord): Alarm => ({
  id: String(data.id),
  key: data.key as AlarmKey,
  source: String(data.source),
  ...(pair && { pair }),
  detail: String(data.detail ?? ''),
  state: 'unacknowledged',
  raisedWallMs: wallMs,
  seq,
  comments: [],
})

/** A wall clock may have been set meanwhile: what would lie ahead counts as now. */
function foldRaise(
  folded: Folded,
  { data, wallMs }: JournalRecord,
  now: { readonly nowMs: number; readonly wallMs: number },
): void {
  const id = String(data.id)
  const agoMs = Math.max(0, now.wallMs - wallMs)
  const isQuiet = folded.shelved[id] !== undefined || folded.outOfService[id] !== undefined
  if (agoMs <= hourMs)
    folded.raises.push({ id, atMs: now.nowMs - agoMs, ...(isQuiet && { quiet: true }) })
  if (agoMs > weekMs || isQuiet || partsOf(id)[1] === 'alarm-flood') return
  folded.recent = [...folded.recent.filter((atMs) => wallMs - atMs <= 10 * 60_000), wallMs]
  folded.rates = countOne(folded.rates, id, wallMs, folded.recent.length)
}
