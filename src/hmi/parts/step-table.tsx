// The steps of a switchover: which one it is, how long each took against its limit, in figures and as a bar.

import type { StepView } from '../../core/view.ts'
import { texts } from '../texts.ts'
import { durationText } from '../time-text.ts'
import { Scroll } from './scroll.tsx'

export function StepTable({ steps }: { steps: readonly StepView[] }) {
  const words = texts.switchover.progress
  return (
    <Scroll label={words.title}>
      <table class="steps">
        <caption class="off-screen">{words.title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.step}</th>
            <th scope="col" class="number">
              {words.time}
            </th>
            <th scope="col" class="no-print">
              {words.share}
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, index) => (
            <StepRow key={step.text} step={step} number={index + 1} />
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

function StepRow({ step, number }: { step: StepView; number: number }) {
  const { text, state, limitMs, tookMs, detail } = step
  const words = texts.switchover.progress
  const took = tookMs === undefined ? '-' : fineText(tookMs)
  return (
    <tr aria-current={state === 'now' ? 'step' : undefined}>
      <td>
        <b class={state === 'failed' ? 'deviation' : ''}>{words.words[state]}</b>
      </td>
      <th scope="row">
        {number} {text}
        {detail !== undefined && <div class="deviation">{detail}</div>}
      </th>
      <td class="number">{words.of(took, fineText(limitMs))}</td>
      <td class="no-print">
        {limitMs > 0 && (
          <progress value={Math.min(tookMs ?? 0, limitMs)} max={limitMs} aria-label={text} />
        )}
      </td>
    </tr>
  )
}

/** Steps take milliseconds: `87 ms`, then as everywhere. */
const fineText = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : durationText(ms))
