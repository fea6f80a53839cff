// The bytes of a tag list made into text: Excel writes UTF-16 and Windows code pages, engineering tools write UTF-8. What is
// no text at all is told by its first bytes, so that a person learns what to export instead.

import type { ListFault } from './tag-list.ts'

/** `note` says so when the encoding had to be supposed. */
export type ListText = { readonly text: string; readonly note?: string }

/** Exports of whole projects stay below this. */
export const sizeMax = 50_000_000

const signatures: readonly (readonly [bytes: string, what: string])[] = [
  ['PK\u0003\u0004', 'a zip archive (an .xlsx workbook or a project archive); export it as CSV'],
  ['PK\u0005\u0006', 'an empty zip archive; export the tags as CSV'],
  ['\u00d0\u00cf\u0011\u00e0', 'an Excel 97 or OLE file; export the tags as CSV'],
  ['\u001f\u008b', 'a gzip archive; unpack it first'],
  ['%PDF', 'a PDF document; a list must be text'],
]

export function listText(bytes: Uint8Array): ListText | ListFault {
  const fault = (message: string): ListFault => ({ line: 1, column: 1, message })
  if (bytes.length === 0) return fault('the file is empty; expected a tag list')
  if (bytes.length > sizeMax) {
    return fault(`the file has ${bytes.length} bytes; at most ${sizeMax} are read`)
  }
  const head = String.fromCharCode(...bytes.subarray(0, 8))
  const signature = signatures.find(([start]) => head.startsWith(start))
  if (signature !== undefined) return fault(`this is ${signature[1]}`)
  const read = decode(bytes, head)
  if (read === undefined) return fault('this is no text but a binary file; expected CSV or XML')
  if (read.text.trim() === '') return fault('the file is empty; expected a tag list')
  return read
}

function decode(bytes: Uint8Array, head: string): ListText | undefined {
  if (head.startsWith('\u00ff\u00fe')) return { text: new TextDecoder('utf-16le').decode(bytes) }
  if (head.startsWith('\u00fe\u00ff')) return { text: new TextDecoder('utf-16be').decode(bytes) }
  if (bytes.includes(0)) return undefined
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    const note = 'the file is not UTF-8; it was read as Windows-1252, so look at accented letters'
    return { text: new TextDecoder('windows-1252').decode(bytes), note }
  }
}
