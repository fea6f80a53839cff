// The alarm banner: one line on every page with the alarm to look at first, how many there are, and the horn.

import { useEffect } from 'preact/hooks'
import { type AlarmPriority, type AlarmView, isAsking } from '../../core/alarms/shown.ts'
import { askingAlarms } from '../alarm-order.ts'
import { order } from '../api.ts'
import { hornState, silence, soundFor, startHorn } from '../horn.ts'
import { useKeys } from '../keys.ts'
import { nowWallMs, plant } from '../live/live.ts'
import { marks } from '../palette.ts'
import { Command, commandRefusal } from '../parts/command.tsx'
import { PriorityMark } from '../parts/marks.tsx'
import { go, hrefOf } from '../route.ts'
import { texts } from '../texts.ts'
import { clockText, durationText } from '../time-text.ts'

export function Banner() {
  const alarms = plant.value?.alarms ?? []
  const asking = askingAlarms(alarms)
  const [first] = asking
  const isNew = first?.state === 'unacknowledged' || first?.state === 'returned'
  const shown = isNew ? first : undefined
  useEffect(() => soundFor(asking), [plant.value?.alarms])
  // Nobody hears of a plant after logging out.
  useEffect(() => () => soundFor([]), [])
  const acknowledge = () => shown && order(`alarms/${encodeURIComponent(shown.id)}/ack`)
  useKeys([
    {
      key: 'F8',
      text: `${texts.banner.acknowledge}: ${texts.banner.label}`,
      act: () => {
        if (commandRefusal('acknowledge') === undefined) void acknowledge()
      },
    },
    { key: 'F9', text: texts.banner.evidence, act: () => shown && goToEvidence(shown) },
    { key: 'F7', text: texts.banner.silence, act: silence },
  ])
  const isUrgent = shown !== undefined && shown.priority <= 2
  return (
    <section class="banner" aria-label={texts.banner.label}>
      <div class="banner-line" role={isUrgent ? 'alert' : 'status'}>
        {shown === undefined ? (
          <span class="muted">{texts.banner.none}</span>
        ) : (
          <Line alarm={shown} />
        )}
      </div>
      {shown !== undefined && (
        <>
          <Command right="acknowledge" onOrder={acknowledge}>
            {texts.banner.acknowledge} <kbd>F8</kbd>
          </Command>
          <a class="button" href={evidenceHref(shown)}>
            {texts.banner.evidence} <kbd>F9</kbd>
          </a>
        </>
      )}
      <Horn />
      <Counts alarms={alarms} />
    </section>
  )
}

function Line({ alarm }: { alarm: AlarmView }) {
  const { priority, state, source, condition, consequence, action, raisedWallMs } = alarm
  return (
    <>
      <PriorityMark priority={priority} state={state} />
      <b class={`p${priority}-text`}>{marks[priority].word}</b>
      <b>{source}</b>
      <span class="cut">
        {condition}: {consequence} {action}
      </span>
      <time class="figures">{clockText(raisedWallMs)}</time>
      <span class="figures muted">{durationText(nowWallMs.value - raisedWallMs)}</span>
      <b>{texts.alarmStates[state]}</b>
    </>
  )
}

function Counts({ alarms }: { alarms: readonly AlarmView[] }) {
  const asking = alarms.filter(isAsking)
  const shelved = alarms.filter(({ state }) => state === 'shelved').length
  const priorities: readonly AlarmPriority[] = [1, 2, 3, 4]
  return (
    <a class="counts" href={hrefOf('alarms')}>
      {plant.value?.supervisor.alarmLoad.flood && <b class="p1-text">{texts.banner.flood}</b>}
      {priorities.map((priority) => {
        const count = asking.filter((alarm) => alarm.priority === priority).length
        return (
          <span key={priority} class={count === 0 ? 'muted' : ''}>
            <span class="off-screen">{texts.banner.count(marks[priority].word, count)}</span>
            <span aria-hidden="true" class="figures">
              {priority}:<b>{count}</b>
            </span>
          </span>
        )
      })}
      <span class={shelved === 0 ? 'muted' : ''}>{texts.banner.shelved(shelved)}</span>
    </a>
  )
}

function Horn() {
  switch (hornState.value) {
    case 'blocked':
      return (
        <button type="button" class="deviation" onClick={startHorn}>
          {texts.banner.hornOff}
        </button>
      )
    case 'sounding':
      return (
        <button type="button" class="strong" onClick={silence}>
          {texts.banner.silence} <kbd>F7</kbd>
        </button>
      )
    case 'silenced':
      return <span class="muted">{texts.banner.silenced}</span>
    case 'muted':
      return <b class="deviation">{texts.banner.hornMuted}</b>
    case 'quiet':
      return <span class="muted">{texts.banner.hornOn}</span>
  }
}

const evidenceHref = ({ pair }: AlarmView): string =>
  pair === undefined ? hrefOf('alarms') : hrefOf('pairs', pair)

const goToEvidence = ({ pair }: AlarmView): void =>
  pair === undefined ? go('alarms') : go('pairs', pair)
