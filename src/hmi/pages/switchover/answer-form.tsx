// The answer to a proposal: what the pair's policy asks for, the safe answer first and under Escape, the other one as a verb. No key
// alone confirms: the return key in a field does nothing.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { Evidence, PairView, SwitchoverView } from '../../../core/view.ts'
import { order, type Refusal } from '../../api.ts'
import { useKeys } from '../../keys.ts'
import { commandRefusal } from '../../parts/command.tsx'
import { Refused } from '../../parts/refused.tsx'
import { session } from '../../session.ts'
import { texts } from '../../texts.ts'
import { bodyOf, type Given, keepText, missingText, nothingGiven, verbText } from './answer.ts'
import { AnswerField } from './answer-field.tsx'

type AnswerProps = {
  pair: PairView
  switchover: SwitchoverView
  judged: Evidence
  isChanged: boolean
  /** Told of the evidence that an answer was refused with. */
  onEvidence: (evidence: Evidence) => void
}

export function AnswerForm(props: AnswerProps) {
  const { pair, switchover, judged, isChanged, onEvidence } = props
  const [given, setGiven] = useState<Given>(nothingGiven)
  const [refusal, setRefusal] = useState<Refusal>()
  const [isWaiting, setWaiting] = useState(false)
  const words = texts.switchover.confirm
  const { id, needs } = switchover
  const path = `switchovers/${encodeURIComponent(id)}`
  const missing = missingText(given, needs, pair.name)
  const off = commandRefusal('confirm') ?? (isChanged ? words.notLooked : missing)
  const send = async (what: 'confirm' | 'reject', body: object) => {
    if (isWaiting) return
    setWaiting(true)
    setRefusal(undefined)
    const result = await order(`${path}/${what}`, body)
    setWaiting(false)
    if (result.ok) return
    setRefusal(result.refusal)
    if (result.refusal.evidence !== undefined) onEvidence(result.refusal.evidence)
  }
  const confirm = () => {
    if (off === undefined) void send('confirm', bodyOf(given, needs, judged))
  }
  const offKeep = commandRefusal('reject')
  const keep = () => {
    if (offKeep === undefined) void send('reject', { reason: given.reason })
  }
  useKeys([{ key: 'Escape', text: keepText(judged), act: keep }])
  const safe = useFocusAtOnce()
  return (
    <form class="panel answer" onSubmit={(event) => event.preventDefault()}>
      <h2>{words.title}</h2>
      <div class="fields">
        <Fields given={given} onChange={setGiven} pair={pair.name} needs={needs} />
        <Refused refusal={refusal} />
        <p class="muted">{words.keepMeans}</p>
        <p class="muted">{words.elsewhere}</p>
      </div>
      <div class="choices">
        <p class="muted" role="status">
          {off}
        </p>
        <p class="buttons">
          <button
            ref={safe}
            type="button"
            class="big"
            aria-disabled={offKeep !== undefined || isWaiting}
            title={offKeep}
            onClick={keep}
          >
            {keepText(judged)} <kbd>Esc</kbd>
          </button>
          <button
            type="button"
            class="big strong"
            aria-disabled={off !== undefined || isWaiting}
            title={off}
            onClick={confirm}
          >
            {verbText(judged)}
          </button>
        </p>
      </div>
    </form>
  )
}

type FieldsProps = {
  given: Given
  onChange: (given: Given) => void
  pair: string
  needs: SwitchoverView['needs']
}

function Fields({ given, onChange, pair, needs }: FieldsProps) {
  const words = texts.switchover.confirm
  const field = (name: keyof Given) => ({
    value: given[name],
    onInput: (value: string) => onChange({ ...given, [name]: value }),
  })
  return (
    <>
      {needs.reason && <AnswerField label={words.reason} {...field('reason')} />}
      {needs.typedName && <AnswerField label={words.typedName(pair)} {...field('typedName')} />}
      {needs.reauthentication && (
        <AnswerField
          label={words.password(session.value?.user ?? '')}
          isSecret
          {...field('password')}
        />
      )}
      {needs.secondPerson && (
        <fieldset>
          <legend>{words.second}</legend>
          <p class="muted">{words.secondHint}</p>
          <AnswerField label={words.secondUser} {...field('secondUser')} />
          <AnswerField label={words.secondPassword} isSecret {...field('secondPassword')} />
        </fieldset>
      )}
    </>
  )
}

/** The focus begins at the safe answer, after the page itself has taken it. */
function useFocusAtOnce() {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const timer = setTimeout(() =>
      button.current?.focus({ preventScroll: true, focusVisible: true }),
    )
    return () => clearTimeout(timer)
  }, [])
  return button
}
