// Writes the parts of the manual that are printed from the code, so that they can't differ from it: phases, gates, alarms, rights,
// exit codes, and one switchover as the core plays it. A page marks such a part with `<!-- generated: NAME -->` and `<!-- end -->`. `npm run manual` writes them anew.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Stage } from '../core/gates/gate-context.ts'
import { type GateRow, matrix } from '../core/gates/readiness.ts'
import { accessRoles, includesRole } from '../core/plant.ts'
import { type Event, type Reaction, type Row, rowOf, table } from '../core/switchover/switchover.ts'
import type { Phase, SwitchoverKind } from '../core/view.ts'
import { orderRights } from '../serve/rights.ts'
import { alarmTable, suppressionTable } from './manual-alarms.ts'
import { apiTable, refusalCodeTable } from './manual-api.ts'
import { opcUaSections } from './manual-opcua.ts'
import { markdownTable } from './markdown-table.ts'
import { exitCode } from './outcome.ts'

const sections = {
  phases: () => `${phaseDiagram()}\n\n${phaseTable()}`,
  refusals: refusalTable,
  gates: gateTable,
  alarms: alarmTable,
  suppression: suppressionTable,
  rights: rightTable,
  'exit codes': exitCodeTable,
  'planned switchover': exampleText,
  api: () => apiTable(markdownTable),
  'api refusals': () => refusalCodeTable(markdownTable),
  'opcua types': () => opcUaSections['opcua types'](markdownTable),
  'opcua methods': () => opcUaSections['opcua methods'](markdownTable),
  'opcua enumerations': () => opcUaSections['opcua enumerations'](markdownTable),
  'opcua answers': () => opcUaSections['opcua answers'](markdownTable),
  'opcua alarms': () => opcUaSections['opcua alarms'](markdownTable),
  'opcua aggregates': () => opcUaSections['opcua aggregates'](markdownTable),
} as const satisfies Readonly<Record<string, () => string>>

const opening = /<!-- generated: (.+?) -->\n/g
const closing = '<!-- end -->'

/** The page with every marked part written anew. Throws when a mark names no part, or is never closed. */
export function withSections(page: string, text: string): string {
  let done = ''
  let at = 0
  for (const match of text.matchAll(opening)) {
    const begins = match.index + match[0].length
    const ends = text.indexOf(closing, begins)
    const name = match[1] ?? ''
    if (ends < 0) throw new Error(`${page}: "generated: ${name}" is not closed by ${closing}`)
    if (!isSection(name))
      throw new Error(`${page}: nothing is generated as "${name}"; there are: ${sectionNames}`)
    done += `${text.slice(at, begins)}\n${sections[name]()}\n\n`
    at = ends
  }
  return done + text.slice(at)
}

