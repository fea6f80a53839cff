// The last step: how it ended and why, each step, what the process felt, and the way back.

import { useState } from 'preact/hooks'
import type { EndedView, PairView } from '../../../core/view.ts'
import { BumpTable } from '../../parts/bump-table.tsx'
import { Command } from '../../parts/command.tsx'
import { ResolveDialog } from '../../parts/resolve-dialog.tsx'
import { StepTable } from '../../parts/step-table.tsx'
import { go, hrefOf } from '../../route.ts'
import { texts } from '../../texts.ts'
import { dateTimeText } from '../../time-text.ts'
import { ConfirmedBy } from './confirmed-by.tsx'

export function ResultStep({ pair, ended }: { pair: PairView; ended: EndedView }) {
  const { id, outcome, text, endedWallMs, by, confirmed, steps, report } = ended
  const words = texts.switchover.result
  return (
    <section class="panel">
      <h2>{words.title}</h2>
      <p class="outcome" role="status">
        <b class={outcome === 'done' ? '' : 'deviation'}>{words.words[outcome]}</b> {text}
      </p>
      <p class="muted">{words.ended(dateTimeText(endedWallMs), by ?? '')}</p>
      {confirmed !== undefined && (
        <ConfirmedBy by={confirmed.by} via={confirmed.via} approver={confirmed.approver} />
      )}
      <StepTable steps={steps} />
      {report !== undefined && <BumpTable report={report} />}
      <p class="buttons no-print">
        <a class="button strong" href={hrefOf('pairs', pair.name, 'report', id)}>
          {words.report}
        </a>
        <WayOn pair={pair} ended={ended} />
      </p>
    </section>
  )
}

/** What a person may want next: the way out, the way back, or another attempt. */
function WayOn({ pair, ended }: { pair: PairView; ended: EndedView }) {
  const [isResolving, setResolving] = useState(false)
  const words = texts.switchover.result
  if (pair.switchover !== undefined) return null
  if (pair.stopped !== undefined) {
    const open = () => {
      setResolving(true)
      return undefined
    }
    return (
      <>
        <Command right="resolve" onOrder={open}>
          {texts.pair.commands.resolve}…
        </Command>
        {isResolving && <ResolveDialog pair={pair} onClose={() => setResolving(false)} />}
      </>
    )
  }
  const isBack = ended.outcome === 'done' && pair.target !== undefined
  return (
    <>
      <Command right="prepare" onOrder={() => void go('pairs', pair.name, 'switchover')}>
        {isBack ? words.prepareBack : words.anew}…
      </Command>
      {isBack && pair.target !== undefined && <span class="muted">{words.back(pair.target)}</span>}
    </>
  )
}
