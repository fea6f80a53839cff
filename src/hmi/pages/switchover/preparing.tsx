// The second step while it is under way: both units are claimed and read, and nothing has been asked yet.

import type { SwitchoverView } from '../../../core/view.ts'
import { StepTable } from '../../parts/step-table.tsx'
import { texts } from '../../texts.ts'
import { AbortCommand } from './abort.tsx'

export function PreparingStep({ switchover }: { switchover: SwitchoverView }) {
  return (
    <section class="panel">
      <h2>{texts.switchover.preparing.title}</h2>
      <p role="status">{texts.switchover.preparing.text}</p>
      <StepTable steps={switchover.steps} />
      <AbortCommand switchover={switchover} />
    </section>
  )
}
