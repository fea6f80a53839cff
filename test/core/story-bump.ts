// Words of the story language about the bump of a switchover: `report` prints what the last one did to the process, `forecast` what
// the open proposal foretells.

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
