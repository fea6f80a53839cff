// A pair that is stopped half way takes no order but the ways out; this page then offers them.

import { useState } from 'preact/hooks'
import type { PairView } from '../../../core/view.ts'
import { Command } from '../../parts/command.tsx'
import { ResolveDialog } from '../../parts/resolve-dialog.tsx'
import { hrefOf } from '../../route.ts'
import { texts } from '../../texts.ts'

export function StoppedStep({ pair }: { pair: PairView }) {
  const [isResolving, setResolving] = useState(false)
  const { name, stopped, unknownOutcome, lastEnded } = pair
  const last = lastEnded.find(({ outcome }) => outcome === 'stopped')
  const open = () => {
    setResolving(true)
    return undefined
  }
  return (
    <section class="panel">
      <h2>{texts.pair.stopped}</h2>
      <p class="outcome">{stopped?.text}</p>
      {unknownOutcome !== undefined && (
        <p>
          <b class="deviation">{texts.pair.outcome}</b> {unknownOutcome}
        </p>
      )}
      <p class="buttons">
        <Command right="resolve" kind="strong" onOrder={open}>
          {texts.pair.commands.resolve}…
        </Command>
        {last !== undefined && (
          <a class="button" href={hrefOf('pairs', name, 'switchover', last.id)}>
            {texts.switchover.result.title}: {last.id}
          </a>
        )}
      </p>
      {isResolving && <ResolveDialog pair={pair} onClose={() => setResolving(false)} />}
    </section>
  )
}
