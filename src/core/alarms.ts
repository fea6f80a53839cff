// Alarms after the practice of ISA-18.2: raised by a condition, acknowledged by a person, cleared only by the condition. The
// catalogue below is the single place where their words and priorities stand. A cleared alarm that nobody has seen stays visible.

import type { AlarmState, AlarmView, Order } from './cycle.ts'
import type { Ledger } from './ledger.ts'

type Entry = {
  readonly priority: 1 | 2 | 3 | 4
  readonly condition: string
  readonly consequence: string
  readonly action: string
  /** The condition must stand this long, ms. */
  readonly delayMs?: number
  /** Stays raised until it is acknowledged, and stands against a planned switchover until then. */
  readonly blocks?: true
  /** Raised by an event of one cycle; cleared by acknowledging it. */
  readonly latched?: true
}

export const catalogue = {
  'both-primary': {
    priority: 1,
    condition: 'both units are primary',
    consequence: 'both drive the process and fight',
    action: 'take one unit out of control at its panel; the supervisor does not choose',
    blocks: true,
  },
  'none-primary': {
    priority: 1,
    condition: 'no unit is primary',
    consequence: 'the process runs without control',
    action: 'order a recovery: switchover to the fit unit',
    delayMs: 1000,
  },
  'primary-lost': {
    priority: 1,
    condition: 'the primary is lost',
    consequence: 'the process may run without control',
    action: 'judge the proposal; where there is none, clear its obstacles',
  },
  'proposal-unanswered': {
    priority: 1,
    condition: 'nobody answered the proposal',
    consequence: 'the process may still run without control',
    action: 'answer the next proposal, or order the switchover',
  },
  stopped: {
    priority: 1,
    condition: 'the switchover stopped half way',
    consequence: 'nobody may be primary until somebody decides',
    action: 'resolve: retry, restore or adopt',
  },
  'outcome-unknown': {
    priority: 1,
    condition: 'the outcome of a command is not known',
    consequence: 'the pair is held',
    action: 'wait for a read to settle it, or look at the unit and attest',
  },
  'role-changed': {
    priority: 2,
    condition: 'the primary changed and nobody here ordered it',
    consequence: 'the cause is not known',
    action: 'find out who or what switched, then acknowledge',
    blocks: true,
    latched: true,
  },
  'epoch-rollback': {
    priority: 2,
    condition: 'the retained epoch fell back',
    consequence: 'commands to this unit are refused',
    action: 'check the unit for restored or lost data; re-arm at its panel',
  },
  swapped: {
    priority: 2,
    condition: 'another unit answers at this address',
    consequence: 'nothing that it says is believed',
    action: 'check addresses and cabling',
  },
  damaged: {
    priority: 2,
    condition: 'the status block cannot be believed',
    consequence: 'the unit counts as not answering',
    action: 'check the function block and the register map',
  },
  frozen: {
    priority: 2,
    condition: 'the heartbeat stands still',
    consequence: 'nothing that the unit says is believed',
    action: 'check whether the controller is in RUN',
  },
  lost: {
    priority: 2,
    condition: 'the unit does not answer',
    consequence: 'no switchover to it is possible',
    action: 'check controller, power and network',
  },
  'not-in-sync': {
    priority: 2,
    condition: 'the units differ',
    consequence: 'switchover blocked: it would bump the process',
    action: 'look at the differences; check the redundancy link',
    delayMs: 2000,
  },
  'program-differs': {
    priority: 2,
    condition: 'program, firmware or configuration differ',
    consequence: 'switchover blocked',
    action: 'load the same program into both units',
    delayMs: 1000,
  },
  held: {
    priority: 2,
    condition: 'held since the restart of the supervisor',
    consequence: 'no order is taken',
    action: 'look at both units, then resume or resolve',
  },
  'ups-on-battery': {
    priority: 2,
    condition: 'on battery',
    consequence: 'the units fed by it run on stored energy',
    action: 'restore the mains; consider a switchover to the other feed',
  },
  'ups-low': {
    priority: 1,
    condition: 'battery low',
    consequence: 'the units fed by it will stop',
    action: 'switch to the unit on the other feed now',
  },
  'ups-lost': {
    priority: 3,
    condition: 'the UPS does not answer',
    consequence: 'its feed counts as unknown',
    action: 'check the UPS and its network',
  },
  'ups-battery': {
    priority: 3,
    condition: 'replace the battery',
    consequence: 'runtime not assured',
    action: 'plan the replacement',
  },
  journal: {
    priority: 1,
    condition: 'a journal copy has failed',
    consequence: 'no command can leave',
    action: 'repair the disk, then restart the supervisor',
  },
  clock: {
    priority: 3,
    condition: 'the clock jumped, or the supervisor was suspended',
    consequence: 'proposals were revoked',
    action: 'check time synchronisation and the host',
    latched: true,
  },
  overrun: {
    priority: 3,
    condition: 'the cycle is late',
    consequence: 'slower detection; commands are held back',
    action: 'check the load of the host',
    delayMs: 2000,
  },
  observe: {
    priority: 4,
    condition: 'observe-only',
    consequence: 'nothing is ever written',
    action: 'set mode to supervise when the pair may be commanded',
  },
} as const satisfies Readonly<Record<string, Entry>>
export type AlarmKey = keyof typeof catalogue

