// Words of the story language about the bump of a switchover: `report` prints what the last one did to the process, `forecast` what
// the open proposal foretells.

import type { Plant } from '../../src/core/plant.ts'
import { pairOf, type Rig } from './rig.ts'

/** The report of the pair's last switchover, as far as it has been measured. */
export function reportLines(rig: Rig, name: string): readonly string[] {
  const [ended] = pairOf(rig, name).lastEnded
  if (ended?.report === undefined) return ['         REPORT   none']
  const { id, steps, report } = ended
  return [
    `         REPORT   ${id}, ${report.state}`,
    ...steps.map(
      (step) =>
        `           ${step.state} ${step.text}: ${step.tookMs ?? '-'} of ${step.limitMs} ms`,
    ),
    ...report.text.split('; ').map((line) => `           ${line}`),
  ]
}

/** What the open proposal foretells: the bump of each tag, and how long the process stays safe without control. */
export function forecastLines(rig: Rig, name: string): readonly string[] {
  const evidence = pairOf(rig, name).switchover?.evidence
  const lines = [
    ...(evidence?.forecast ?? []).map(({ text }) => `         FORECAST ${text}`),
    ...(evidence?.budget === undefined ? [] : [`         BUDGET   ${evidence.budget.text}`]),
  ]
  return lines.length > 0 ? lines : ['         FORECAST none']
}

/** The plant without `limits.rate_per_s`: nobody has said how fast a process runs away. */
export const withoutRates = (plant: Plant): Plant => ({
  ...plant,
  pairs: plant.pairs.map((pair) => ({
    ...pair,
    tags: pair.tags.map(({ limits, ...tag }) => {
      if (limits === undefined) return tag
      const { ratePerS: _rate, ...known } = limits
      return { ...tag, limits: known }
    }),
  })),
})
