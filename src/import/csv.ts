// Reads a tag list in CSV: one value a line, its columns named by a header in words that `csv-header.ts` knows.

import { CsvError, parse } from 'csv-parse/sync'
import { type Dialect, readAddress } from './addresses.ts'
import { type Column, type Columns, findHeader } from './csv-header.ts'
import { readType } from './data-types.ts'
import { readNumber, readRange } from './numbers.ts'
import { isFault, type LeftOut, type ListedTag, type ListFault, type TagList } from './tag-list.ts'

/** Delimiter and columns are found out; empty lines and lines without a name are passed over. */
export function readCsv(text: string): TagList | ListFault {
  const header = findHeader(text)
  if (isFault(header)) return header
  const records = readRecords(text, header.delimiter)
  if ('message' in records) return records
  const tags: ListedTag[] = []
  const leftOut: LeftOut[] = []
  for (const { record, line } of records.slice(header.skip + 1)) {
    const cells = cellsOf(record, header.columns)
    if (cells('name') === '' && cells('address') === '') continue
    const read = readLine(cells, { line, column: 1 })
    if ('reason' in read) leftOut.push(read)
    else tags.push(read)
  }
  return { tags, leftOut, notes: [] }
}

/** What csv-parse gives with `info: true`, which its types do not say. */
type CountedRecord = {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}
type Line = { readonly record: readonly string[]; readonly line: number }

const recordMax = 1_000_000

function readRecords(text: string, delimiter: string): readonly Line[] | ListFault {
  try {
    const rows: readonly unknown[] = parse(text, {
      delimiter,
      bom: true,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: recordMax,
    })
    return (rows as readonly CountedRecord[]).map(({ record, info }) => ({
      record,
      line: info.lines,
    }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = 'lines' in error && typeof error.lines === 'number' ? error.lines : 1
    return { line, column: 1, message: `CSV: ${error.message}; expected "..." closed and even` }
  }
}

type Cells = (column: Column) => string

const cellsOf =
  (record: readonly string[], columns: Columns): Cells =>
  (column) => {
    const index = columns[column]
    return index === undefined ? '' : (record[index] ?? '').trim()
  }

const dialect: Dialect = 'schneider'

function readLine(cells: Cells, place: ListedTag['place']): ListedTag | LeftOut {
  const name = cells('name')
  const address = cells('address')
  const left = (reason: string): LeftOut => ({ name: name || address, place, reason })
  if (name === '') return left('no name')
  if (address === '') return left('no address')
  const type = readType(cells('type'))
  const singleBit = cells('type') === '' || 'wrong' in type ? undefined : type.type === 'bool'
  const read = readAddress(inArea(cells('area'), address), singleBit, dialect)
  if ('wrong' in read) return left(read.wrong)
  const scaling = scalingOf(cells)
  const range = rangeOf(cells)
  const order = orderOf(cells('wordOrder'))
  const ranged = range.range === undefined ? {} : { range: range.range }
  return {
    name,
    place,
    type: cells('type'),
    where: read.where,
    description: cells('description'),
    units: cells('units') || range.units,
    ...ranged,
    ...scaling.keys,
    ...(order === undefined ? {} : { wordOrder: order }),
    doubts: [...(read.doubt === undefined ? [] : [read.doubt]), ...scaling.doubts, ...range.doubts],
  }
}

const areaWords: Readonly<{ [area: string]: RegExp }> = {
  hr: /^(holding|hr|4x|4xxxx|fc0?3|0?3)\b/i,
  ir: /^(input reg|ir|3x|3xxxx|fc0?4|0?4)/i,
  co: /^(coil|co|0x|0xxxx|fc0?1|0?1)\b/i,
  di: /^(discrete|input status|input bit|di|1x|1xxxx|fc0?2|0?2)/i,
}

/** A list with a column for the kind of register numbers each kind from 0. */
function inArea(area: string, address: string): string {
  if (!/^\d{1,5}(\.\d{1,2})?$/.test(address)) return address
  if (/^[0134]\d{4}/.test(address)) return address
  const found = Object.entries(areaWords).find(([, word]) => word.test(area))
  return found === undefined ? address : `${found[0]}:${address}`
}

function orderOf(text: string): 'big' | 'little' | undefined {
  if (/^(little|cdab|low|swap|yes|true|1)/i.test(text)) return 'little'
  return /^(big|abcd|high)/i.test(text) ? 'big' : undefined
}

type Scaling = {
  readonly keys: { readonly scale?: number; readonly offset?: number }
  readonly doubts: readonly string[]
}

// Either a factor, or raw and engineering ends of a line through both.
function scalingOf(cells: Cells): Scaling {
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

function rangeOf(cells: Cells): RangeRead {
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
