// What the doors show of the whole plant. Pure reading; nothing here decides.

import { alarmViews } from './alarms/alarm-view.ts'
import { isFlooded } from './alarms/flood.ts'
import { ratesView } from './alarms/rates.ts'
import { isAsking } from './alarms/shown.ts'
import type { Input } from './cycle.ts'
import { type Plant, unitDevice, unitIds } from './plant.ts'
import { fedBy, type UpsFacts } from './power.ts'
import { shiftView } from './shift-handover.ts'
import type { State } from './state.ts'
import type { PairView, UpsView, View } from './view.ts'

/** Everything that the doors show after one cycle. */
export function plantView(
  state: State,
  input: Input,
  plant: Plant,
  pairs: readonly PairView[],
  ups: Readonly<Record<string, UpsFacts>>,
): View {
  const { durable, fault } = input.journal
  const alarms = alarmViews(state.alarms, plant, durable, fault)
  const alarmRates = ratesView(state.alarms, plant.alarms.operators, input)
  const { last10Min, lastHour } = alarmRates
  const shift = state.shift && shiftView(state.shift)
  const ready = pairs.filter((pair) => pair.ready).length
  const asking = alarms.filter((alarm) => isAsking(alarm)).length
  return {
    site: plant.site,
    mode: plant.mode,
    cycle: input.cycle,
    wallMs: input.wallMs,
    configDigest: plant.digest,
    pairs,
    ups: plant.ups.map(({ name }) => upsView(name, ups[name], plant)),
    alarms,
    alarmRates,
    ...(shift && { shift }),
    supervisor: {
      startedWallMs: state.startedWallMs,
      owner: state.owner.toString(16).toUpperCase().padStart(4, '0'),
      durable,
      journal: fault ?? `every copy is synced up to record ${durable}`,
      cycleLateMs: input.lateMs,
      alarmLoad: { last10Min, lastHour, flood: isFlooded(state.alarms) },
      sentence: `${pairs.length} pairs, ${ready} ready to switch, ${asking} alarms`,
    },
  }
}

function upsView(name: string, facts: UpsFacts | undefined, plant: Plant): UpsView {
  if (facts === undefined) throw new Error(`nothing is known of "${name}"`)
  const { verdict, sentence, chargePct, runtimeS, loadPct, ageMs } = facts
  const feeds = fedBy(plant, name)
  return {
    name,
    verdict,
    sentence,
    ...(chargePct !== undefined && { chargePct }),
    ...(runtimeS !== undefined && { runtimeS }),
    ...(loadPct !== undefined && { loadPct }),
    ...(ageMs !== undefined && { ageMs }),
    feeds,
    neededS: neededS(plant, feeds),
  }
}

/** The longest runtime that a pair asks of this UPS before one of its units may take over, s. */
const neededS = ({ pairs }: Plant, feeds: readonly string[]): number =>
  pairs
    .filter(({ name }) => unitIds.some((unit) => feeds.includes(unitDevice(name, unit))))
    .reduce((most, { gates }) => Math.max(most, gates.upsRuntimeS), 0)
