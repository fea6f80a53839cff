// What the benchmark of the comparison prints: for each network and kind of tag false alarms and detection beside naive comparison
// and the best setting of the whole N-of-M grid, and what one sample of one tag costs.

import { gridNames } from './sync-grid.ts'
import type { Regime } from './sync-polls.ts'
import { reference } from './sync-reference.ts'
import { levels, methods, thresholds } from './sync-run.ts'
import type { Kind } from './sync-signals.ts'

/** Alarms of each method in sound hours, and for each fault the times to the first alarm, ms. */
export type Cell = {
  readonly regime: Regime
  readonly kind: Kind
  readonly tagHours: number
  readonly alarms: readonly number[]
  /** Share of its time that a sound tag spends with evidence at each of `levels` or higher. */
  readonly aboveShare: readonly number[]
  readonly faults: readonly {
    readonly name: string
    readonly firstMs: readonly (readonly number[])[]
  }[]
}
export type Cost = { readonly compareNs: number; readonly wholeNs: number }

/** Most false alarms in a tag-hour for a setting to count as usable: the bound of h = 12 at one sample a second. */
export const alarmsMost = 3600 * Math.exp(-12)
/** A fault that is not found within this time counts as missed. */
const missedMs = 300_000

export function reportOf(cells: readonly Cell[], cost: Cost): string {
  return [
    'False alarms per tag-hour, and time from fault to alarm in s: median / 95 % (missed within 300 s).',
    'N-of-M: of the whole grid the setting that stays under 0.022 false alarms per tag-hour and finds most, soonest.',
    '',
    ...cells.flatMap(cellLines),
    '',
    `worst cell at h=12: ${worst(cells, 12)}; at h=16: ${worst(cells, 16)}; bound at h=12: 0.022`,
    `one sample of one tag: ${cost.compareNs.toFixed(0)} ns to compare, ${cost.wholeNs.toFixed(0)} ns with reading the scan and the view`,
    '',
  ].join('\n')
}

function cellLines(cell: Cell): readonly string[] {
  const { regime, kind, tagHours } = cell
  const rate = (method: number): number => (cell.alarms[method] ?? 0) / tagHours
  const grid = bestOfGrid(cell)
  const ours = gridNames.length + bestThreshold(cell)
  const twelve = methods.indexOf('h=12')
  const name = (method: number): string => methods[method] ?? ''
  const { naive, h, faults } = reference[`${regime} ${kind}`] ?? { faults: {} }
  const best = h === undefined ? '' : ` h=${h}`
  return [
    `${regime} ${kind} (${tagHours.toFixed(0)} tag-hours): naive ${rate(0).toFixed(1)}${naive === undefined ? '' : ` [reference ${naive}]`}; ` +
      `N-of-M ${grid === undefined ? `no setting (best ${leastOfGrid(cell).toFixed(2)})` : `${name(grid)} ${rate(grid).toFixed(3)}`}; ` +
      `ours ${thresholds.map((h, at) => `h=${h} ${rate(gridNames.length + at).toFixed(3)}`).join(', ')}`,
    `    share of time of a sound tag with evidence ${levels.map((level, at) => `>= ${level}: ${shareText(cell.aboveShare[at] ?? 0)}`).join(', ')}`,
    ...cell.faults.map(
      (fault) =>
        `    ${fault.name.padEnd(8)} N-of-M ${(grid === undefined ? '-' : delayText(fault.firstMs, grid)).padEnd(22)} ` +
        `ours ${name(ours)} ${delayText(fault.firstMs, ours).padEnd(22)} h=12 ${delayText(fault.firstMs, twelve).padEnd(22)}` +
        (faults[fault.name] === undefined ? '' : ` [reference${best} ${faults[fault.name]}]`),
    ),
  ]
}

const shareText = (share: number): string => (share === 0 ? '0' : share.toExponential(1))

/** The 95 % point of the time to detection at h = 12, ms. */
export const slowestMs = (firstMs: Cell['faults'][number]['firstMs']): number =>
  quantile(times(firstMs, methods.indexOf('h=12')), 0.95)

const usable = (cell: Cell, method: number): boolean =>
  (cell.alarms[method] ?? 0) / cell.tagHours <= alarmsMost

function bestOfGrid(cell: Cell): number | undefined {
  const able = gridNames.map((_, method) => method).filter((method) => usable(cell, method))
  return able.toSorted((one, other) => pain(cell, one) - pain(cell, other))[0]
}

const leastOfGrid = (cell: Cell): number =>
  Math.min(...gridNames.map((_, method) => (cell.alarms[method] ?? 0) / cell.tagHours))

function bestThreshold(cell: Cell): number {
  const at = thresholds.findIndex((_, index) => usable(cell, gridNames.length + index))
  return at < 0 ? thresholds.length - 1 : at
}

/** Mean time to detection over the cell's faults; a miss counts as 300 s. */
const pain = (cell: Cell, method: number): number =>
  cell.faults.reduce((sum, { firstMs }) => sum + mean(times(firstMs, method)), 0)

const times = (firstMs: readonly (readonly number[])[], method: number): readonly number[] =>
  firstMs.map((one) => Math.min(missedMs, one[method] ?? missedMs))

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

function delayText(firstMs: readonly (readonly number[])[], method: number): string {
  const all = times(firstMs, method)
  const missed = all.filter((time) => time >= missedMs).length
  const seconds = (share: number): string => {
    const time = quantile(all, share)
    return time >= missedMs ? 'missed' : (time / 1000).toFixed(1)
  }
  const lost = missed === 0 ? '' : ` (${((100 * missed) / all.length).toFixed(0)} %)`
  return `${seconds(0.5)} / ${seconds(0.95)}${lost}`
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

function worst(cells: readonly Cell[], h: number): string {
  const method = methods.indexOf(`h=${h}`)
  const rates = cells.map((cell) => ({
    cell,
    rate: (cell.alarms[method] ?? 0) / cell.tagHours,
  }))
  const most = rates.toSorted((one, other) => other.rate - one.rate)[0]
  return most === undefined
    ? 'none'
    : `${most.rate.toFixed(4)} (${most.cell.regime} ${most.cell.kind})`
}
