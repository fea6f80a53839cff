// The fourth step: what runs now, each step against its limit, and abort while that is possible.

import type { SwitchoverView } from '../../../core/view.ts'
import { StepTable } from '../../parts/step-table.tsx'
import { texts } from '../../texts.ts'
import { AbortCommand } from './abort.tsx'
import { ConfirmedBy } from './confirmed-by.tsx'

export function ProgressStep({ switchover }: { switchover: SwitchoverView }) {
  const { steps, evidence, confirmedBy, confirmedVia = '', approvedBy } = switchover
  const now = steps.find(({ state }) => state === 'now')
  return (
    <section class="panel">
      <h2>{texts.switchover.progress.title}</h2>
      {evidence !== undefined && <p>{evidence.question}</p>}
      {confirmedBy !== undefined && (
        <ConfirmedBy by={confirmedBy} via={confirmedVia} approver={approvedBy} />
      )}
      <p role="status">{now?.text}</p>
      <StepTable steps={steps} />
      <AbortCommand switchover={switchover} />
    </section>
  )
}
