// The journal's own words about one switchover, with the number of each record, so that a report can be checked against the journal.

import type { JournalRecord } from '../../../core/cycle.ts'
import { Scroll } from '../../parts/scroll.tsx'
import { texts } from '../../texts.ts'
import { dateTimeText } from '../../time-text.ts'

export function RecordTable({ records }: { records: readonly JournalRecord[] }) {
  const words = texts.switchover.report
  return (
    <section>
      <h2>{words.journal}</h2>
      <Scroll label={words.journal}>
        <table>
          <caption class="off-screen">{words.journal}</caption>
          <thead>
            <tr>
              <th scope="col" class="number">
                {words.seq}
              </th>
              <th scope="col">{words.time}</th>
              <th scope="col">{words.what}</th>
              <th scope="col">{words.actor}</th>
              <th scope="col">{words.text}</th>
            </tr>
          </thead>
          <tbody>
            {records.map(({ seq, wallMs, kind, actor, text }) => (
              <tr key={seq}>
                <td class="number">{seq}</td>
                <td class="figures">{timeText(wallMs)}</td>
                <td>{kind}</td>
                <td>{actor}</td>
                <td>{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}

const timeText = (wallMs: number): string =>
  `${dateTimeText(wallMs)}.${String(Math.floor(wallMs) % 1_000).padStart(3, '0')}`
