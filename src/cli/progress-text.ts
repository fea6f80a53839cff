// Obstacles, differences and steps as lines of text: what an operator reads when something is not ready, has changed, or is
// under way. Pure. What counts as a change is decided by the core and only worded here.

import { materialChange } from '../core/switchover/material-change.ts'
import type { Evidence, Obstacle, StepView } from '../core/view.ts'
import type { Screen } from './status-text.ts'
import { cut, durationText, wrap } from './table.ts'

/** What differs between what was shown and what holds now; never empty, because a person was told that it changed. */
export function differenceLines(shown: Evidence, now: Evidence, screen: Screen): string[] {
  return listed(materialChange(shown, now), screen)
}

/** A difference that the service sent with its refusal. */
export function listed(changes: readonly string[], { width, paint }: Screen): string[] {
  const lines = changes.length > 0 ? changes : ['values were read again; nothing of weight changed']
  return lines.flatMap((line) => wrap(line, width, '  * ').map(paint.warn))
}

/** What stands against a switchover: value, threshold, age, and what clears it. */
export function obstacleLines(obstacles: readonly Obstacle[], { width, paint }: Screen): string[] {
  return obstacles.flatMap((obstacle) => {
    const age = obstacle.ageMs === undefined ? '' : `, ${durationText(obstacle.ageMs)} old`
    const weight = obstacle.weight === 'hard' ? 'hard' : `overridable: --override ${obstacle.gate}`
    return [
      paint.warn(cut(`! ${obstacle.title}`, width)),
      ...wrap(`found ${obstacle.value}${age}; needs ${obstacle.threshold}`, width, '    '),
      ...wrap(`clears when ${obstacle.clearsWhen} (${weight})`, width, '    '),
    ]
  })
}

/** One step with its time against its limit. `elapsedMs` is what this terminal measured while the step runs. */
export function stepLine(
  step: StepView,
  number: number,
  { width, paint }: Screen,
  elapsedMs?: number,
): string {
  const word = { wait: 'waits', now: '>>', ok: 'ok', failed: 'FAILED' }[step.state]
  const took = step.tookMs ?? (step.state === 'now' ? elapsedMs : undefined)
  const limit = durationText(step.limitMs)
  const time = took === undefined ? `at most ${limit}` : `${tookText(took)} of ${limit}`
  const head = `  ${word.padEnd(7)}${number} `
  const detail = step.detail ? ` (${step.detail})` : ''
  const room = width - head.length - time.length - 1
  const line = `${head}${cut(step.text + detail, room).padEnd(room)} ${time}`
  return step.state === 'failed' ? paint.alarm(line) : line
}

const tookText = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : durationText(ms))
