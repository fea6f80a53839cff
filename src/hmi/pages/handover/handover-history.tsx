// Who took the shift before, and with what note: from the journal.

import { useState } from 'preact/hooks'
import type { JournalRecord } from '../../../core/cycle.ts'
import { RecordState } from '../../journal/record-state.tsx'
import { useRecords } from '../../journal/use-records.ts'
import { texts } from '../../texts.ts'
import { dateTimeText } from '../../time-text.ts'

const isHandover = ({ kind }: JournalRecord): boolean => kind === 'handover'

/** The whole journal is looked through for them, so only when somebody wants to see them. */
export function HandoverHistory() {
  const [isOpen, setOpen] = useState(false)
  return (
    <details class="no-print" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{texts.handover.history.title}</summary>
      {isOpen && <Handovers />}
    </details>
  )
}

function Handovers() {
  const records = useRecords({ fits: isHandover }, 'handover', false)
  const words = texts.handover.history
  return (
    <>
      <table>
        <caption class="off-screen">{words.caption}</caption>
        <thead>
          <tr>
            {[texts.journal.columns.time, words.person, words.note].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
            <th scope="col" class="number">
              {words.seen}
            </th>
          </tr>
        </thead>
        <tbody>
          {records.shown.map(({ seq, wallMs, actor, data }) => (
            <tr key={seq}>
              <th scope="row" class="figures">
                {dateTimeText(wallMs)}
              </th>
              <td>{actor}</td>
              <td>{String(data.note ?? '')}</td>
              <td class="number">{String(data.seen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <RecordState records={records} empty={words.empty} />
    </>
  )
}
