// A trend: lines over the last hour, day or month, from the history and then live, with what it shows in a sentence and as a table.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import UPlot from 'uplot'
import { read } from '../api.ts'
import { nowWallMs } from '../live/live.ts'
import { theme } from '../settings.ts'
import { texts } from '../texts.ts'
import { dateTimeText } from '../time-text.ts'
import {
  type Line,
  type Point,
  rowsOf,
  type Summary,
  summariesOf,
  type Table,
  tableOf,
  withPoint,
} from './trend-data.ts'

type TrendLine = {
  readonly label: string
  /** Name in the history. */
  readonly series?: string
  /** What its values are multiplied with to be in the trend's units; 1 when absent. */
  readonly scale?: number
  /** What the view says now, before that; undefined when it is not known. */
  readonly now: number | undefined
}
type TrendProps = {
  title: string
  units: string
  lines: readonly TrendLine[]
  /** A level that the values are held against, such as a limit. */
  mark?: { readonly label: string; readonly value: number }
}

const spans = {
  '10 min': 600_000,
  '1 h': 3_600_000,
  '24 h': 86_400_000,
  '30 d': 30 * 86_400_000,
} as const
type Span = keyof typeof spans

export function Trend({ title, units, lines, mark }: TrendProps) {
  const [span, setSpan] = useState<Span>('10 min')
  const [isTable, setTable] = useState(false)
  const fromMs = nowWallMs.value - spans[span]
  const { points, fault } = usePoints(lines, spans[span])
  const shown: readonly Line[] = lines.map(({ label }, index) => ({
    label,
    points: points[index] ?? [],
  }))
  const table = useMemo(() => tableOf(shown, fromMs), [points, fromMs])
  const summaries = summariesOf(shown, table)
  return (
    <figure class="trend" aria-label={title}>
      <figcaption>
        <b>{title}</b>{' '}
        <select
          aria-label={texts.trend.span(title)}
          value={span}
          onChange={({ currentTarget }) => setSpan(currentTarget.value as Span)}
        >
          {Object.keys(spans).map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>{' '}
        <button type="button" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? texts.common.showChart : texts.common.showTable}
        </button>
      </figcaption>
      {isTable ? (
        <Rows lines={shown} table={table} units={units} />
      ) : (
        <Chart
          lines={shown}
          table={table}
          mark={mark}
          fromMs={fromMs}
          label={summaries.map((one) => sentence(one, units)).join('; ')}
        />
      )}
      <p class="muted">
        {summaries.map((one) => (
          <span key={one.label}>{sentence(one, units)}; </span>
        ))}
        {mark !== undefined && `${mark.label}: ${figure(mark.value)} ${units}. `}
        {fault}
      </p>
    </figure>
  )
}

/** Points of every line: the history's, and one a second of what the view says. */
function usePoints(lines: readonly TrendLine[], spanMs: number) {
  const [points, setPoints] = useState<readonly (readonly Point[])[]>([])
  const [fault, setFault] = useState('')
  const names = lines.map(({ series }) => series ?? '').join('\n')
  useEffect(() => {
    let isOpen = true
    setPoints([])
    void readHistory(lines, spanMs).then((found) => {
      if (!isOpen) return
      setFault(found.fault)
      setPoints((seen) =>
        lines.map((_, index) => [...(found.points[index] ?? []), ...(seen[index] ?? [])]),
      )
    })
    return () => {
      isOpen = false
    }
  }, [names, spanMs])
  const atMs = nowWallMs.value
  useEffect(() => {
    setPoints((seen) =>
      lines.map(({ now, scale }, index) =>
        withPoint(seen[index] ?? [], [atMs, scaled(now ?? null, scale)], atMs - spanMs),
      ),
    )
  }, [atMs])
  return { points, fault }
}

const scaled = (value: number | null, scale = 1): number | null =>
  value === null ? null : value * scale

type HistoryAnswer = {
  readonly series: readonly { readonly name: string; readonly points: readonly Point[] }[]
}