/** A condition that stands in this cycle. */
export type Condition = {
  readonly key: AlarmKey
  readonly source: string
  readonly pair?: string
  readonly detail: string
}

export type Alarm = {
  readonly id: string
  readonly key: AlarmKey
  readonly source: string
  readonly pair?: string
  readonly detail: string
  readonly state: AlarmState
  readonly raisedWallMs: number
  readonly returnedWallMs?: number
  readonly acknowledgedBy?: string
  /** Record of the raise: shown as raised only once that is durable. */
  readonly seq: number
}

export type AlarmMemory = {
  readonly active: Readonly<Record<string, Alarm>>
  /** Conditions that stand but whose delay has not passed: since when. */
  readonly pending: Readonly<Record<string, number>>
}
export const newAlarmMemory = (): AlarmMemory => ({ active: {}, pending: {} })

type Times = { readonly nowMs: number; readonly wallMs: number }

/** Raises and clears by the conditions of this cycle. */
export function judgeAlarms(
  memory: AlarmMemory,
  conditions: readonly Condition[],
  { nowMs, wallMs }: Times,
  ledger: Ledger,
): AlarmMemory {
  const active: Record<string, Alarm> = { ...memory.active }
  const pending: Record<string, number> = {}
  const standing = new Map(conditions.map((one) => [alarmId(one), one]))
  for (const [id, condition] of standing) {
    const entry: Entry = catalogue[condition.key]
    const sinceMs = memory.pending[id] ?? nowMs
    pending[id] = sinceMs
    const known = active[id]
    if (known === undefined || known.state === 'returned') {
      if (nowMs - sinceMs < (entry.delayMs ?? 0)) continue
      active[id] = raise(id, condition, wallMs, ledger)
    } else if (known.detail !== condition.detail) {
      active[id] = { ...known, detail: condition.detail }
    }
  }
  for (const [id, alarm] of Object.entries(active)) {
    const entry: Entry = catalogue[alarm.key]
    if (standing.has(id) || alarm.state === 'returned' || entry.latched) continue
    const next = clear(alarm, wallMs, ledger)
    if (next === undefined) delete active[id]
    else active[id] = next
  }
  return { active, pending }
}

