// What the polling benchmark prints: the table of clients, the punctuality of many units, and each goal with its figure.

import type { ClientName } from './clients.ts'
import type { Paced } from './paced.ts'

export type Row = {
  readonly client: ClientName
  readonly connections: number
  /** Medians over the rounds. */
  readonly cpuUsPerPoll: number
  readonly pollsPerSecond: number
  /** Answers that were wrong or missing, over all rounds. */
  readonly wrong: number
}

export type Figures = {
  readonly rounds: number
  readonly seconds: number
  readonly units: number
  readonly rows: readonly Row[]
  readonly together: Paced
  readonly spread: Paced
  /** The same number of plain timers that ask nothing: what the machine itself is late with. */
  readonly timersOnly: Paced
}

export type Goal = { readonly what: string; readonly figure: string; readonly met: boolean }
export type Bench = Figures & { readonly goals: readonly Goal[] }

export function textOf(bench: Bench): string {
  const { rows, rounds, seconds, units, together, spread, timersOnly, goals } = bench
  return [
    `One poll of 125 registers, CPU of the client's process; medians of ${rounds} rounds of ${seconds} s, taking turns.`,
    line('connections', 'client', 'CPU us/poll', 'ratio to bare', 'polls/s', 'wrong'),
    ...rows.map((row) => {
      const { client, connections, cpuUsPerPoll, pollsPerSecond, wrong } = row
      const ratio = cpuUsPerPoll / cpuOf(rows, 'bare socket', connections)
      const rate = pollsPerSecond.toFixed(0)
      return line(connections, client, cpuUsPerPoll.toFixed(1), ratio.toFixed(2), rate, wrong)
    }),
    '',
    `${units} units every 100 ms, each with its own poller: how late polls start, and CPU.`,
    pacedLine('all begun in one instant', together),
    pacedLine('begun one after the other', spread),
    pacedLine('plain timers that ask nothing', timersOnly),
    '',
    ...goals.map(({ what, figure, met }) => `goal: ${what}: ${figure}: ${met ? 'met' : 'MISSED'}`),
    '',
  ].join('\n')
}

/** The goals that the figures can tell something about; runs at other connections than 64 and 256 have fewer. */
export function goalsOf({ rows, units, together, spread }: Figures): readonly Goal[] {
  const counts = [...new Set(rows.map((row) => row.connections))].filter((count) => count > 1)
  const ours = (count: number): number => cpuOf(rows, 'our driver, values unchanged', count)
  return [
    ...counts.flatMap((count) => [
      atMost(
        `CPU per poll at ${count} connections at most 1.6 times a bare socket`,
        ours(count) / cpuOf(rows, 'bare socket', count),
        1.6,
      ),
      atLeast(
        `CPU per poll at ${count} connections at least 2.3 times cheaper than modbus-serial`,
        cpuOf(rows, 'modbus-serial as shipped', count) / ours(count),
        2.3,
      ),
    ]),
    ...[together, spread].flatMap((paced) => [
      atMost(`${units} units every 100 ms: p99 of late starts under 20 ms`, paced.lateMsP99, 20),
      atMost(`${units} units every 100 ms: under 0.5 of a core`, paced.coreShare, 0.5),
      atLeast(
        `${units} units every 100 ms: polls started of those due`,
        paced.polls / paced.due,
        0.99,
      ),
    ]),
    atMost('wrong or missing answers of our driver', wrongOf(rows), 0),
  ]
}

const wrongOf = (rows: readonly Row[]): number =>
  rows.filter((row) => row.client.startsWith('our ')).reduce((sum, row) => sum + row.wrong, 0)

const atMost = (what: string, value: number, limit: number): Goal => ({
  what,
  figure: value.toFixed(2),
  met: value <= limit,
})
const atLeast = (what: string, value: number, limit: number): Goal => ({
  what,
  figure: value.toFixed(2),
  met: value >= limit,
})

const cpuOf = (rows: readonly Row[], client: ClientName, connections: number): number =>
  rows.find((row) => row.client === client && row.connections === connections)?.cpuUsPerPoll ??
  Number.NaN

const line = (
  connections: number | string,
  client: string,
  ...figures: readonly (number | string)[]
): string =>
  `${String(connections).padStart(11)}  ${client.padEnd(33)}${figures.map((figure) => String(figure).padStart(14)).join('')}`

const pacedLine = (how: string, paced: Paced): string => {
  const { lateMsP50, lateMsP99, lateMsMax, coreShare, polls, due, failed } = paced
  const late = `p50 ${lateMsP50.toFixed(2)} p99 ${lateMsP99.toFixed(2)} max ${lateMsMax.toFixed(1)} ms`
  return `  ${how.padEnd(29)} ${late}; ${polls} of ${due} polls, ${failed} failed; ${coreShare.toFixed(2)} of a core`
}