async function readHistory(lines: readonly TrendLine[], spanMs: number) {
  const wanted = lines.flatMap(({ series }) => (series === undefined ? [] : [series]))
  if (wanted.length === 0) return { points: [], fault: texts.trend.sinceOpened }
  const query = new URLSearchParams([
    ...wanted.map((name) => ['series', name]),
    ['spanMs', String(spanMs)],
  ])
  const answer = await read<HistoryAnswer>(`history?${query}`)
  if (!answer.ok) return { points: [], fault: texts.trend.noHistory(answer.refusal.text) }
  const { series } = answer.body
  const points = lines.map(({ series: wantedName, scale }) =>
    (series.find(({ name }) => name === wantedName)?.points ?? []).map(
      ([at, value]): Point => [at, scaled(value, scale)],
    ),
  )
  return { points, fault: '' }
}

type ChartProps = {
  lines: readonly Line[]
  table: Table
  mark: TrendProps['mark']
  fromMs: number
  label: string
}

function Chart({ lines, table, mark, fromMs, label }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<UPlot | undefined>(undefined)
  const names = lines.map((line) => line.label).join('\n')
  useEffect(() => {
    const { current } = place
    if (current === null) return
    const draw = new UPlot(optionsOf(lines, current, mark), [[]], current)
    chart.current = draw
    const watching = new ResizeObserver(() =>
      draw.setSize({ width: current.clientWidth, height: chartHeight }),
    )
    watching.observe(current)
    return () => {
      watching.disconnect()
      draw.destroy()
    }
  }, [names, theme.value, mark?.value])
  useEffect(() => {
    const { wallMs, values } = table
    const marks = mark === undefined ? [] : [wallMs.map(() => mark.value)]
    chart.current?.setData([
      wallMs.map((at) => at / 1_000),
      ...values.map((column) => [...column]),
      ...marks,
    ])
    chart.current?.setScale('x', { min: fromMs / 1_000, max: nowWallMs.peek() / 1_000 })
  }, [table, names, theme.value, mark?.value])
  return <div ref={place} class="chart" role="img" aria-label={label} />
}

const chartHeight = 150
const dashes = [[], [6, 4], [2, 3], [10, 3, 2, 3]]

/** Lines are told apart by their dashes and names; colour is for alarms. */
function optionsOf(
  lines: readonly Line[],
  place: HTMLElement,
  mark: TrendProps['mark'],
): UPlot.Options {
  const tone = (name: string) =>
    getComputedStyle(document.documentElement).getPropertyValue(`--${name}`)
  const [text, line] = [tone('text'), tone('line')]
  const axis = {
    stroke: text,
    grid: { stroke: line, width: 0.4 },
    ticks: { stroke: line, width: 0.4 },
  }
  return {
    width: place.clientWidth,
    height: chartHeight,
    legend: { show: lines.length > 1 },
    cursor: { drag: { x: false, y: false } },
    axes: [{ ...axis, values: (_, times) => times.map((at) => timeLabel(at, times)) }, axis],
    series: [
      {},
      ...lines.map(({ label }, index) => ({
        label,
        stroke: text,
        width: 1.5,
        dash: dashes[index % dashes.length] ?? [],
        paths: stepped,
      })),
      ...(mark === undefined
        ? []
        : [{ label: mark.label, stroke: tone('p2'), width: 1, dash: [12, 4] }]),
    ],
  }
}

const stepped = UPlot.paths.stepped?.({ align: 1 }) ?? (() => null)

/** Days on a long axis, hours and minutes on a short one. */
function timeLabel(at: number, times: readonly number[]): string {
  const isLong = (times.at(-1) ?? at) - (times[0] ?? at) > 2 * 86_400
  const text = dateTimeText(at * 1_000)
  return isLong ? text.slice(5, 10) : text.slice(11, 16)
}

function Rows({ lines, table, units }: { lines: readonly Line[]; table: Table; units: string }) {
  return (
    <div class="scroll chart-table">
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.trend.time}</th>
            {lines.map(({ label }) => (
              <th key={label} scope="col" class="number">
                {label} ({units})
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rowsOf(table, 30).map(({ at, values }) => (
            <tr key={at}>
              <th scope="row">{dateTimeText(at)}</th>
              {lines.map(({ label }, index) => (
                <td key={label} class="number">
                  {figure(values[index] ?? undefined)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const sentence = ({ label, now, least, most }: Summary, units: string): string =>
  least === undefined
    ? texts.trend.nothing(label)
    : texts.trend.summary(label, `${figure(now)} ${units}`, figure(least), figure(most))

const figure = (value: number | undefined): string =>
  value === undefined ? texts.quality.unknown : String(Number(value.toPrecision(4)))
