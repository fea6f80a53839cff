// From the bytes of a file to the tag list in it, whichever of the three formats it is.

import { readCsv } from './csv.ts'
import { readMap } from './csv-table.ts'
import { readL5x } from './l5x.ts'
import { listText } from './list-text.ts'
import { readPlcopen } from './plcopen.ts'
import { type AddressMap, isFault, type ListFault, type TagList } from './tag-list.ts'

export const listFormats = ['csv', 'plcopen', 'l5x'] as const
export type ListFormat = (typeof listFormats)[number]

/** Without `format` the content decides. `map` belongs to the XML formats. */
export function readList(
  bytes: Uint8Array,
  format: ListFormat | undefined,
  map: AddressMap | undefined,
): (TagList & { readonly format: ListFormat }) | ListFault {
  const read = listText(bytes)
  if (isFault(read)) return read
  const taken = format ?? formatOf(read.text)
  if (taken === undefined) {
    const message =
      'XML, but of no kind known here; expected <project> (PLCopen) or <RSLogix5000Content> (L5X)'
    return { line: 1, column: 1, message }
  }
  const list = readAs(taken, read.text, map)
  if (isFault(list)) return list
  const notes = read.note === undefined ? list.notes : [read.note, ...list.notes]
  return { ...list, notes, format: taken }
}

/** Reads a mapping file in CSV: name and address. */
export function readMapping(bytes: Uint8Array): AddressMap | ListFault {
  const read = listText(bytes)
  return isFault(read) ? read : readMap(read.text)
}

function readAs(format: ListFormat, text: string, map: AddressMap | undefined) {
  if (format === 'plcopen') return readPlcopen(text, map)
  if (format === 'l5x') return readL5x(text, map)
  if (!startsAsXml(text)) return readCsv(text)
  return { line: 1, column: 1, message: 'expected CSV, found XML; leave --format away' }
}

const startsAsXml = (text: string): boolean => /^\uFEFF?\s*<[?!A-Za-z]/.test(text)

function formatOf(text: string): ListFormat | undefined {
  if (!startsAsXml(text)) return 'csv'
  const root = /<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]/.exec(text)?.[1]
  if (root === 'project') return 'plcopen'
  return root === 'RSLogix5000Content' ? 'l5x' : undefined
}
