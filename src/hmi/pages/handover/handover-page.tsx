// The change of shift: what has happened since the last one, what stands, and the person who takes it over having read just that.

import { useEffect, useState } from 'preact/hooks'
import type { ShiftView } from '../../../core/view.ts'
import type { HandoverReport } from '../../../serve/handover-report.ts'
import { order, type Refusal, type Result, read } from '../../api.ts'
import { nowWallMs, plant } from '../../live/live.ts'
import { commandRefusal } from '../../parts/command.tsx'
import { Refused } from '../../parts/refused.tsx'
import { texts } from '../../texts.ts'
import { dateTimeText } from '../../time-text.ts'
import { HandoverHistory } from './handover-history.tsx'
import { Happenings, Standing } from './handover-tables.tsx'

type Report = HandoverReport & {
  readonly since?: ShiftView
  readonly upTo: number
  readonly leftOut?: number
}
type Known = { readonly result?: Result<Report>; readonly newsThen?: number | undefined }

export function HandoverPage() {
  const [known, setKnown] = useState<Known>({})
  const shift = plant.value?.shift
  const readAgain = () => {
    const newsThen = plant.peek()?.shift?.news
    void read<Report>('handover').then((result) => setKnown({ result, newsThen }))
  }
  // Also when somebody has taken the shift: what was read before is history then.
  useEffect(readAgain, [shift?.seen, shift?.by])
  const words = texts.handover
  const { result, newsThen } = known
  const isOld = result !== undefined && (shift?.news ?? 0) > (newsThen ?? 0)
  return (
    <div class="handover">
      <h1>{texts.pages.handover}</h1>
      <p class="print-only">
        {texts.journal.printed(plant.value?.site ?? '', dateTimeText(nowWallMs.value), '')}
      </p>
      <p class="list-bar">
        <b>
          {shift === undefined
            ? words.nobody
            : words.holder(shift.by, dateTimeText(shift.sinceWallMs))}
        </b>
        {shift !== undefined && shift.note !== '' && <span>{words.note(shift.note)}</span>}
        {isOld && <span class="deviation">{words.newer}</span>}
        <button type="button" class={isOld ? 'strong' : ''} onClick={readAgain}>
          {words.again}
        </button>
        <button type="button" onClick={() => print()}>
          {words.print}
        </button>
      </p>
      {result === undefined && <p role="status">{words.reading}</p>}
      {result?.ok === false && <Refused refusal={result.refusal} />}
      {result?.ok === true && <Whole report={result.body} />}
      <HandoverHistory />
    </div>
  )
}

function Whole({ report }: { report: Report }) {
  const { upTo, happened, standing, leftOut } = report
  const words = texts.handover
  return (
    <>
      <Happenings title={words.happened(upTo)} happened={happened} />
      {leftOut !== undefined && <p class="deviation">{words.leftOut(leftOut)}</p>}
      <Standing standing={standing} />
      <Accept upTo={upTo} />
      <div class="print-only signatures">
        {words.signatures.map((who) => (
          <p key={who}>{who}:</p>
        ))}
      </div>
    </>
  )
}

function Accept({ upTo }: { upTo: number }) {
  const [refusal, setRefusal] = useState<Refusal>()
  const [isWaiting, setWaiting] = useState(false)
  const off = commandRefusal('handover')
  const words = texts.handover.accept
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (off !== undefined || isWaiting) return
    const note = String(new FormData(event.currentTarget as HTMLFormElement).get('note') ?? '')
    setWaiting(true)
    const result = await order('handover', { seen: upTo, note: note.trim() })
    setWaiting(false)
    setRefusal(result.ok ? undefined : result.refusal)
  }
  return (
    <form class="panel no-print" onSubmit={submit}>
      <h2>{words.title}</h2>
      <p>{words.means(upTo)}</p>
      <label>
        {words.note}
        <input name="note" maxLength={500} autocomplete="off" />
      </label>
      <Refused refusal={refusal} />
      <p class="muted" role="status">
        {off}
      </p>
      <button type="submit" class="strong" aria-disabled={off !== undefined || isWaiting}>
        {words.verb}
      </button>
    </form>
  )
}
