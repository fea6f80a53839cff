// The way out of a switchover that stopped half way: as the supervisor offers them, with a reason and, where no read can settle it,
// what a person attests.

import { useId, useState } from 'preact/hooks'
import type { PairView } from '../../core/view.ts'
import { order } from '../api.ts'
import { go } from '../route.ts'
import { texts } from '../texts.ts'
import { ReasonDialog } from './reason-dialog.tsx'

type Way = NonNullable<PairView['stopped']>['ways'][number]

export function ResolveDialog({ pair, onClose }: { pair: PairView; onClose: () => void }) {
  const [way, setWay] = useState<Way>()
  const [attest, setAttest] = useState('')
  const hint = useId()
  const { name, stopped, unknownOutcome } = pair
  const words = texts.pair.ways
  const resolve = async (reason: string) => {
    const said = attest.trim() === '' ? {} : { attest: attest.trim() }
    const path = `pairs/${encodeURIComponent(name)}/resolve`
    const result = await order<{ id?: string }>(path, { way, reason, ...said })
    if (result.ok) go('pairs', name, 'switchover', ...(result.body.id ? [result.body.id] : []))
    return result
  }
  return (
    <ReasonDialog
      title={texts.pair.commands.resolve}
      follows={words.follows}
      right="resolve"
      missing={way === undefined ? words.choose : undefined}
      onOrder={resolve}
      onClose={onClose}
    >
      <p>
        <b class="deviation">{texts.pair.stopped}</b> {stopped?.text}
      </p>
      {unknownOutcome !== undefined && (
        <p>
          <b class="deviation">{texts.pair.outcome}</b> {unknownOutcome}
        </p>
      )}
      <fieldset>
        <legend>{words.title}</legend>
        {stopped?.ways.map((one) => (
          <label key={one} class="choice">
            <input type="radio" name="way" checked={way === one} onChange={() => setWay(one)} />
            {words[one]}
          </label>
        ))}
      </fieldset>
      <label>
        {words.attest}
        <input
          type="text"
          autocomplete="off"
          maxLength={500}
          value={attest}
          aria-describedby={hint}
          onInput={({ currentTarget }) => setAttest(currentTarget.value)}
        />
      </label>
      <p id={hint} class="muted">
        {words.attestHint}
      </p>
    </ReasonDialog>
  )
}
