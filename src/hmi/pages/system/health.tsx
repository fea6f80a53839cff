// What the supervisor says of itself: each part with its value, and the alarm that stands about it.

import type { AlarmView } from '../../../core/alarms/shown.ts'
import type { View } from '../../../core/view.ts'
import { nowWallMs, plant } from '../../live/live.ts'
import { PriorityMark } from '../../parts/marks.tsx'
import { texts } from '../../texts.ts'
import { dateTimeText, durationText } from '../../time-text.ts'

type Part = {
  readonly name: string
  readonly value: string
  /** Key of the alarm that says that it is not in order. */
  readonly alarm?: string
}

export function Health() {
  const view = plant.value
  if (view === undefined) return null
  const words = texts.system
  const heads = [words.part, words.state, words.value]
  return (
    <section>
      <h2>{words.health}</h2>
      <table>
        <caption class="off-screen">{words.healthCaption}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {partsOf(view).map(({ name, value, alarm }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                {alarm !== undefined && (
                  <State alarm={view.alarms.find(({ key, active }) => key === alarm && active)} />
                )}
              </td>
              <td class="figures">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function State({ alarm }: { alarm: AlarmView | undefined }) {
  if (alarm === undefined) return <>{texts.system.good}</>
  return (
    <span class={`p${alarm.priority}-text`}>
      <PriorityMark priority={alarm.priority} state={alarm.state} /> {alarm.condition}
    </span>
  )
}

function partsOf({ supervisor, cycle, configDigest }: View): readonly Part[] {
  const words = texts.system
  const { rows } = words
  const { cycleLateMs, journal, alarmLoad, startedWallMs, owner } = supervisor
  const running = durationText(nowWallMs.value - startedWallMs)
  return [
    { name: rows.cycle, value: words.late(Math.round(cycleLateMs), cycle), alarm: 'overrun' },
    { name: rows.journal, value: journal, alarm: 'journal' },
    { name: rows.recording, value: '', alarm: 'recording' },
    { name: rows.clock, value: dateTimeText(nowWallMs.value), alarm: 'clock' },
    {
      ...{ name: rows.load, alarm: 'alarm-flood' },
      value: words.loadText(alarmLoad.last10Min, alarmLoad.lastHour),
    },
    { name: rows.config, value: words.digest(configDigest) },
    { name: rows.started, value: `${dateTimeText(startedWallMs)}, ${words.running(running)}` },
    { name: rows.owner, value: owner },
  ]
}
