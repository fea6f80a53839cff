// What the doors show of the whole plant. Pure reading; nothing here decides.

import { alarmViews } from './alarms/alarm-view.ts'
import { isFlooded } from './alarms/flood.ts'
import { ratesView } from './alarms/rates.ts'
import { isAsking } from './alarms/shown.ts'
import type { Input } from './cycle.ts'
import type { Plant } from './plant.ts'
import { fedBy, type UpsFacts } from './power.ts'
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
  const ready = pairs.filter((pair) => pair.ready).length
  const asking = alarms.filter((alarm) => isAsking(alarm)).length
  return {
    site: plant.site,
    mode: plant.mode,
    cycle: input.cycle,
    wallMs: input.wallMs,
    configDigest: plant.digest,
    pairs,
    ups: plant.ups.map(({ name }) => upsView(name, ups[name], fedBy(plant, name))),
    alarms,
    alarmRates,
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

function upsView(name: string, facts: UpsFacts | undefined, feeds: readonly string[]): UpsView {
  if (facts === undefined) throw new Error(`nothing is known of "${name}"`)
  const { verdict, sentence, chargePct, runtimeS, loadPct, ageMs } = facts
  return {
    name,
    verdict,
    sentence,
    ...(chargePct !== undefined && { chargePct }),
    ...(runtimeS !== undefined && { runtimeS }),
    ...(loadPct !== undefined && { loadPct }),
    ...(ageMs !== undefined && { ageMs }),
    feeds,
  }
}
