// The five steps of a switchover in a line, and which one it is now.

import { texts } from '../../texts.ts'

const stepNames = ['select', 'evidence', 'confirm', 'progress', 'result'] as const
export type StepName = (typeof stepNames)[number]

export function StepLine({ step }: { step: StepName }) {
  const words = texts.switchover.steps
  const now = stepNames.indexOf(step)
  return (
    <ol class="step-line" aria-label={words.label}>
      {stepNames.map((name, index) => (
        <li key={name} aria-current={index === now ? 'step' : undefined}>
          {words[name]}
        </li>
      ))}
    </ol>
  )
}
