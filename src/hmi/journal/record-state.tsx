// How far a list of records has looked, what is new, and how to go on: it stands below the list, and says honestly what was not read.

import { texts } from '../texts.ts'
import { dateTimeText } from '../time-text.ts'
import type { Records } from './use-records.ts'

export function RecordState({ records, empty }: { records: Records; empty: string }) {
  const { shown, isReading, at, refusal, lookedTo, older, stop } = records
  const words = texts.journal.state
  if (isReading) {
    return (
      <p role="status" class="no-print">
        {at === undefined ? words.reading : words.searching(at.seq, dateTimeText(at.wallMs))}{' '}
        <button type="button" onClick={stop}>
          {words.stop}
        </button>
      </p>
    )
  }
  return (
    <>
      <p class="refusal" role="alert">
        {refusal?.text}
      </p>
      {shown.length === 0 && <p class="muted">{empty}</p>}
      <p class="no-print">
        {lookedTo > 1 ? (
          <button type="button" onClick={older}>
            {words.older(lookedTo)}
          </button>
        ) : (
          <span class="muted">{words.beginning}</span>
        )}
      </p>
    </>
  )
}

/** The button that shows what was written meanwhile. */
export function NewRecords({ records: { news, showNews } }: { records: Records }) {
  if (news === 0) return null
  return (
    <button type="button" class="strong" onClick={showNews}>
      {texts.journal.state.news(news)}
    </button>
  )
}
