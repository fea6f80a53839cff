// A CSV file as lines with named cells: the header is found, every line below it answers by the name of the column.

import { CsvError, parse } from 'csv-parse/sync'
import { type Column, type Columns, findHeader } from './csv-header.ts'
import { type AddressMap, isFault, type ListFault, mapKey } from './tag-list.ts'

/** The cell under a column, without blanks at its ends; empty where the list has none. */
export type Cells = (column: Column) => string
export type TableLine = { readonly cells: Cells; readonly line: number }

/** Lines that have neither a name nor an address are passed over. */
export function readTable(text: string): readonly TableLine[] | ListFault {
  const header = findHeader(text)
  if (isFault(header)) return header
  const records = readRecords(text, header.delimiter)
  if (isFault(records)) return records
  return records
    .slice(header.skip + 1)
    .map(({ record, info }) => ({ cells: cellsOf(record, header.columns), line: info.lines }))
    .filter(({ cells }) => cells('name') !== '' || cells('address') !== '')
}

/** Reads a mapping file: a CSV list of which only name and address count. */
export function readMap(text: string): AddressMap | ListFault {
  const table = readTable(text)
  if (isFault(table)) return table
  const map = new Map<string, string>()
  for (const { cells, line } of table) {
    const key = mapKey(cells('name'))
    const before = map.get(key)
    if (before !== undefined && before !== cells('address')) {
      const message = `"${cells('name')}" stands here twice: with ${before} and ${cells('address')}`
      return { line, column: 1, message }
    }
    if (cells('address') !== '') map.set(key, cells('address'))
  }
  return map
}

/** What csv-parse gives with `info: true`, which its types do not say. */
type CountedRecord = {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/** A quote that is never closed would otherwise swallow the file. */
const recordMax = 1_000_000

function readRecords(text: string, delimiter: string): readonly CountedRecord[] | ListFault {
  let lastLine = 0
  try {
    return parse(text, {
      delimiter,
      bom: true,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: recordMax,
      on_record: (record, { lines }) => {
        lastLine = lines
        return record
      },
    }) as unknown as readonly CountedRecord[]
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const message = `CSV: ${error.message}; expected every " to be closed`
    return { line: lastLine + 1, column: 1, message }
  }
}

const cellsOf =
  (record: readonly string[], columns: Columns): Cells =>
  (column) => {
    const index = columns[column]
    return index === undefined ? '' : (record[index] ?? '').trim()
  }
