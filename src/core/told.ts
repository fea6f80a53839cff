// What the journal tells of one pair, record by record: the switchover that was open, the OPERATEs whose outcome is missing, what
// persons left standing. rebuild.ts makes the first state of it.

import type { Action } from './block.ts'
import type { JournalRecord, Json } from './cycle.ts'
import type { UnitId } from './plant.ts'
import { type FitnessOfBoth, foldFitness } from './policy/fitness-told.ts'
import { newStandingMemory, type StandingMemory } from './standing.ts'
import type { Claim, LateUnit } from './switchover/exchange.ts'
import type { Stopped, SwitchoverMemory } from './switchover/switchover-memory.ts'
import type { Learned } from './sync/sync-memory.ts'
import { foldEnd, foldReport, newToldEnded, type ToldEnded } from './told-ended.ts'

/** An OPERATE whose intent stands in the journal; settled once its outcome does. */
export type Operate = {
  unit: UnitId
  action: Action
  claim: Claim
  seq: number
  settled: boolean
  /** The unit that a maker's command was to make primary. */
  makersCommand?: UnitId
}
export type Open = {
  id: string
  kind: string
  phase: string
  from?: UnitId
  to: UnitId
  failed?: UnitId
}
/** What the records tell of one pair. */
export type Told = {
  /** There was a supervisor before: this is a restart. */
  lived: boolean
  open?: Open
  operates: Operate[]
  stopped?: Stopped
  held?: string
  epochFloor: number
  claimed: Partial<Record<UnitId, number>>
  /** Program, firmware and configuration as last recorded. */
  carried: Partial<Record<UnitId, Record<string, number>>>
  /** What the sync tests found normal, by tag, as last recorded. */
  learned: Record<string, Learned>
  count: number
  switchedWallMs?: number
  standing: StandingMemory
  last: ToldEnded
  fitness: FitnessOfBoth
  /** The unit that was last seen as the only primary. */
  primary?: UnitId
  /** The unit from which the process was taken because it failed. */
  failback?: { readonly unit: UnitId; readonly after: string; readonly rejectedBy?: string }
  unanswered?: NonNullable<SwitchoverMemory['unanswered']>
}

export const newTold = (): Told => ({
  lived: false,
  operates: [],
  epochFloor: 0,
  claimed: {},
  carried: {},
  learned: {},
  count: 0,
  standing: newStandingMemory(),
  last: newToldEnded(),
  fitness: {},
})

/** Takes in one record of the pair. */
export function fold(told: Told, record: JournalRecord) {
  const { kind, data, actor, wallMs } = record
  switch (kind) {
    case 'phase':
      foldPhase(told, data)
      break
    case 'claim-intent':
      told.epochFloor = Math.max(told.epochFloor, number(data.epoch))
      break
    case 'operate-intent':
      told.operates.push({
        unit: data.unit as UnitId,
        action: data.makersCommand === undefined ? (data.action as Action) : 'GO_ACTIVE',
        claim: { epoch: number(data.epoch), owner: number(data.owner) },
        seq: number(data.seq),
        settled: false,
        ...(data.makersCommand !== undefined && { makersCommand: data.makersCommand as UnitId }),
      })
      break
    case 'identity':
      told.carried[data.unit as UnitId] = numbersOf(data)
      break
    case 'calibration':
      told.learned = data.tags as Record<string, Learned>
      break
    case 'outcome':
      foldOutcome(told, data, actor)
      break
    case 'ended':
      foldEnded(told, data, wallMs)
      told.last = foldEnd(told.last, record)
      // A person who said no has answered.
      if (actor !== 'supervisor') delete told.unanswered
      break
    case 'report':
      told.last = foldReport(told.last, record)
      break
    case 'held':
      if (data.held === true) told.held = String(data.why)
      else delete told.held
      break
    case 'lockout':
    case 'out-of-service':
      foldStanding(told, kind, data, { by: actor, reason: String(data.reason ?? ''), wallMs })
      break
    case 'flapping':
    case 'qualifying':
      told.fitness = foldFitness(told.fitness, { kind, data, wallMs })
      forgetNo(told, data)
      break
    case 'failback':
      foldFailback(told, data, actor)
      break
    case 'role':
      if (data.primary === 'A' || data.primary === 'B') told.primary = data.primary
      delete told.unanswered
      break
    case 'confirmation':
      delete told.unanswered
      break
    default:
      break
  }
}

