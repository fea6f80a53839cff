// What the supervisor says of itself: each part with its value, and the alarm that stands about it.

import type { AlarmView } from '../../../core/alarms/shown.ts'
import type { View } from '../../../core/view.ts'
import { nowWallMs, plant } from '../../live/live.ts'
import { PriorityMark } from '../../parts/marks.tsx'
import { Refused } from '../../parts/refused.tsx'
import { Scroll } from '../../parts/scroll.tsx'
import { texts } from '../../texts.ts'
import { dateTimeText, durationText } from '../../time-text.ts'
import { diskText, megabytes, type SystemFacts, useSystemFacts } from './system-facts.ts'

type Part = {
  readonly name: string
  readonly values: readonly string[]
  /** Key of the alarm that says that it is not in order. */
  readonly alarm?: string
  /** What else is not as it should be. */
  readonly deviation?: string | undefined
}

export function Health() {
  const facts = useSystemFacts()
  const view = plant.value
  if (view === undefined) return null
  const words = texts.system
  const parts = [...partsOf(view), ...(facts?.ok ? partsOfFacts(facts.body) : [])]
  return (
    <section>
      <h2>{words.health}</h2>
      <Scroll label={words.healthCaption}>
        <table class="records">
          <caption class="off-screen">{words.healthCaption}</caption>
          <thead>
            <tr>
              {[words.part, words.state, words.value].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {parts.map((part) => (
              <Row key={part.name} part={part} alarms={view.alarms} />
            ))}
          </tbody>
        </table>
      </Scroll>
      {facts?.ok === false && <Refused refusal={facts.refusal} />}
    </section>
  )
}

function Row({ part, alarms }: { part: Part; alarms: readonly AlarmView[] }) {
  const { name, values, alarm, deviation } = part
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        {deviation !== undefined && <b class="deviation">{deviation}</b>}
        {alarm !== undefined && (
          <State alarm={alarms.find(({ key, active }) => key === alarm && active)} />
        )}
      </td>
      <td class="figures text">
        {values.map((value) => (
          <div key={value}>{value}</div>
        ))}
      </td>
    </tr>
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

function partsOf({ supervisor, cycle }: View): readonly Part[] {
  const words = texts.system
  const { rows } = words
  const { cycleLateMs, journal, alarmLoad, startedWallMs, owner } = supervisor
  const running = words.running(durationText(nowWallMs.value - startedWallMs))
  const { last10Min, lastHour } = alarmLoad
  return [
    {
      ...{ name: rows.cycle, alarm: 'overrun' },
      values: [words.late(Math.round(cycleLateMs), cycle)],
    },
    { name: rows.journal, values: [journal], alarm: 'journal' },
    { name: rows.clock, values: [dateTimeText(nowWallMs.value)], alarm: 'clock' },
    { name: rows.load, values: [words.loadText(last10Min, lastHour)], alarm: 'alarm-flood' },
    { name: rows.started, values: [dateTimeText(startedWallMs), running] },
    { name: rows.owner, values: [owner] },
  ]
}

function partsOfFacts(facts: SystemFacts): readonly Part[] {
  const words = texts.system
  const { rows } = words
  const { cycles, memory, journal, recorder, opcua, http, plantFile } = facts
  return [
    {
      name: rows.times,
      values: [
        words.times(words.begins, cycles.lateMs.p50, cycles.lateMs.p99, cycles.lateMs.max),
        words.times(words.takes, cycles.tookMs.p50, cycles.tookMs.p99, cycles.tookMs.max),
      ],
    },
    { name: rows.copies, values: journal.copies.map(diskText) },
    {
      ...{ name: rows.recording, alarm: 'recording' },
      values: [recorder === undefined ? words.notRecorded : diskText(recorder)],
    },
    { name: rows.opcua, values: [opcua ? `${opcua.host}:${opcua.port}` : words.noDoor] },
    { name: rows.web, values: [http.tls ? words.tls : words.clear] },
    {
      ...{ name: rows.config, values: [plantFile.file, words.digest(plantFile.digest)] },
      deviation: plantFile.changedOnDisk ? words.changed : undefined,
    },
    { name: rows.memory, values: [megabytes(memory.rss)] },
    { name: rows.versions, values: [`bumpless ${facts.version}`, `Node ${facts.node}`] },
  ]
}
