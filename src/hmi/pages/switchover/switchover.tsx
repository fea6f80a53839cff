// The switchover page of a pair, from the choice to the result. Where it stands follows from the view and the address alone, so that a
// reload, another screen or a restart of the service shows the same.

import { useEffect, useRef } from 'preact/hooks'
import type { PairView } from '../../../core/view.ts'
import { plant } from '../../live/live.ts'
import { goInstead, hrefOf } from '../../route.ts'
import { texts } from '../../texts.ts'
import { ConfirmStep } from './confirm.tsx'
import { PreparingStep } from './preparing.tsx'
import { ProgressStep } from './progress.tsx'
import { ResultStep } from './result.tsx'
import { SelectStep } from './select.tsx'
import { StepLine, type StepName } from './step-line.tsx'
import { StoppedStep } from './stopped.tsx'

export function SwitchoverPage({ name, id }: { name: string; id: string | undefined }) {
  const pair = plant.value?.pairs.find((one) => one.name === name)
  const open = pair?.switchover?.id
  useEffect(() => {
    // Once it has a number, the address names it: the result is then still found when it has ended.
    if (id === undefined && open !== undefined) goInstead('pairs', name, 'switchover', open)
  }, [id, open, name])
  const step = pair === undefined ? undefined : stepOf(pair, id)
  useFocusOnStep(step)
  if (pair === undefined || step === undefined)
    return <p class="waiting">{texts.pair.unknown(name)}</p>
  return (
    <div class="switchover-page">
      <h1>
        {texts.switchover.title(name)} <span class="beside">{id}</span>
      </h1>
      <StepLine step={step} />
      {id !== undefined && open !== undefined && open !== id && (
        <p>
          <a class="button strong" href={hrefOf('pairs', name, 'switchover', open)}>
            {texts.switchover.other(open)}
          </a>
        </p>
      )}
      <Step key={id} pair={pair} id={id} />
      <p class="no-print">
        <a href={hrefOf('pairs', name)}>{texts.switchover.toPair(name)}</a>
      </p>
    </div>
  )
}

function Step({ pair, id }: { pair: PairView; id: string | undefined }) {
  const { switchover, lastEnded, stopped } = pair
  if (id === undefined) {
    return stopped === undefined ? <SelectStep pair={pair} /> : <StoppedStep pair={pair} />
  }
  if (switchover?.id === id) {
    const { evidence, phase } = switchover
    if (phase === 'preparing') return <PreparingStep switchover={switchover} />
    if (phase === 'proposed' && evidence !== undefined)
      return <ConfirmStep pair={pair} switchover={switchover} evidence={evidence} />
    return <ProgressStep switchover={switchover} />
  }
  const ended = lastEnded.find((one) => one.id === id)
  if (ended !== undefined) return <ResultStep pair={pair} ended={ended} />
  return (
    <p>
      {texts.switchover.notKnown(id)}{' '}
      <a href={hrefOf('pairs', pair.name, 'report', id)}>{texts.switchover.result.report}</a>
    </p>
  )
}

function stepOf({ switchover, lastEnded, stopped }: PairView, id: string | undefined): StepName {
  if (id === undefined) return stopped === undefined ? 'select' : 'result'
  if (switchover?.id !== id) return lastEnded.some((one) => one.id === id) ? 'result' : 'select'
  if (switchover.phase === 'preparing') return 'evidence'
  return switchover.phase === 'proposed' ? 'confirm' : 'progress'
}

/** What had the focus is gone with its step: the keyboard goes on from the page's beginning. The answer takes the focus by itself. */
function useFocusOnStep(step: StepName | undefined): void {
  const before = useRef(step)
  useEffect(() => {
    if (before.current === step) return
    before.current = step
    if (step !== 'confirm') document.getElementById('page')?.focus()
  }, [step])
}