function foldPhase(told: Told, data: JournalRecord['data']) {
  if (data.phase !== 'preparing') {
    if (told.open) told.open.phase = String(data.phase)
    return
  }
  told.count += 1
  told.epochFloor = Math.max(told.epochFloor, number(data.epoch))
  told.operates = told.operates.filter((one) => !one.settled)
  told.open = {
    id: String(data.id),
    kind: String(data.kind ?? 'planned'),
    phase: 'preparing',
    ...(data.from !== undefined && { from: data.from as UnitId }),
    to: data.to as UnitId,
    ...(data.failed !== undefined && { failed: data.failed as UnitId }),
  }
}

function foldFailback(told: Told, data: JournalRecord['data'], by: string) {
  if (data.event === 'opened')
    told.failback = { unit: data.unit as UnitId, after: String(data.after) }
  else if (data.event === 'ended') delete told.failback
  else if (told.failback) told.failback = { ...told.failback, rejectedBy: by }
}

/** The unit has failed once more: a no to the way back was about the time before. */
function forgetNo(told: Told, { event, unit }: JournalRecord['data']) {
  const { failback } = told
  if (event !== 'begun' || failback === undefined || failback.unit !== unit) return
  told.failback = { unit: failback.unit, after: failback.after }
}

function foldOutcome(told: Told, data: JournalRecord['data'], by: string) {
  const { fate } = data
  if (data.opcode === 'CLAIM' && fate === 'done')
    told.claimed[data.unit as UnitId] = number(data.epoch)
  if (fate === 'attested') {
    for (const one of told.operates) one.settled = true
    if (told.stopped) {
      const { mayActLate: _mayActLate, ...settled } = told.stopped
      told.stopped = { ...settled, attestedBy: by }
    }
  }
  const operate = data.opcode === 'OPERATE' || data.opcode === 'MAKER'
  if (!operate || fate === 'unknown' || fate === 'not judged') return
  for (const one of told.operates) {
    if (one.seq === data.seq && one.claim.epoch === data.epoch) one.settled = true
  }
}

function foldEnded(told: Told, data: JournalRecord['data'], wallMs: number) {
  const { open } = told
  delete told.open
  if (data.outcome === 'stopped') {
    told.stopped ??= stoppedFrom(String(data.text), open ?? { to: data.to as UnitId })
    const late = data.mayActLate as LateUnit | undefined
    if (late !== undefined) told.stopped = { ...told.stopped, mayActLate: late }
  }
  if (data.unanswered !== undefined)
    told.unanswered = data.unanswered as NonNullable<Told['unanswered']>
  if (data.outcome !== 'done') return
  delete told.unanswered
  delete told.stopped
  told.operates = []
  if (data.operated === true) told.switchedWallMs = wallMs
}

function foldStanding(
  told: Told,
  kind: 'lockout' | 'out-of-service',
  data: JournalRecord['data'],
  order: { by: string; reason: string; wallMs: number },
) {
  const { lockout, outOfService } = told.standing
  if (kind === 'lockout') {
    told.standing = { outOfService, ...(data.on === true && { lockout: order }) }
    return
  }
  const unit = data.unit as UnitId
  const { [unit]: _gone, ...others } = outOfService
  const next = data.on === true ? { ...others, [unit]: order } : others
  told.standing = { ...(lockout && { lockout }), outOfService: next }
}

export const stoppedFrom = (text: string, open: Pick<Open, 'from' | 'to' | 'failed'>): Stopped => ({
  text,
  ...(open.failed && { failed: open.failed }),
  ...(open.from && { from: open.from }),
  to: open.to,
})

const number = (value: Json | undefined): number => (typeof value === 'number' ? value : 0)

const numbersOf = (data: JournalRecord['data']): Record<string, number> =>
  Object.fromEntries(
    Object.entries(data).flatMap(([key, value]) =>
      typeof value === 'number' ? [[key, value]] : [],
    ),
  )
