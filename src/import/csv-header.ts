// The line of a CSV file that names its columns. Every tool calls them something else; here are the words, and the search for
// the line and the delimiter that make the most of them.

import { parse } from 'csv-parse/sync'
import { nearest } from '../config/faults.ts'
import type { ListFault } from './tag-list.ts'

export type Column =
  | 'name'
  | 'address'
  | 'area'
  | 'type'
  | 'units'
  | 'low'
  | 'high'
  | 'range'
  | 'description'
  | 'scale'
  | 'offset'
  | 'rawLow'
  | 'rawHigh'
  | 'scaling'
  | 'wordOrder'

/** Position of each column that was recognised. */
export type Columns = Readonly<Partial<Record<Column, number>>>
export type Header = {
  readonly delimiter: string
  /** Records before the header: titles of a sheet. */
  readonly skip: number
  readonly columns: Columns
}

// Without case, blanks and signs.
const words: Readonly<Record<Column, string>> = {
  name: 'name tag tagname symbol symbolname variable variablename item itemname point pointname signal signalname variablenname bezeichner kks navn tagnavn signalnavn',
  address:
    'address addr at register registeraddress registernumber reg modbusaddress modbusregister modbus location node nodeid opcuanode plcaddress adresse registeradresse',
  area: 'area registertype function functioncode fc table objecttype registerart funksjonskode',
  type: 'type datatype dtype format dataformat typ datentyp datatyp',
  units: 'unit units eu engunit engunits engineeringunit engineeringunits uom einheit enhet',
  low: 'low lo min minimum lowlimit rangelow lowrange rangemin eulow eumin lrv minvalue scaledlow engmin englow von min. minwert',
  high: 'high hi max maximum highlimit rangehigh highrange rangemax euhigh eumax urv maxvalue scaledhigh engmax enghigh bis maxwert',
  range: 'range eurange measuringrange messbereich bereich område måleområde',
  description:
    'description desc comment comments text remark longname kommentar beschreibung beskrivelse bemerkung',
  scale: 'scale factor scalefactor multiplier slope faktor skala skalering',
  offset: 'offset',
  rawLow: 'rawlow rawmin rawlo',
  rawHigh: 'rawhigh rawmax rawhi',
  scaling: 'scaling scalingtype',
  wordOrder: 'wordorder byteorder endian endianness swap wortreihenfolge',
}

const columnByWord = new Map(
  Object.entries(words).flatMap(([column, text]) =>
    text.split(' ').map((word) => [word, column as Column] as const),
  ),
)

const delimiters = [',', ';', '\t', '|'] as const
const linesSearched = 30

/** Finds the header within the first lines; a fault says which column was missed and what stood there instead. */
export function findHeader(text: string): Header | ListFault {
  const head = text.split('\n', linesSearched).join('\n')
  const candidates = delimiters.flatMap((delimiter) =>
    firstRecords(head, delimiter).map((cells, skip) => ({
      delimiter,
      skip,
      cells,
      columns: recognise(cells),
    })),
  )
  const count = ({ columns }: { columns: Columns }): number => Object.keys(columns).length
  const complete = candidates.filter(
    ({ columns }) => columns.name !== undefined && columns.address !== undefined,
  )
  const best = complete.toSorted((a, b) => count(b) - count(a))[0]
  if (best !== undefined) return best
  const nearly = candidates.toSorted(
    (a, b) => count(b) - count(a) || b.cells.length - a.cells.length || a.skip - b.skip,
  )[0]
  return missing(nearly?.cells ?? [], nearly?.columns ?? {}, (nearly?.skip ?? 0) + 1)
}

function firstRecords(head: string, delimiter: string): readonly (readonly string[])[] {
  // The head may end inside a quoted cell, and a wrong delimiter breaks quotes; both only mean that this is no header.
  return parse(head, {
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  })
}

function recognise(cells: readonly string[]): Columns {
  const columns: Partial<Record<Column, number>> = {}
  for (const [index, cell] of cells.entries()) {
    const column = columnByWord.get(squeeze(cell))
    if (column !== undefined) columns[column] ??= index
  }
  return columns
}

const squeeze = (cell: string): string =>
  cell
    .slice(0, 100)
    .normalize('NFC')
    .toLowerCase()
    .replace(/\([^)]*\)|\[[^\]]*\]/g, '')
    .replace(/[^\p{L}\p{N}]/gu, '')

function missing(cells: readonly string[], columns: Columns, line: number): ListFault {
  const shown = cells.slice(0, 8).map((cell) => JSON.stringify(cell.trim().slice(0, 30)))
  const found = shown.length === 0 ? 'nothing' : shown.join(', ')
  const wanted = columns.name === undefined ? 'name' : 'address'
  const examples = wanted === 'name' ? 'name, tag or symbol' : 'address, register or at'
  const hint = cells.flatMap((cell) => {
    const meant = nearest(squeeze(cell), words[wanted].split(' '))
    return meant === undefined
      ? []
      : [`; did you mean "${meant}" by "${cell.trim().slice(0, 30)}"?`]
  })[0]
  const message = `no column for the ${wanted}: expected a line of column names with ${examples}, found ${found}${hint ?? ''}`
  return { line, column: 1, message }
}
