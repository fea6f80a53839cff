// What the next shift has to know, made from the records of the journal and from what is shown now: what happened, like things put
// together, and what stands. Pure.

import { type AlarmView, isAsking } from '../core/alarms/shown.ts'
import type { JournalRecord } from '../core/cycle.ts'
import { unitIds } from '../core/plant.ts'
import type { PairView, View } from '../core/view.ts'

export type Happened = {
  readonly what: What
  readonly text: string
  readonly by: string
  readonly pair?: string
  /** The newest record of it, and when that was. */
  readonly seq: number
  readonly wallMs: number
  /** How often it happened; the text is that of the last time. */
  readonly count: number
}
type What =
  | 'switchover'
  | 'proposal'
  | 'override'
  | 'role'
  | 'alarm'
  | 'put aside'
  | 'lockout'
  | 'out of service'
  | 'held'
  | 'flapping'
  | 'log-in'
  | 'start'
  | 'configuration'

export type HandoverReport = {
  /** Oldest first, by the last time that it happened. */
  readonly happened: readonly Happened[]
  readonly standing: {
    readonly alarms: readonly AlarmLine[]
    readonly putAside: readonly AlarmLine[]
    readonly lockouts: readonly {
      readonly pair: string
      readonly by: string
      readonly reason: string
    }[]
    readonly outOfService: readonly {
      readonly unit: string
      readonly by: string
      readonly reason: string
    }[]
    /** Pairs that are not ready to switch, each with its sentence. */
    readonly notReady: readonly { readonly pair: string; readonly sentence: string }[]
    readonly prompts: readonly { readonly pair: string; readonly id: string }[]
    /** Standbys that no switchover has proved for longer than 92 days, or never as far as is known. */
    readonly unproven: readonly { readonly pair: string; readonly lastProvenWallMs?: number }[]
  }
}
type AlarmLine = {
  readonly id: string
  readonly priority: number
  readonly state: string
  readonly text: string
  readonly by?: string
  readonly reason?: string
}

/** A quarter: what has not switched for so long is hoped to work, not known to. */
const provenForMs = 92 * 24 * 3_600_000

/** `records`: those since the last handover, oldest first. */
export function handoverReport(view: View, records: readonly JournalRecord[]): HandoverReport {
  const { alarms, pairs } = view
  return {
    happened: happenedIn(records),
    standing: {
      alarms: alarms.filter(isAsking).map(alarmLine),
      putAside: alarms
        .filter(({ shelved, outOfService }) => shelved !== undefined || outOfService !== undefined)
        .map(alarmLine),
      lockouts: pairs.flatMap(({ name: pair, lockout }) =>
        lockout ? [{ pair, by: lockout.by, reason: lockout.reason }] : [],
      ),
      outOfService: pairs.flatMap(({ units }) =>
        unitIds.flatMap((unit) => {
          const { outOfService, device } = units[unit]
          return outOfService ? [{ unit: device, ...outOfService }] : []
        }),
      ),
      notReady: pairs
        .filter(({ ready }) => !ready)
        .map(({ name: pair, sentence }) => ({ pair, sentence })),
      prompts: pairs.flatMap(({ name: pair, switchover }) =>
        switchover?.phase === 'proposed' ? [{ pair, id: switchover.id }] : [],
      ),
      unproven: pairs.flatMap((pair) => unproven(pair, view.wallMs)),
    },
  }
}

function unproven({ name: pair, lastEnded }: PairView, wallMs: number) {
  const proven = lastEnded.filter(({ outcome }) => outcome === 'done')
  const last = Math.max(...proven.map(({ endedWallMs }) => endedWallMs))
  if (wallMs - last <= provenForMs) return []
  return [{ pair, ...(Number.isFinite(last) && { lastProvenWallMs: last }) }]
}

function alarmLine({ id, priority, state, source, condition, shelved, outOfService }: AlarmView) {
  const aside = shelved ?? outOfService
  const text = `${source}: ${condition}`
  return { id, priority, state, text, ...(aside && { by: aside.by, reason: aside.reason }) }
}

function happenedIn(records: readonly JournalRecord[]): readonly Happened[] {
  const found = new Map<string, Happened>()
  let digest: unknown
  for (const record of records) {
    const changed = record.kind === 'start' && isOther(digest, record.data.configDigest)
    if (record.kind === 'start') digest = record.data.configDigest
    for (const what of whatOf(record, changed)) put(found, what, record)
  }
  return [...found.values()].sort((one, other) => one.seq - other.seq)
}

const isOther = (before: unknown, now: unknown): boolean => before !== undefined && before !== now

function put(found: Map<string, Happened>, what: What, record: JournalRecord): void {
  const { seq, wallMs, actor: by, pair, data } = record
  const text =
    what === 'configuration' ? 'another plant file is in use since this start' : record.text
  // An alarm that came again and again is one line.
  const key = `${what} ${what === 'alarm' ? String(data.id) : text}`
  const count = (found.get(key)?.count ?? 0) + 1
  found.set(key, { what, text, by, ...(pair !== undefined && { pair }), seq, wallMs, count })
}

function whatOf({ kind, data, text }: JournalRecord, configChanged: boolean): readonly What[] {
  switch (kind) {
    case 'ended':
      return ['switchover']
    case 'phase':
      return Array.isArray(data.overrides) && data.overrides.length > 0 ? ['override'] : []
    case 'proposal':
    case 'role':
    case 'lockout':
    case 'held':
    case 'flapping':
      return [kind]
    case 'out-of-service':
      return ['out of service']
    case 'alarm':
      if (data.event === 'raised') return ['alarm']
      return aside.includes(String(data.event)) ? ['put aside'] : []
    case 'access':
      return /^\S+ (logged in|opened a desk|made the first account)/.test(text) ? ['log-in'] : []
    case 'start':
      return configChanged ? ['start', 'configuration'] : ['start']
    default:
      return []
  }
}

const aside: readonly string[] = ['shelved', 'unshelved', 'out-of-service', 'in-service']
