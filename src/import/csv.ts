// Reads a tag list in CSV: one value a line, its columns named by a header in words that `csv-header.ts` knows.

import { type Dialect, readAddress } from './addresses.ts'
import { rangeOf, scalingOf } from './csv-numbers.ts'
import { type Cells, readTable, type TableLine } from './csv-table.ts'
import { readType } from './data-types.ts'
import { isFault, type LeftOut, type ListedTag, type ListFault, type TagList } from './tag-list.ts'

/** Delimiter and columns are found out; empty lines and lines without a name are passed over. */
export function readCsv(text: string): TagList | ListFault {
  const table = readTable(text)
  if (isFault(table)) return table
  const tags: ListedTag[] = []
  const leftOut: LeftOut[] = []
  for (const { cells, line } of table) {
    const read = readLine(cells, { line, column: 1 })
    if ('reason' in read) leftOut.push(read)
    else tags.push(read)
  }
  return { tags, leftOut, notes: countingNotes(table) }
}

const oneBased =
  'numbers such as 40001 are taken as one-based: 40001 is hr:0, 30001 is ir:0; if the list counts from 0, every address is one too low'
const zeroBased =
  'numbers beside a kind of register are taken as zero-based; if the list counts from 1, every address is one too high'

/** Lists do not say where they begin to count; a wrong guess moves every value by one register. */
function countingNotes(table: readonly TableLine[]): readonly string[] {
  const modicon = table.some(({ cells }) => /^[134][xX:]?\d{4,5}\b/.test(cells('address')))
  const plain = table.some(({ cells }) => cells('area') !== '')
  return [...(modicon ? [oneBased] : []), ...(plain ? [zeroBased] : [])]
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
  ir: /^(input(?! (status|bit|discrete))|ir|3x|3xxxx|fc0?4|0?4)\b/i,
  co: /^(coil|co|0x|0xxxx|fc0?1|0?1)\b/i,
  di: /^(discrete|input|di|1x|1xxxx|fc0?2|0?2)\b/i,
}

/** A list with a column for the kind of register numbers each kind from 0. */
function inArea(area: string, address: string): string {
  if (!/^\d{1,5}(\.\d{1,2})?$/.test(address)) return address
  if (/^[0134]\d{4}/.test(address)) return address
  const found = Object.entries(areaWords).find(([, word]) => word.test(area))
  return found === undefined ? address : `${found[0]}:${address}`
}

function orderOf(text: string): 'big' | 'little' | undefined {
  if (/^(little|cdab|low|swap|yes|true)/i.test(text)) return 'little'
  return /^(big|abcd|high)/i.test(text) ? 'big' : undefined
}
