// Figures for Prometheus, made from the newest view when somebody asks for them; nothing is counted for it in between. The only file
// that knows the library.

import { Gauge, Registry } from 'prom-client'
import { unitIds } from '../../core/plant.ts'
import type { PairView, UnitView, UpsView, View } from '../../core/view.ts'
import type { CycleFigures } from '../cycle-times.ts'

export type MetricsInput = {
  readonly view: View
  readonly version: string
  readonly cycles: CycleFigures
  readonly quietMs: number
  readonly headSeq: number
  readonly streams: { readonly open: number; readonly cut: number }
  readonly sessions: readonly { readonly door: string }[]
  readonly ordersOpen: number
  readonly memoryBytes: number
}

/** The content type of what `metricsText` gives. */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

/** All metrics in Prometheus' text form. */
export async function metricsText(input: MetricsInput): Promise<string> {
  const registry = new Registry()
  const gauges = new Map<string, Gauge>()
  const put: Put = (name, value, labels = {}) => {
    const help = metrics[name]
    if (value === undefined || help === undefined || !Number.isFinite(value)) return
    const known = gauges.get(name)
    const gauge =
      known ?? new Gauge({ name, help, labelNames: Object.keys(labels), registers: [registry] })
    if (known === undefined) gauges.set(name, gauge)
    gauge.set(labels, value)
  }
  putSupervisor(input, put)
  for (const [index, pair] of input.view.pairs.entries()) {
    if (index % pairsAtOnce === pairsAtOnce - 1) await letCyclesRun()
    putPair(pair, put)
  }
  for (const ups of input.view.ups) putUps(ups, put)
  const texts: string[] = []
  for (const name of gauges.keys()) {
    await letCyclesRun()
    texts.push(await registry.getSingleMetricAsString(name))
  }
  return `${texts.join('\n\n')}\n`
}

/** The cycle shares this thread: a plant of 300 pairs has 10,000 figures, and no cycle may wait for all of them. */
const letCyclesRun = (): Promise<void> => new Promise((done) => setImmediate(done))
const pairsAtOnce = 10

type Labels = Readonly<Record<string, string>>
type Put = (name: keyof typeof metrics, value: number | undefined, labels?: Labels) => void

/** Every metric with its meaning; times in seconds, shares from 0 to 1. */
export const metrics = {
  bumpless_info: 'Always 1: version, site and mode are its labels',
  bumpless_start_time_seconds: 'When the supervisor started, Unix time',
  bumpless_cycles_total: 'Cycles since the start',
  bumpless_cycle_quiet_seconds: 'Time since the last cycle ended',
  bumpless_cycle_late_seconds: 'How much later than planned a cycle began, of the last 3000',
  bumpless_cycle_duration_seconds: 'How long a cycle took, of the last 3000',
  bumpless_memory_bytes: 'Resident memory of the process',
  bumpless_journal_head_record: 'Number of the newest record of the journal',
  bumpless_journal_durable_record: 'Newest record that is synced on every copy',
  bumpless_alarms: 'Alarms by priority and state',
  bumpless_alarms_raised_10min: 'Alarms that asked for something in the last 10 minutes',
  bumpless_alarm_flood: '1 while there is a flood of alarms',
  bumpless_event_streams: 'Event streams that are open',
  bumpless_event_streams_cut_total: 'Event streams cut because their client did not read',
  bumpless_sessions: 'Open sessions by door',
  bumpless_orders_open: 'Orders that wait for their answer',
  bumpless_shift_since_seconds: 'When the running shift was taken, Unix time',
  bumpless_pair_ready: '1 when nothing stands against a switchover',
  bumpless_pair_obstacles: 'Gates that stand against a switchover',
  bumpless_pair_primaries: 'Units that are primary: 1 is right; absent while unknown',
  bumpless_pair_in_sync: '1 in sync, 0 different; absent while it cannot be told',
  bumpless_pair_sync_coverage_ratio: 'Share of the tags that have a verdict',
  bumpless_pair_sync_since_seconds: 'How long the sync verdict has stood',
  bumpless_pair_tags_different: 'Tags that differ between the units',
  bumpless_pair_phase: 'Always 1: the phase of the switchover is its label',
  bumpless_pair_locked_out: '1 while a person has locked the pair out',
  bumpless_pair_stopped: '1 while a switchover stands half way or the pair is held',
  bumpless_pair_prompt_open: '1 while a proposal waits for an answer',
  bumpless_pair_last_switchover_seconds:
    'When the last switchover ended, Unix time, by its outcome',
  bumpless_pair_last_switchover_duration_seconds: 'How long the steps of the last one took',
  bumpless_unit_primary: '1 for the unit that is primary',
  bumpless_unit_answering: '1 while the unit answers and is believed',
  bumpless_unit_age_seconds: 'Age of what is known of the unit',
  bumpless_unit_heartbeat_age_seconds: 'Time since its heartbeat moved',
  bumpless_unit_round_trip_seconds: 'Time that one reading takes',
  bumpless_unit_out_of_service: '1 while a person has taken the unit out of service',
  bumpless_path_up: '1 while the path works',
  bumpless_path_loss_ratio: 'Share of the last 100 readings that failed',
  bumpless_ups_on_mains: '1 on mains, 0 on battery or off; absent while unknown',
  bumpless_ups_charge_ratio: 'Charge of the battery',
  bumpless_ups_runtime_seconds: 'Runtime that is left on battery',
  bumpless_ups_needed_seconds: 'Runtime that a switchover asks of it',
  bumpless_ups_load_ratio: 'Load',
} as const satisfies Readonly<Record<string, string>>

