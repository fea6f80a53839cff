// What was: every record about alarms, searched by time, pair, person and text. An alarm that still stands can be acknowledged from
// here too.

import type { AlarmView } from '../../../core/alarms/shown.ts'
import type { JournalRecord } from '../../../core/cycle.ts'
import { RecordFilter, searchOf, useRecordWishes } from '../../journal/record-filter.tsx'
import { NewRecords, RecordState } from '../../journal/record-state.tsx'
import { useRecords } from '../../journal/use-records.ts'
import { plant } from '../../live/live.ts'
import { Command } from '../../parts/command.tsx'
import { useHold } from '../../parts/hold.ts'
import { Scroll } from '../../parts/scroll.tsx'
import { texts } from '../../texts.ts'
import { dateTimeText } from '../../time-text.ts'
import { AcknowledgeCommand } from './alarm-detail.tsx'

export function AlarmHistory() {
  const wishing = useRecordWishes()
  const { isHeld, watch } = useHold()
  const records = useRecords(
    searchOf(wishing.wishes, 'alarm'),
    JSON.stringify(wishing.wishes),
    isHeld,
  )
  const words = texts.alarms.history
  const alarms = plant.value?.alarms ?? []
  return (
    <>
      <RecordFilter wishing={wishing} />
      <NewRecords records={records} />
      <div {...watch}>
        <Scroll label={words.caption}>
          <table class="records">
            <caption class="off-screen">{words.caption}</caption>
            <thead>
              <tr>
                {[texts.journal.columns.time, words.event, words.text, words.person].map((text) => (
                  <th key={text} scope="col">
                    {text}
                  </th>
                ))}
                <th scope="col" class="no-print">
                  {texts.alarms.commands.acknowledge}
                </th>
              </tr>
            </thead>
            <tbody>
              {records.shown.map((record) => (
                <Row key={record.seq} record={record} alarms={alarms} />
              ))}
            </tbody>
          </table>
        </Scroll>
      </div>
      <RecordState records={records} empty={words.empty} />
    </>
  )
}

function Row({ record, alarms }: { record: JournalRecord; alarms: readonly AlarmView[] }) {
  const { wallMs, actor, text, data } = record
  const event = String(data.event ?? '')
  return (
    <tr>
      <th scope="row" class="figures time">
        {dateTimeText(wallMs)}
      </th>
      <td>
        <b>{texts.alarms.history.events[event] ?? event}</b>
      </td>
      <td class="text">{text}</td>
      <td>{actor}</td>
      <td class="no-print">
        {event === 'raised' && <FromHistory id={String(data.id)} alarms={alarms} />}
      </td>
    </tr>
  )
}

/** The command for the alarm that a record tells of, as it stands now. */
function FromHistory({ id, alarms }: { id: string; alarms: readonly AlarmView[] }) {
  const alarm = alarms.find((one) => one.id === id)
  if (alarm !== undefined) return <AcknowledgeCommand alarm={alarm} isKeyless />
  return (
    <Command right="acknowledge" onOrder={() => undefined} why={texts.alarms.history.notNow(id)}>
      {texts.alarms.commands.acknowledge}
    </Command>
  )
}
