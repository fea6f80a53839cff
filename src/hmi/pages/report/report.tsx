// The report of one switchover, made to be printed and signed. It stands on the journal alone, so it is the same years later.

import { useEffect, useState } from 'preact/hooks'
import type { JournalRecord } from '../../../core/cycle.ts'
import { plant } from '../../live/live.ts'
import { BumpTable } from '../../parts/bump-table.tsx'
import { EvidenceParts } from '../../parts/evidence.tsx'
import { Refused } from '../../parts/refused.tsx'
import { StepTable } from '../../parts/step-table.tsx'
import { hrefOf } from '../../route.ts'
import { texts } from '../../texts.ts'
import { Facts } from './facts.tsx'
import { RecordTable } from './record-table.tsx'
import { isWhole, type Search, searchOn, storyOf } from './records.ts'

export function ReportPage({ name, id }: { name: string; id: string }) {
  const words = texts.switchover.report
  const { found, isReading, readOn } = useSearch(name, id)
  const records = found?.records ?? []
  return (
    <article class="report">
      <h1>{words.title(id)}</h1>
      <p class="buttons no-print">
        <button type="button" class="strong" onClick={() => print()}>
          {words.print}
        </button>
        <a href={hrefOf('pairs', name)}>{texts.switchover.toPair(name)}</a>
      </p>
      {isReading && <p role="status">{words.searching(found?.readCount ?? 0)}</p>}
      <Refused refusal={found?.refusal} />
      {!isReading && found !== undefined && !isWhole(found) && (
        <p>
          {words.notFound(id)}{' '}
          {found.beforeSeq !== undefined && (
            <button type="button" onClick={readOn}>
              {words.readOn}
            </button>
          )}
        </p>
      )}
      {records.length > 0 && <Body name={name} records={records} />}
    </article>
  )
}

function Body({ name, records }: { name: string; records: readonly JournalRecord[] }) {
  const words = texts.switchover.report
  const story = storyOf(records)
  return (
    <>
      <Facts pair={name} story={story} />
      {story.ended === undefined && <p class="deviation">{words.unended}</p>}
      <section>
        <h2>{words.steps}</h2>
        <StepTable steps={story.steps} />
        {story.bump !== undefined && <BumpTable report={story.bump} />}
      </section>
      <section>
        <h2>{words.evidence}</h2>
        {story.evidence === undefined ? (
          <p>{words.noEvidence}</p>
        ) : (
          <EvidenceParts evidence={story.evidence} isWhole />
        )}
      </section>
      <RecordTable records={records} />
      <Signatures />
    </>
  )
}

function Signatures() {
  const words = texts.switchover.report
  return (
    <section class="signatures">
      <h2>{words.signatures}</h2>
      <table>
        <caption class="off-screen">{words.signatures}</caption>
        <tbody>
          {[words.operator, words.shift].map((role) => (
            <tr key={role}>
              <th scope="row">{role}</th>
              <td>{words.name}:</td>
              <td>{words.date}:</td>
              <td>{words.sign}:</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Reads pages of the journal until the switchover's beginning is found, and again when it has ended or was measured to its end. */
function useSearch(name: string, id: string) {
  const [found, setFound] = useState<Search>()
  const [isReading, setReading] = useState(true)
  const ended = plant.value?.pairs
    .find((pair) => pair.name === name)
    ?.lastEnded.find((one) => one.id === id)
  const newest = `${ended?.outcome} ${ended?.report?.state}`
  const readPages = async (from: Search | undefined, isWanted: () => boolean) => {
    setReading(true)
    let search = from
    for (let page = 0; page < pagesAtOnce; page += 1) {
      search = await searchOn(name, id, search)
      if (!isWanted()) return
      setFound(search)
      if (isWhole(search) || search.beforeSeq === undefined) break
    }
    setReading(false)
  }
  useEffect(() => {
    let isOpen = true
    void readPages(undefined, () => isOpen)
    return () => {
      isOpen = false
    }
  }, [name, id, newest])
  return { found, isReading, readOn: () => void readPages(found, () => true) }
}

/** Then a person is asked whether to go on: a journal may be years long. */
const pagesAtOnce = 20