const bit = (on: boolean): number => (on ? 1 : 0)
const seconds = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : ms / 1000
const share = (pct: number | undefined): number | undefined =>
  pct === undefined ? undefined : pct / 100

function putSupervisor(input: MetricsInput, put: Put): void {
  const { view, version, cycles, streams, sessions } = input
  const { site, mode, supervisor, shift } = view
  put('bumpless_info', 1, { version, site, mode })
  put('bumpless_start_time_seconds', seconds(supervisor.startedWallMs))
  put('bumpless_cycles_total', cycles.cycles)
  put('bumpless_cycle_quiet_seconds', seconds(input.quietMs))
  for (const [quantile, key] of [
    ['0.5', 'p50'],
    ['0.99', 'p99'],
    ['1', 'max'],
  ] as const) {
    put('bumpless_cycle_late_seconds', seconds(cycles.lateMs[key]), { quantile })
    put('bumpless_cycle_duration_seconds', seconds(cycles.tookMs[key]), { quantile })
  }
  put('bumpless_memory_bytes', input.memoryBytes)
  put('bumpless_journal_head_record', input.headSeq)
  put('bumpless_journal_durable_record', supervisor.durable)
  for (const [labels, count] of counted(view.alarms, ({ priority, state }) => ({
    priority: String(priority),
    state,
  }))) {
    put('bumpless_alarms', count, labels)
  }
  put('bumpless_alarms_raised_10min', supervisor.alarmLoad.last10Min)
  put('bumpless_alarm_flood', bit(supervisor.alarmLoad.flood))
  put('bumpless_event_streams', streams.open)
  put('bumpless_event_streams_cut_total', streams.cut)
  for (const [labels, count] of counted(sessions, ({ door }) => ({ door }))) {
    put('bumpless_sessions', count, labels)
  }
  put('bumpless_orders_open', input.ordersOpen)
  put('bumpless_shift_since_seconds', seconds(shift?.sinceWallMs))
}

function counted<T>(
  all: readonly T[],
  labelsOf: (one: T) => Labels,
): readonly (readonly [Labels, number])[] {
  const counts = new Map<string, readonly [Labels, number]>()
  for (const one of all) {
    const labels = labelsOf(one)
    const key = JSON.stringify(labels)
    counts.set(key, [labels, (counts.get(key)?.[1] ?? 0) + 1])
  }
  return [...counts.values()]
}

const primaries = { normal: 1, 'both primary': 2, 'none primary': 0, unknown: undefined } as const
const synced = { 'in sync': 1, different: 0, 'cannot tell': undefined } as const

function putPair(view: PairView, put: Put): void {
  const { name: pair, sync, tags, switchover, phase, lastEnded } = view
  const of = { pair }
  put('bumpless_pair_ready', bit(view.ready), of)
  put('bumpless_pair_obstacles', view.obstacles.length, of)
  put('bumpless_pair_primaries', primaries[view.pairState], of)
  put('bumpless_pair_in_sync', synced[sync.verdict], of)
  put('bumpless_pair_sync_coverage_ratio', share(sync.coveragePct), of)
  put('bumpless_pair_sync_since_seconds', seconds(sync.sinceMs), of)
  put(
    'bumpless_pair_tags_different',
    tags.filter(({ verdict }) => verdict === 'different').length,
    of,
  )
  put('bumpless_pair_phase', 1, { pair, phase })
  put('bumpless_pair_locked_out', bit(view.lockout !== undefined), of)
  put('bumpless_pair_stopped', bit(view.stopped !== undefined || view.held !== undefined), of)
  put('bumpless_pair_prompt_open', bit(switchover?.phase === 'proposed'), of)
  const last = lastEnded[0]
  if (last !== undefined) {
    const took = last.steps.reduce((sum, { tookMs = 0 }) => sum + tookMs, 0)
    const ended = { pair, outcome: last.outcome }
    put('bumpless_pair_last_switchover_seconds', seconds(last.endedWallMs), ended)
    put('bumpless_pair_last_switchover_duration_seconds', seconds(took), ended)
  }
  for (const id of unitIds) putUnit(pair, view.units[id], view.primary === id, put)
}

function putUnit(pair: string, view: UnitView, isPrimary: boolean, put: Put): void {
  const of = { pair, unit: view.unit }
  put('bumpless_unit_primary', bit(isPrimary), of)
  put('bumpless_unit_answering', bit(view.presence === 'answering'), of)
  put('bumpless_unit_age_seconds', seconds(view.ageMs), of)
  put('bumpless_unit_heartbeat_age_seconds', seconds(view.heartbeatAgeMs), of)
  put('bumpless_unit_round_trip_seconds', seconds(view.roundTripMs), of)
  put('bumpless_unit_out_of_service', bit(view.outOfService !== undefined), of)
  for (const { name: path, state, lossPct } of view.paths) {
    put('bumpless_path_up', bit(state === 'carries' || state === 'spare'), { ...of, path })
    put('bumpless_path_loss_ratio', share(lossPct), { ...of, path })
  }
}

const onMains = { 'on mains': 1, 'on battery': 0, off: 0, unknown: undefined } as const

function putUps(view: UpsView, put: Put): void {
  const of = { ups: view.name }
  put('bumpless_ups_on_mains', onMains[view.verdict], of)
  put('bumpless_ups_charge_ratio', share(view.chargePct), of)
  put('bumpless_ups_runtime_seconds', view.runtimeS, of)
  put('bumpless_ups_needed_seconds', view.neededS, of)
  put('bumpless_ups_load_ratio', share(view.loadPct), of)
}