/** A person has seen the alarm. */
export function acknowledge(
  memory: AlarmMemory,
  order: Extract<Order, { kind: 'acknowledge' }>,
  ledger: Ledger,
): AlarmMemory {
  const alarm = memory.active[order.alarm]
  if (alarm === undefined) {
    const ids = Object.keys(memory.active)
    const known = ids.length === 0 ? 'there are none' : `there are: ${ids.join(', ')}`
    ledger.answer(order, 'not-found', `no alarm "${order.alarm}"; ${known}`)
    return memory
  }
  const text = `${order.by.name} acknowledged ${alarm.source}: ${catalogue[alarm.key].condition}`
  ledger.record({
    kind: 'alarm',
    actor: order.by.name,
    ...(alarm.pair && { pair: alarm.pair }),
    text: order.comment === '' ? text : `${text} (${order.comment})`,
    data: { id: alarm.id, event: 'acknowledged', comment: order.comment },
  })
  ledger.answer(order, 'accepted', text)
  const entry: Entry = catalogue[alarm.key]
  const { [alarm.id]: _gone, ...others } = memory.active
  if (alarm.state === 'returned' || entry.latched) return { ...memory, active: others }
  const acknowledged: Alarm = { ...alarm, state: 'acknowledged', acknowledgedBy: order.by.name }
  return { ...memory, active: { ...others, [alarm.id]: acknowledged } }
}

/** Raised alarms of one pair (and its units), by id, for the evidence. */
export const alarmsOfPair = (memory: AlarmMemory, pair: string): readonly Alarm[] =>
  Object.values(memory.active).filter((one) => one.pair === pair && one.state !== 'returned')

/** Alarms that stand against a planned switchover, in words. */
export const blockingAlarms = (memory: AlarmMemory, pair: string): readonly string[] =>
  alarmsOfPair(memory, pair)
    .filter((one) => (catalogue[one.key] as Entry).blocks)
    .map((one) => `${one.source}: ${catalogue[one.key].condition}`)

/** What the doors show, worst and newest first. An alarm whose record is not durable yet is not shown as raised. */
export function alarmViews(
  memory: AlarmMemory,
  durable: number,
  journalFault: string | undefined,
): readonly AlarmView[] {
  return Object.values(memory.active)
    .filter((alarm) => alarm.seq <= durable || journalFault !== undefined)
    .map((alarm): AlarmView => {
      const { priority, condition, consequence, action } = catalogue[alarm.key]
      return {
        id: alarm.id,
        priority,
        source: alarm.source,
        ...(alarm.pair && { pair: alarm.pair }),
        state: alarm.state,
        condition: alarm.detail === '' ? condition : `${condition}: ${alarm.detail}`,
        consequence,
        action,
        raisedWallMs: alarm.raisedWallMs,
        ...(alarm.returnedWallMs !== undefined && { returnedWallMs: alarm.returnedWallMs }),
        ...(alarm.acknowledgedBy !== undefined && { acknowledgedBy: alarm.acknowledgedBy }),
      }
    })
    .sort(byUrgency)
}

const alarmId = ({ source, key }: Condition): string => `${source}:${key}`

function raise(id: string, condition: Condition, wallMs: number, ledger: Ledger): Alarm {
  const { key, source, pair, detail } = condition
  const words = catalogue[key].condition
  const seq = ledger.record({
    kind: 'alarm',
    ...(pair && { pair }),
    text: `raised: ${source} ${words}${detail === '' ? '' : `: ${detail}`}`,
    data: { id, event: 'raised', key, source, detail, priority: catalogue[key].priority },
  })
  return {
    id,
    key,
    source,
    ...(pair && { pair }),
    detail,
    state: 'unacknowledged',
    raisedWallMs: wallMs,
    seq,
  }
}

function clear(alarm: Alarm, wallMs: number, ledger: Ledger): Alarm | undefined {
  ledger.record({
    kind: 'alarm',
    ...(alarm.pair && { pair: alarm.pair }),
    text: `cleared: ${alarm.source} ${catalogue[alarm.key].condition}`,
    data: { id: alarm.id, event: 'cleared' },
  })
  if (alarm.state === 'acknowledged') return undefined
  return { ...alarm, state: 'returned', returnedWallMs: wallMs }
}

const stateRank: Readonly<Record<AlarmState, number>> = {
  unacknowledged: 0,
  returned: 1,
  acknowledged: 2,
}

const byUrgency = (one: AlarmView, other: AlarmView): number =>
  stateRank[one.state] - stateRank[other.state] ||
  one.priority - other.priority ||
  other.raisedWallMs - one.raisedWallMs
