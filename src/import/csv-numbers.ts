// The numbers of one line of a CSV list: scale and range, written as people write numbers into tables, with a decimal comma,
// with a unit behind, `0..100`, `-50 bis 150 °C`.

import type { Column } from './csv-header.ts'
import type { Cells } from './csv-table.ts'

type Scaling = {
  readonly keys: { readonly scale?: number; readonly offset?: number }
  readonly doubts: readonly string[]
}

/**
 * Either a factor, or raw and engineering ends of a line through both.
 */
export function scalingOf(cells: Cells): Scaling {
  const doubts: string[] = []
  const number = (column: Column): number | undefined => {
    const read = readNumber(cells(column))
    if (read === undefined && cells(column) !== '') {
      doubts.push(`${column} "${cells(column).slice(0, 40)}" is no number; left away`)
    }
    return read
  }
  const scale = number('scale')
  const offset = number('offset')
  const ends = [
    number('rawLow'),
    number('rawHigh'),
    readNumber(cells('low')),
    readNumber(cells('high')),
  ]
  const keys = {
    ...(scale === undefined ? {} : { scale }),
    ...(offset === undefined ? {} : { offset }),
  }
  if (Object.keys(keys).length > 0 || /^none$/i.test(cells('scaling'))) return { keys, doubts }
  const [rawLow, rawHigh, low, high] = ends
  if (rawLow === undefined || rawHigh === undefined || low === undefined || high === undefined) {
    return { keys, doubts }
  }
  if (rawLow === rawHigh || low === high) return { keys, doubts }
  const slope = Number(((high - low) / (rawHigh - rawLow)).toPrecision(12))
  const shift = Number((low - rawLow * slope).toPrecision(12))
  return { keys: { scale: slope, offset: shift }, doubts }
}

type RangeRead = {
  readonly range?: { readonly low: number; readonly high: number }
  readonly units: string
  readonly doubts: readonly string[]
}

/** The range in engineering units, from two columns or one; with the unit that stands behind it. */
export function rangeOf(cells: Cells): RangeRead {
  if (/^none$/i.test(cells('scaling')) && cells('rawLow') !== '') return { units: '', doubts: [] }
  const given = [cells('low'), cells('high')].filter((cell) => cell !== '')
  const text = given.length === 2 ? given.join(' to ') : cells('range')
  if (text === '') return { units: '', doubts: [] }
  const read = readRange(text)
  if (read === undefined) {
    return { units: '', doubts: [`"${text.slice(0, 40)}" is no range; expected 0 to 100 or so`] }
  }
  return { range: { low: read.low, high: read.high }, units: read.units, doubts: [] }
}

/** A finite number with `.` or `,` before the decimals; nothing else. */
function readNumber(text: string): number | undefined {
  const trimmed = text.trim()
  if (!/^[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d{1,3})?$/.test(trimmed)) return undefined
  const value = Number(trimmed.replace(',', '.'))
  return Number.isFinite(value) ? value : undefined
}

/** Two ends with a low below the high, and the unit that may follow. */
function readRange(
  text: string,
): { readonly low: number; readonly high: number; readonly units: string } | undefined {
  const number = String.raw`([-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d{1,3})?)`
  const between = String.raw`\s*(?:\.{2,3}|…|to|bis|til|/|[-–])\s*`
  const match = new RegExp(`^\\s*${number}${between}${number}\\s*(\\D.{0,19})?$`, 'i').exec(text)
  const low = readNumber(match?.[1] ?? '')
  const high = readNumber(match?.[2] ?? '')
  if (low === undefined || high === undefined || low >= high) return undefined
  if (!Number.isFinite(high - low)) return undefined
  return { low, high, units: (match?.[3] ?? '').trim() }
}
