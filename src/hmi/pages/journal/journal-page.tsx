// The journal: every record with its person, the newest first and live; what vouches for it; and a way to take it along.

import type { JournalRecord, RecordKind } from '../../../core/cycle.ts'
import {
  RecordFilter,
  searchOf,
  useRecordWishes,
  wishesText,
} from '../../journal/record-filter.tsx'
import { NewRecords, RecordState } from '../../journal/record-state.tsx'
import { type Records, useRecords } from '../../journal/use-records.ts'
import { nowWallMs, plant } from '../../live/live.ts'
import { useHold } from '../../parts/hold.ts'
import { Scroll } from '../../parts/scroll.tsx'
import { hrefOf } from '../../route.ts'
import { texts } from '../../texts.ts'
import { dateTimeText } from '../../time-text.ts'
import { Export } from './export.tsx'

const kinds: readonly RecordKind[] = [
  ...([
    'start',
    'order',
    'refusal',
    'proposal',
    'confirmation',
    'phase',
    'ended',
    'report',
  ] as const),
  ...(['claim-intent', 'select-intent', 'operate-intent', 'cancel-intent', 'outcome'] as const),
  ...([
    'role',
    'identity',
    'verdict',
    'calibration',
    'alarm',
    'lockout',
    'out-of-service',
  ] as const),
  ...(['qualifying', 'flapping', 'failback', 'held', 'handover', 'access', 'note'] as const),
]

export function JournalPage() {
  const wishing = useRecordWishes()
  const { isHeld, watch } = useHold()
  const search = searchOf(wishing.wishes)
  const records = useRecords(search, JSON.stringify(wishing.wishes), isHeld)
  return (
    <>
      <h1>{texts.pages.journal}</h1>
      <p class="print-only">
        {texts.journal.printed(
          plant.value?.site ?? '',
          dateTimeText(nowWallMs.value),
          wishesText(wishing.wishes),
        )}
      </p>
      <Chain records={records} />
      <RecordFilter wishing={wishing} kinds={kinds} />
      <div class="list-bar no-print">
        <Export search={search} />
        <NewRecords records={records} />
        {isHeld && records.news > 0 && <span class="muted">{texts.journal.held}</span>}
      </div>
      <div {...watch}>
        <Scroll label={texts.journal.caption}>
          <Table shown={records.shown} />
        </Scroll>
      </div>
      <RecordState records={records} empty={texts.journal.empty} />
    </>
  )
}

/** What vouches for the records. Whether the chain is sound is not said here: only the files themselves can tell. */
function Chain({ records: { head } }: { records: Records }) {
  const words = texts.journal.chain
  return (
    <details class="chain">
      <summary>
        <b>{words.title}</b>: {words.head(head?.seq ?? 0)}; {plant.value?.supervisor.journal}
      </summary>
      <p>
        {words.hash} <code>{head?.hash ?? '-'}</code>
      </p>
      <p>
        {words.verify} <code>{words.command}</code>
      </p>
    </details>
  )
}

function Table({ shown }: { shown: readonly JournalRecord[] }) {
  return (
    <table class="records">
      <caption class="off-screen">{texts.journal.caption}</caption>
      <thead>
        <tr>
          {Object.entries(texts.journal.columns).map(([name, text]) => (
            <th key={name} scope="col">
              {text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map((record) => (
          <Row key={record.seq} record={record} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ record }: { record: JournalRecord }) {
  const { seq, wallMs, kind, pair, actor, text, data } = record
  const report = reportOf(record)
  return (
    <tr>
      <th scope="row" class="figures">
        {seq}
      </th>
      <td class="figures time">{dateTimeText(wallMs)}</td>
      <td>{kind}</td>
      <td>{pair !== undefined && <a href={hrefOf('pairs', pair)}>{pair}</a>}</td>
      <td>{actor}</td>
      <td class="text">
        {text}
        {report !== undefined && (
          <>
            {' '}
            <a href={report}>{texts.journal.report}</a>
          </>
        )}
        {Object.keys(data).length > 0 && (
          <details class="no-print">
            <summary>{texts.journal.data}</summary>
            <pre>{JSON.stringify(data, null, 1)}</pre>
          </details>
        )}
      </td>
    </tr>
  )
}

const switchoverKinds: readonly RecordKind[] = ['confirmation', 'ended', 'report']

/** Where the report of the switchover stands that a record tells of. */
function reportOf({ kind, pair, data }: JournalRecord): string | undefined {
  const id = data.id ?? data.switchover
  if (pair === undefined || typeof id !== 'string') return undefined
  return switchoverKinds.includes(kind) ? hrefOf('pairs', pair, 'report', id) : undefined
}
