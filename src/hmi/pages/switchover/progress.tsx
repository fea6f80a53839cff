// The fourth step: what runs now, each step against its limit, and abort while that is possible.

import type { SwitchoverView } from '../../../core/view.ts'
import { StepTable } from '../../parts/step-table.tsx'
import { session } from '../../session.ts'
import { texts } from '../../texts.ts'
import { AbortCommand } from './abort.tsx'

export function ProgressStep({ switchover }: { switchover: SwitchoverView }) {
  const { steps, evidence } = switchover
  const now = steps.find(({ state }) => state === 'now')
  return (
    <section class="panel">
      <h2>{texts.switchover.progress.title}</h2>
      {evidence !== undefined && <p>{evidence.question}</p>}
      <p>{confirmedText(switchover)}</p>
      <p role="status">{now?.text}</p>
      <StepTable steps={steps} />
      <AbortCommand switchover={switchover} />
    </section>
  )
}

/** Who answered, and whether it was here. */
function confirmedText({ confirmedBy, confirmedVia, approvedBy }: SwitchoverView): string {
  if (confirmedBy === undefined) return ''
  const words = texts.switchover.progress
  const who = approvedBy === undefined ? confirmedBy : words.and(confirmedBy, approvedBy)
  const isHere = confirmedVia?.split(' ').at(-1) === session.value?.session
  const where = isHere ? words.here : words.elsewhere(confirmedVia ?? '')
  return `${words.confirmedBy(who)}, ${where}.`
}
