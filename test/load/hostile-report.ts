// What the campaign against the OPC UA door prints, and by what it is judged: nothing ends, nothing grows, and the witness is served.

import { readdir, readFile } from 'node:fs/promises'

/** What the process of the service holds. */
export type Costs = { readonly rss: number; readonly files: number }

export type HostilePhase = {
  readonly name: string
  readonly count?: number
  readonly seconds: number
  /** Of the reads of the witness, ms. */
  readonly latencies: readonly number[]
  readonly failures: readonly string[]
  readonly costs: Costs
  /** How long the cycles took, ms. */
  readonly took: readonly number[]
}

export type HostileRun = {
  readonly seed: number
  readonly phases: readonly HostilePhase[]
  readonly audit: readonly string[]
}

export async function costsOf(pid: number): Promise<Costs> {
  const [files, status] = await Promise.all([
    readdir(`/proc/${pid}/fd`),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ])
  return { files: files.length, rss: 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) }
}

/** Memory that a process may keep for later, bytes. */
const slackBytes = 150e6

/** What went wrong; empty when nothing did. */
export function judge({ phases, audit }: HostileRun): readonly string[] {
  const settled = phases.find(({ name }) => name === 'settled')
  const last = phases.at(-1)
  const grownBytes = (last?.costs.rss ?? 0) - (settled?.costs.rss ?? 0)
  const grownFiles = (last?.costs.files ?? 0) - (settled?.costs.files ?? 0)
  const failures = phases.flatMap((phase) => phase.failures.map((one) => `${phase.name}: ${one}`))
  const reads = phases.reduce((sum, { latencies }) => sum + latencies.length, 0)
  return [
    ...audit.filter((line) => /ended by a fault|^slow|borne/.test(line)),
    ...(grownBytes > slackBytes ? [`memory grew by ${mb(grownBytes)} MB`] : []),
    ...(grownFiles > 5 ? [`${grownFiles} files or sockets more are open`] : []),
    ...failures.slice(0, 20).map((one) => `the witness failed: ${one}`),
    ...(reads === 0 ? ['the witness read nothing'] : []),
  ]
}

export function reportOf(run: HostileRun, faults: readonly string[]): string {
  return [
    `seed ${run.seed}`,
    [
      'phase'.padEnd(38),
      ...['count', 's', 'reads', 'p50', 'p99', 'max', 'failed', 'cycle p99', 'MB', 'files'].map(
        (word) => word.padStart(9),
      ),
    ].join(''),
    ...run.phases.map(lineOf),
    '',
    `${run.audit.length} lines in the audit`,
    ...(faults.length === 0
      ? ['nothing ended, nothing grew, the witness was served']
      : faults.map((fault) => `FAULT: ${fault}`)),
    '',
  ].join('\n')
}

function lineOf(phase: HostilePhase): string {
  const { name, count = 0, seconds, latencies, failures, costs, took } = phase
  const cells = [
    ...[count, seconds.toFixed(0), latencies.length],
    ...[0.5, 0.99, 1].map((share) => quantile(latencies, share).toFixed(1)),
    ...[failures.length, quantile(took, 0.99).toFixed(1), mb(costs.rss), costs.files],
  ]
  return name.padEnd(38) + cells.map((cell) => String(cell).padStart(9)).join('')
}

const mb = (bytes: number): string => (bytes / 1e6).toFixed(0)

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
