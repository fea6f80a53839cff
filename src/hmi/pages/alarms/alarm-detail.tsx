// The selected alarm: all that is known of it, and what can be ordered about it.

import type { Signal } from '@preact/signals'
import { useState } from 'preact/hooks'
import type { AlarmView } from '../../../core/alarms/shown.ts'
import { order } from '../../api.ts'
import { plant } from '../../live/live.ts'
import { Command } from '../../parts/command.tsx'
import { PriorityMark } from '../../parts/marks.tsx'
import { hrefOf } from '../../route.ts'
import { texts } from '../../texts.ts'
import { clockText, dateTimeText } from '../../time-text.ts'
import { AlarmDialog, type AlarmOrderKind } from './alarm-dialogs.tsx'
import type { ShownAlarm } from './alarm-groups.ts'

export function AlarmDetail({ selected }: { selected: Signal<AlarmView | undefined> }) {
  const alarm = newest(selected.value)
  return (
    <section
      class={`alarm-detail panel${alarm === undefined ? '' : ' known'}`}
      aria-label={texts.alarms.detail.label}
    >
      {alarm === undefined ? (
        <p class="muted">{texts.alarms.none}</p>
      ) : (
        <Known key={alarm.id} alarm={alarm} />
      )}
    </section>
  )
}

/** What is known of it now; what was known last, when it is over. */
function newest(alarm: AlarmView | undefined): ShownAlarm | undefined {
  if (alarm === undefined) return undefined
  const now = plant.value?.alarms.find(({ id }) => id === alarm.id)
  return now ?? { ...alarm, gone: true }
}

function Known({ alarm }: { alarm: ShownAlarm }) {
  const [asked, setAsked] = useState<AlarmOrderKind>()
  const { source, condition, state, priority, gone } = alarm
  return (
    <>
      <h2>
        <PriorityMark priority={priority} state={gone ? 'acknowledged' : state} /> {source}:{' '}
        {condition} <span class="muted">{gone ? texts.alarms.gone : texts.alarmStates[state]}</span>
      </h2>
      <AlarmCommands alarm={alarm} onAsk={setAsked} />
      <Facts alarm={alarm} />
      {asked !== undefined && (
        <AlarmDialog alarm={alarm} kind={asked} onClose={() => setAsked(undefined)} />
      )}
    </>
  )
}

type AlarmCommandsProps = { alarm: ShownAlarm; onAsk: (kind: AlarmOrderKind) => void }

function AlarmCommands({ alarm, onAsk }: AlarmCommandsProps) {
  const words = texts.alarms.commands
  const over = alarm.gone ? texts.alarms.why.gone : undefined
  const ask = (kind: AlarmOrderKind) => () => onAsk(kind) as undefined
  const critical = alarm.priority === 1 ? texts.alarms.why.critical : undefined
  return (
    <div class="commands">
      <AcknowledgeCommand alarm={alarm} />
      <Command
        right="comment"
        onOrder={ask('comment')}
        why={over}
        shortcut={{ key: 'c', text: words.commentKey }}
      >
        {words.comment}
      </Command>
      {alarm.shelved ? (
        <Command right="shelve" onOrder={ask('unshelve')}>
          {words.unshelve}
        </Command>
      ) : (
        <Command
          right="shelve"
          onOrder={ask('shelve')}
          why={over ?? critical}
          shortcut={{ key: 's', text: words.shelveKey }}
        >
          {words.shelve}
        </Command>
      )}
      {alarm.outOfService ? (
        <Command right="alarm-out-of-service" onOrder={ask('restore')}>
          {words.restore}
        </Command>
      ) : (
        <Command right="alarm-out-of-service" onOrder={ask('retire')} why={over ?? critical}>
          {words.retire}
        </Command>
      )}
      {alarm.pair !== undefined && (
        <a class="button" href={hrefOf('pairs', alarm.pair)}>
          {words.open} <kbd>Enter</kbd>
        </a>
      )}
    </div>
  )
}

type AcknowledgeProps = { alarm: ShownAlarm; isKeyless?: boolean }

/** Acknowledges an alarm that waits for it; says why there is nothing to acknowledge otherwise. Keyless: one of many on a page. */
export function AcknowledgeCommand({ alarm, isKeyless = false }: AcknowledgeProps) {
  const words = texts.alarms
  return (
    <Command
      right="acknowledge"
      onOrder={() => order(`alarms/${encodeURIComponent(alarm.id)}/ack`)}
      why={whyNotAcknowledge(alarm)}
      {...(!isKeyless && { shortcut: { key: 'a', text: words.commands.acknowledgeKey } })}
    >
      {words.commands.acknowledge}
    </Command>
  )
}

function whyNotAcknowledge({ gone, state, acknowledgedBy }: ShownAlarm): string | undefined {
  const { why } = texts.alarms
  if (gone) return why.gone
  if (state === 'unacknowledged' || state === 'returned') return undefined
  if (state === 'acknowledged') return why.acknowledged(acknowledgedBy ?? '')
  return why.aside(state)
}

function Facts({ alarm }: { alarm: ShownAlarm }) {
  const words = texts.alarms.detail
  const { shelved, suppressed, outOfService, comments } = alarm
  const rows: readonly (readonly [string, string | undefined])[] = [
    [words.consequence, alarm.consequence],
    [words.action, alarm.action],
    [words.raised, alarm.raisedWallMs > 0 ? dateTimeText(alarm.raisedWallMs) : undefined],
    [words.returned, alarm.returnedWallMs && dateTimeText(alarm.returnedWallMs)],
    [words.acknowledged, alarm.acknowledgedBy],
    [words.under, alarm.under],
    [
      words.shelved,
      shelved && words.until(clockText(shelved.untilWallMs), shelved.by, shelved.reason),
    ],
    [words.suppressed, suppressed && texts.alarms.while(suppressed.by)],
    [
      words.outOfService,
      outOfService &&
        words.since(dateTimeText(outOfService.wallMs), outOfService.by, outOfService.reason),
    ],
    ...comments.map(
      ({ by, text, wallMs }) => [words.comments, `${dateTimeText(wallMs)} ${by}: ${text}`] as const,
    ),
  ].filter((row): row is [string, string | undefined] => row[1] !== undefined && row[1] !== '')
  return (
    <dl class="alarm-facts">
      {rows.map(([name, value], index) => (
        <div key={`${name} ${index}`}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div>
        <dt>{words.runbook}</dt>
        <dd>
          <Runbook place={alarm.runbook} />
        </dd>
      </div>
      {alarm.latched && <p class="muted">{words.latched}</p>}
    </dl>
  )
}

/** A link when the site keeps its runbooks somewhere that a browser reaches. */
function Runbook({ place }: { place: string }) {
  if (!/^https?:\/\//.test(place)) return <code>{place}</code>
  return (
    <a href={place} target="_blank" rel="noreferrer">
      {place}
    </a>
  )
}
