// The points of a trend: what the history has, then what the page has seen live, on one axis of times for all lines. Pure.

/** A value at an instant, Unix ms; null: not known from here on. */
export type Point = readonly [wallMs: number, value: number | null]

export type Line = { readonly label: string; readonly points: readonly Point[] }

/** One axis of times, and for each line its value at each of them, or null. */
export type Table = {
  readonly wallMs: readonly number[]
  readonly values: readonly (readonly (number | null)[])[]
}

export type Summary = {
  readonly label: string
  readonly now?: number
  readonly least?: number
  readonly most?: number
}

/** Puts lines with times of their own on one axis. Values stand until the next one of their line. */
export function tableOf(lines: readonly Line[], fromMs: number): Table {
  const wallMs = [...new Set(lines.flatMap(({ points }) => points.map(([at]) => at)))]
    .filter((at) => at >= fromMs)
    .sort((a, b) => a - b)
  const values = lines.map(({ points }) => {
    let next = 0
    let standing: number | null = null
    return wallMs.map((at) => {
      for (let point = points[next]; point !== undefined && point[0] <= at; point = points[next]) {
        standing = point[1]
        next += 1
      }
      return standing
    })
  })
  return { wallMs, values }
}

/** Newest, least and largest value of each line. */
export function summariesOf(lines: readonly Line[], { values }: Table): readonly Summary[] {
  return lines.map(({ label }, index) => {
    const column = values[index] ?? []
    const known = column.filter((value) => value !== null)
    const now = column.at(-1)
    if (known.length === 0) return { label }
    const least = known.reduce((a, b) => Math.min(a, b))
    const most = known.reduce((a, b) => Math.max(a, b))
    return { label, least, most, ...(now !== undefined && now !== null && { now }) }
  })
}

/** The table thinned to about so many rows, the newest kept, newest first. */
export function rowsOf({ wallMs, values }: Table, rowsMax: number) {
  const each = Math.max(1, Math.ceil(wallMs.length / rowsMax))
  return wallMs
    .map((at, index) => ({ at, values: values.map((column) => column[index] ?? null) }))
    .filter((_, index) => (wallMs.length - 1 - index) % each === 0)
    .reverse()
}

/** Adds what was seen now; equal values are not repeated, and what is older than `fromMs` goes. */
export function withPoint(points: readonly Point[], at: Point, fromMs: number): readonly Point[] {
  const last = points.at(-1)
  const before = points.at(-2)
  // Of a value that stands only its beginning and its newest sight are kept: a flat line has two points.
  const kept = last?.[1] === at[1] && before?.[1] === at[1] ? points.slice(0, -1) : points
  const first = kept.findIndex(
    (point, index) => (kept[index + 1]?.[0] ?? Infinity) > fromMs || point[0] >= fromMs,
  )
  return [...(first > 0 ? kept.slice(first) : kept), at]
}
