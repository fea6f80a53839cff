// How a record stands in an exported file: as the service gives it, or as a line of a spreadsheet.

import type { JournalRecord } from '../../../core/cycle.ts'

type Form = {
  readonly type: string
  readonly begin: string
  /** Between two records. */
  readonly join: string
  readonly line: (record: JournalRecord) => string
  readonly end: string
}

const columns = ['seq', 'time', 'kind', 'pair', 'actor', 'text', 'data'] as const

/** JSON: a list of the records, unchanged. CSV: RFC 4180, times in UTC. */
export const exportForms = {
  json: {
    type: 'application/json',
    begin: '[\n',
    join: ',\n',
    line: (record) => JSON.stringify(record),
    end: '\n]\n',
  },
  csv: {
    type: 'text/csv',
    begin: `${columns.join(',')}\r\n`,
    join: '\r\n',
    line: ({ seq, wallMs, kind, pair = '', actor, text, data }) =>
      [seq, new Date(wallMs).toISOString(), kind, pair, actor, text, JSON.stringify(data)]
        .map((value) => cell(String(value)))
        .join(','),
    end: '\r\n',
  },
} as const satisfies Readonly<Record<string, Form>>
export type ExportForm = keyof typeof exportForms

/** A spreadsheet takes a text that begins like a formula for one: it gets an apostrophe in front, as spreadsheets write texts. */
function cell(value: string): string {
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
