// What the load on the OPC UA door prints: the cycle without and with clients, what each client saw, and the goals.

import type { ClientFigures } from './client-messages.ts'
import type { Figures } from './service-messages.ts'

export type Phase = {
  readonly service: Figures
  readonly clients?: {
    readonly each: readonly ClientFigures[]
    readonly cpuMs: number
    readonly wallMs: number
  }
}

export type LoadRun = {
  readonly pairs: number
  readonly tags: number
  readonly clients: number
  readonly publishing: number
  readonly seconds: number
  /** Time until the door was open, and memory before and after, bytes. */
  readonly startMs: number
  readonly rssBefore: number
  readonly rss: number
  readonly idle: readonly Phase[]
  readonly loaded: readonly Phase[]
}

export function reportOf(run: LoadRun): string {
  const { pairs, tags, clients, publishing, seconds, idle, loaded } = run
  const variables = 2 * pairs * tags
  return [
    `${variables} variables of tags, each changing once a second; ${clients} clients, publishing every ${publishing} ms; phases of ${seconds} s.`,
    `Door open after ${(run.startMs / 1000).toFixed(1)} s; memory ${mb(run.rssBefore)} MB before, ${mb(run.rss)} MB then.`,
    '',
    `${'a cycle, ms'.padEnd(26)}${['p50', 'p99', 'max'].map((word) => word.padStart(9)).join('')}`,
    ...(['late', 'took', 'done'] as const).flatMap((what) => [
      line(`${names[what]}, idle`, timesOf(idle, what)),
      line(`${names[what]}, loaded`, timesOf(loaded, what)),
    ]),
    '',
    `processor, % of one: idle ${cpuOf(idle)}; loaded ${cpuOf(loaded)}; the clients ${clientShare(loaded)}`,
    `memory loaded: ${loaded.map(({ service }) => mb(service.rss)).join(', ')} MB`,
    '',
    ...lagLines(run),
    '',
    ...goalsOf(run).map(
      ({ what, figure, met }) => `goal: ${what}: ${figure}: ${met ? 'met' : 'MISSED'}`,
    ),
    '',
  ].join('\n')
}

type Goal = { readonly what: string; readonly figure: string; readonly met: boolean }

function goalsOf(run: LoadRun): readonly Goal[] {
  const ratio = latenessOf(run.loaded).p99 / latenessOf(run.idle).p99
  const lags = run.loaded.flatMap(({ clients }) => clients?.each ?? [])
  const worst = Math.max(...lags.map((one) => lagAt(one, 1)))
  const lost = lags.reduce((sum, one) => sum + one.lost, 0)
  return [
    {
      what: 'p99 of the end of the cycle with clients at most 1.2 times that without',
      ...{ figure: ratio.toFixed(2), met: ratio <= 1.2 },
    },
    {
      what: `no value later than twice the publishing interval (${2 * run.publishing} ms)`,
      ...{ figure: `${worst} ms`, met: worst <= 2 * run.publishing },
    },
    { what: 'samples that a client never saw', figure: String(lost), met: lost === 0 },
  ]
}

/** How long after its planned begin a cycle had ended, ms. */
export function latenessOf(phases: readonly Phase[]): {
  readonly p50: number
  readonly p99: number
} {
  const times = timesOf(phases, 'done')
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
}

/** `done`: how much later than its planned begin the cycle had ended. */
type What = 'late' | 'took' | 'done'
const names = { late: 'begins late by', took: 'takes', done: 'ends after its time' } as const

function timesOf(phases: readonly Phase[], what: What): readonly number[] {
  return phases.flatMap(({ service: { late, took } }) =>
    what === 'late'
      ? late
      : took.map((ms, index) => (what === 'took' ? ms : ms + (late[index] ?? 0))),
  )
}

const line = (what: string, times: readonly number[]): string =>
  what.padEnd(26) + [0.5, 0.99, 1].map((q) => quantile(times, q).toFixed(2).padStart(9)).join('')

function lagLines({ loaded, seconds, pairs, tags }: LoadRun): readonly string[] {
  const offered = 2 * pairs * tags
  return loaded.flatMap(({ clients }, round) =>
    (clients?.each ?? []).map((one, index) => {
      const lags = [0.5, 0.95, 0.99, 1].map((q) => lagAt(one, q)).join(' / ')
      const rate = (one.values / seconds).toFixed(0)
      return `round ${round + 1}, client ${index + 1}: ${rate} of ${offered} values/s, ${one.lost} lost, ${one.failed} failed; after their scan p50/p95/p99/max ${lags} ms`
    }),
  )
}

function lagAt({ lags }: ClientFigures, share: number): number {
  const count = lags.reduce((sum, one) => sum + one, 0)
  let seen = 0
  for (const [ms, one] of lags.entries()) {
    seen += one
    if (seen > 0 && seen >= share * count) return ms
  }
  return 0
}

function cpuOf(phases: readonly Phase[]): string {
  const share = (of: (figures: Figures) => number): string =>
    ((100 * sum(phases, of)) / sum(phases, ({ wallMs }) => wallMs)).toFixed(1)
  return `deciding thread ${share(({ mainCpuMs }) => mainCpuMs)}, all others ${share(({ otherCpuMs }) => otherCpuMs)}`
}

const sum = (phases: readonly Phase[], of: (figures: Figures) => number): number =>
  phases.reduce((total, { service }) => total + of(service), 0)

function clientShare(phases: readonly Phase[]): string {
  const all = phases.flatMap(({ clients }) => clients ?? [])
  const total = (of: 'cpuMs' | 'wallMs'): number => all.reduce((most, one) => most + one[of], 0)
  return ((100 * total('cpuMs')) / total('wallMs')).toFixed(1)
}

const mb = (bytes: number): string => (bytes / 1e6).toFixed(0)

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
