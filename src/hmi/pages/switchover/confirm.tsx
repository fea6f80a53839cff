// The third step: the question with its evidence, and the answer. The answer is bound to the evidence that this person has looked at: when
// that changes, what was typed stays, but nothing can be confirmed before they have looked again.

import { useState } from 'preact/hooks'
import { materialChange } from '../../../core/switchover/material-change.ts'
import type { Evidence, PairView, SwitchoverView } from '../../../core/view.ts'
import { nowWallMs } from '../../live/live.ts'
import { EvidenceParts } from '../../parts/evidence.tsx'
import { Changes } from '../../parts/refused.tsx'
import { texts } from '../../texts.ts'
import { clockText, durationText } from '../../time-text.ts'
import { AnswerForm } from './answer-form.tsx'
import { Countdown } from './countdown.tsx'

type ConfirmProps = { pair: PairView; switchover: SwitchoverView; evidence: Evidence }

export function ConfirmStep({ pair, switchover, evidence: viewed }: ConfirmProps) {
  const [judged, setJudged] = useState(viewed)
  // A refusal may bring new evidence before the stream does.
  const [told, setTold] = useState(viewed)
  const evidence = told.revision > viewed.revision ? told : viewed
  const isChanged = judged.hash !== evidence.hash
  const { raisedBy, reason } = switchover
  return (
    <div class="confirm-step">
      <section class="question panel">
        <h2>{evidence.question}</h2>
        <Countdown switchover={switchover} />
        <p>{texts.switchover.evidence.asked(raisedBy, reason)}</p>
      </section>
      <section class="panel evidence-panel">
        <h2>{texts.switchover.steps.evidence}</h2>
        {isChanged && (
          <Changed shown={judged} now={evidence} onLooked={() => setJudged(evidence)} />
        )}
        <EvidenceParts evidence={evidence} />
        <EvidenceMark evidence={evidence} />
      </section>
      <AnswerForm
        pair={pair}
        switchover={switchover}
        judged={judged}
        isChanged={isChanged}
        onEvidence={setTold}
      />
    </div>
  )
}

/** Stands over the new evidence and says what is different from what was looked at. */
function Changed(props: { shown: Evidence; now: Evidence; onLooked: () => void }) {
  const words = texts.switchover.confirm
  const changes = materialChange(props.shown, props.now)
  return (
    <div class="changed" role="alert">
      <p>
        <b class="p1-text">{words.changed}</b>
      </p>
      {changes.length > 0 ? <Changes changes={changes} /> : <p>{words.back}</p>}
      <button type="button" class="strong" onClick={props.onLooked}>
        {words.looked}
      </button>
    </div>
  )
}

function EvidenceMark({ evidence }: { evidence: Evidence }) {
  const { hash, revision, takenWallMs, epoch } = evidence
  const words = texts.switchover.evidence
  const age = durationText(Math.max(0, nowWallMs.value - takenWallMs))
  return (
    <p class="muted figures">
      {words.id(hash.slice(0, 8), revision)}, {words.taken(clockText(takenWallMs), age)},{' '}
      {words.epoch(epoch)}
    </p>
  )
}
