// The generated parts of the page about the OPC UA door: every type with its variables and methods, the enumerations, and what an
// answer is as a status code. Printed from the model that the server itself is built from.

import { type AlarmEntry, catalogue } from '../core/alarms/alarm-catalogue.ts'
import { aggregateNames, isForWords } from '../serve/history/aggregates.ts'
import { alarmFields, answerStatus, severities, typeRows } from '../serve/opcua/model.ts'
import { enumerations, isEnumeration, type MethodRow } from '../serve/opcua/rows.ts'
import { orderRights } from '../serve/rights.ts'

type Table = (heads: readonly string[], cells: readonly (readonly string[])[]) => string

/** Name of each part to its text. */
export const opcUaSections = {
  'opcua types': typeTables,
  'opcua methods': methodTables,
  'opcua enumerations': enumerationTable,
  'opcua answers': answerTable,
  'opcua alarms': alarmTable,
  'opcua aggregates': aggregateTable,
} as const satisfies Readonly<Record<string, (table: Table) => string>>

function typeTables(table: Table): string {
  return [...typeRows]
    .reverse()
    .map(({ name, text, at, rows }) => {
      const cells = rows.map((row) => [
        `\`${row.name}\``,
        `${isEnumeration(row.type) ? `\`${row.type}\`` : row.type}${row.list ? '[]' : ''}`,
        row.units ?? '',
        keptText(row.history),
        row.text,
      ])
      const variables =
        cells.length === 0
          ? []
          : ['', table(['variable', 'type', 'unit', 'history', 'meaning'], cells)]
      return [`#### ${name}: \`${at}\``, '', text, ...variables].join('\n')
    })
    .join('\n\n')
}

/** What of a variable is kept for those who read the past. */
function keptText(history: true | number | undefined): string {
  if (history === undefined) return ''
  return history === true ? 'each change' : `moves > ${history}`
}

function methodTables(table: Table): string {
  const methods = typeRows.flatMap(({ at, methods: rows }) => rows.map((row) => ({ at, row })))
  const cells = methods.map(({ at, row }) => [
    `\`${at}.${row.name}\``,
    takesText(row),
    orderRights[row.right],
    row.text,
  ])
  const answers = methods[0]?.row.gives ?? []
  return [
    table(['method', 'takes', 'from the role', 'what it does'], cells),
    '',
    'Every method gives back:',
    '',
    table(
      ['argument', 'type', 'meaning'],
      answers.map(({ name, type, list, text }) => [
        `\`${name}\``,
        `${type}${list ? '[]' : ''}`,
        text,
      ]),
    ),
  ].join('\n')
}

const takesText = ({ takes }: MethodRow): string =>
  takes.map(({ name, text }) => `\`${name}\`: ${text}`).join('<br>')

function enumerationTable(table: Table): string {
  return table(
    ['enumeration', 'words'],
    Object.entries(enumerations).map(([name, words]) => [
      `\`${name}\``,
      words.map((word, value) => `${value} ${word}`).join(', '),
    ]),
  )
}

function answerTable(table: Table): string {
  return table(
    ['answer', 'status code'],
    Object.entries(answerStatus).map(([answer, status]) => [answer, `\`${status}\``]),
  )
}

function alarmTable(table: Table): string {
  const cells = Object.entries<AlarmEntry>(catalogue).map(([key, { priority, condition }]) => [
    `SOURCE:${key}`,
    condition,
    String(severities[priority]),
  ])
  const fields = Object.entries(alarmFields).map(([name, text]) => [`\`${name}\``, text])
  return [
    table(['field of our own', 'meaning'], fields),
    '',
    table(['ConditionName', 'Message', 'Severity'], cells),
  ].join('\n')
}

function aggregateTable(table: Table): string {
  const cells = aggregateNames.map((name) => [
    `\`${name}\``,
    isForWords(name) ? 'numbers, switches, words' : 'numbers',
  ])
  return table(['aggregate', 'of'], cells)
}