/** The pages of the manual: README.md and everything below docs, by their paths from the top of the repository. */
export const manualPages = (): readonly string[] => [
  'README.md',
  ...readdirSync(join(repository, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
    .sort(),
]

const repository = resolve(import.meta.dirname, '../..')
const isSection = (name: string): name is keyof typeof sections => Object.hasOwn(sections, name)
const sectionNames = Object.keys(sections).join(', ')

// ---------------------------------------------------------------- phases

/** The phase machine as a Mermaid diagram; what only stays or is refused is left out. */
function phaseDiagram(): string {
  const edges = new Map<string, string[]>()
  for (const { row, event, reaction } of transitions()) {
    const edge = `${stateId(row)} --> ${stateId(targetOf(row, reaction))}`
    edges.set(edge, [...(edges.get(edge) ?? []), event])
  }
  const lines = [
    'stateDiagram-v2',
    ...rows.filter((row) => row.includes(' ')).map((row) => `  state "${row}" as ${stateId(row)}`),
    '  [*] --> idle',
    ...[...edges].map(([edge, events]) => `  ${edge}: ${events.join(', ')}`),
    // Whether an OPERATE has left is no event of the table: it is a fact that changes the row of the phase.
    ...['demoting', 'promoting'].map(
      (row) => `  ${row} --> ${stateId(`${row}, operated`)}: the first OPERATE leaves`,
    ),
  ]
  return ['```mermaid', ...lines, '```'].join('\n')
}

function phaseTable(): string {
  const told = new Map<string, { row: Row; follows: string; events: Event[] }>()
  for (const { row, event, reaction } of transitions()) {
    const follows = followsText(row, reaction)
    const known = told.get(`${row} ${follows}`) ?? { row, follows, events: [] }
    known.events.push(event)
    told.set(`${row} ${follows}`, known)
  }
  return markdownTable(
    ['phase', 'when', 'what follows'],
    [...told.values()].map(({ row, events, follows }) => [row, events.join(', '), follows]),
  )
}

/** What a person is told who orders something that does not fit the phase. */
function refusalTable(): string {
  const told = new Map<string, { event: Event; rows: Row[]; why: string }>()
  for (const event of personEvents)
    for (const row of rows) {
      const reaction = table[row][event]
      if (reaction.kind !== 'refuse') continue
      const key = `${event} ${reaction.why}`
      const known = told.get(key) ?? { event, rows: [], why: reaction.why }
      known.rows.push(row)
      told.set(key, known)
    }
  return markdownTable(
    ['order', 'in the phase', 'answer'],
    [...told.values()].map(({ event, rows: where, why }) => [event, where.join('; '), why]),
  )
}

const personEvents = [
  'prepare',
  'confirm',
  'reject',
  'abort',
  'extend',
  'resolve',
] as const satisfies readonly Event[]
const rows = Object.keys(table) as Row[]

type Transition = { readonly row: Row; readonly event: Event; readonly reaction: Reaction }

const transitions = (): readonly Transition[] =>
  rows.flatMap((row) =>
    (Object.entries(table[row]) as [Event, Reaction][])
      .filter(([, { kind }]) => kind !== 'stay' && kind !== 'refuse')
      .map(([event, reaction]) => ({ row, event, reaction })),
  )

function targetOf(row: Row, reaction: Reaction): string {
  if (reaction.kind === 'go') return rowAfter(row, reaction.to)
  return reaction.kind === 'end' ? reaction.outcome : 'stopped'
}

function followsText(row: Row, reaction: Reaction): string {
  if (reaction.kind === 'go') return `goes on: ${rowAfter(row, reaction.to)}`
  return reaction.kind === 'end' ? `ends: ${reaction.outcome}` : 'stops and asks a person'
}

const rowAfter = (row: Row, to: Phase): Row => rowOf(to, row.endsWith(', operated'))
const stateId = (name: string): string => name.replaceAll(/\W+/g, '_')

// ---------------------------------------------------------------- gates, rights, exit codes

const kinds = [
  'planned',
  'assisted',
  'recovery',
  'retry',
  'restore',
  'adopt',
] as const satisfies readonly SwitchoverKind[]

function gateTable(): string {
  const gates = Object.entries<GateRow>(matrix)
  return markdownTable(
    ['gate', 'id', ...kinds, 'override by', 'asked of'],
    gates.map(([id, { title, override, applies, only }]) => [
      title,
      `\`${id}\``,
      ...kinds.map((kind) => stagesText(applies[kind] ?? [])),
      override ?? 'nobody',
      only === undefined ? 'every pair' : askedOf[only],
    ]),
  )
}

const askedOf = { block: 'pairs with our block', maker: "pairs with a maker's command" } as const

function stagesText(stages: readonly Stage[]): string {
  const asked = (stage: Stage) => stages.includes(stage)
  const before = asked('prepare') && asked('operate')
  if (before) return asked('promote') ? 'always' : 'before'
  return stages.join(', ')
}

function rightTable(): string {
  return markdownTable(
    ['right', ...accessRoles],
    Object.entries(orderRights).map(([right, lowest]) => [
      right,
      ...accessRoles.map((role) => (includesRole(role, lowest) ? 'yes' : '')),
    ]),
  )
}

const exitTexts: Readonly<Record<keyof typeof exitCode, string>> = {
  ok: 'done, or what was asked for is so',
  failed: 'refused or failed; the line on stderr says why',
  usage: 'wrong usage or a wrong plant file; nothing was ordered',
  notReady: 'obstacles stand against the switchover',
  aborted: 'the switchover was aborted, rejected, revoked or expired; nothing was changed',
  bothOrNone: 'a pair has both units active, or none',
}

function exitCodeTable(): string {
  const names = Object.keys(exitCode) as (keyof typeof exitCode)[]
  return markdownTable(
    ['code', 'meaning'],
    names.map((name) => [String(exitCode[name]), exitTexts[name]]),
  )
}

/** A switchover as the core plays it: the very text that the scenario test compares with. */
function exampleText(): string {
  const file = join(repository, 'test/core/scenarios/planned-switchover.txt')
  return ['```text', readFileSync(file, 'utf8').trimEnd(), '```'].join('\n')
}

if (import.meta.main) {
  for (const page of manualPages()) {
    const file = join(repository, page)
    const before = readFileSync(file, 'utf8')
    const after = withSections(page, before)
    if (after === before) continue
    writeFileSync(file, after)
    process.stdout.write(`${page}: written anew\n`)
  }
}
