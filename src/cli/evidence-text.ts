// Evidence as lines of text: what an operator reads before answering. Pure. It is dense so that the usual proposal fits
// on a terminal of 80 by 24: what is met stands two to a line and may be cut there, what is not met, overridden or unknown in full.

import type { Role } from '../core/plant.ts'
import { roleAfter } from '../core/switchover/role-after.ts'
import type { Evidence, GateResult, SwitchoverView, TagView } from '../core/view.ts'
import type { Screen } from './status-text.ts'
import { clockText, cut, durationText, table, twoColumns, wrap } from './table.ts'

/** All that the hash covers and a person needs, at most `screen.width` wide. */
export function evidenceLines(
  evidence: Evidence,
  switchover: Pick<SwitchoverView, 'id' | 'raisedBy' | 'reason' | 'expiresInMs'>,
  screen: Screen,
): string[] {
  const { width, paint } = screen
  const { id, raisedBy, reason, expiresInMs } = switchover
  const expires =
    expiresInMs === undefined ? '' : `, expires in ${Math.max(0, Math.floor(expiresInMs / 1000))} s`
  const why = reason ? `: ${reason}` : ''
  return [
    ...wrap(`${id} ${kindText[evidence.kind]} of ${evidence.pair}${expires}`, width),
    ...wrap(`asked for by ${raisedBy}${why}`, width),
    ...wrap(evidence.question, width).map(paint.strong),
    ...roleLines(evidence, width),
    ...wrap(evidence.sync.sentence, width, '  sync   '),
    ...gateLines(evidence, screen),
    ...tagLines(evidence.tags, screen),
    ...evidence.alarms.flatMap((alarm) => wrap(alarm, width, 'ALARM ').map(paint.warn)),
    ...planLines(evidence, width),
    ...bumpLines(evidence, width),
    ...wrap(evidence.automatic ?? '', width, 'AUTOMATIC ').filter(() => evidence.automatic),
    ...evidence.risks.flatMap((risk) => wrap(risk, width, 'RISK ')),
    ...wrap(evidence.wayBack, width, 'WAY BACK '),
    ...wrap(
      `${evidence.hash} taken ${clockText(evidence.takenWallMs, true)}, epoch ${evidence.epoch}, ` +
        `revision ${evidence.revision}`,
      width,
      'evidence ',
    ),
  ]
}

/** The verb that an operator types to carry this out; never a word that also names a state. */
export function verbOf(evidence: Evidence): string {
  if (evidence.kind === 'retry' || evidence.kind === 'restore' || evidence.kind === 'adopt')
    return evidence.kind
  return 'switch'
}

/** The safe answer in words: what stays as it is. */
export const keepText = (evidence: Evidence): string =>
  evidence.from === undefined ? 'change nothing' : `keep ${evidence.from}`

const kindText: Readonly<Record<Evidence['kind'], string>> = {
  planned: 'planned switchover',
  assisted: 'assisted failover',
  recovery: 'recovery',
  retry: 'second attempt to promote',
  restore: 'return of the old primary',
  adopt: 'acceptance of what is observed',
}

function roleLines(evidence: Evidence, width: number): string[] {
  const { A, B } = evidence.units
  const now = rolesText(A.role, B.role)
  const after = rolesText(roleAfter(evidence, 'A'), roleAfter(evidence, 'B'))
  const unusual = [A, B].flatMap((unit, index) => {
    const name = index === 0 ? 'A' : 'B'
    const presence = unit.presence === 'answering' ? [] : [`${name} ${unit.presence}`]
    if (unit.conditions === '' || A.conditions === B.conditions) return presence
    return [...presence, `${name}: ${unit.conditions}`]
  })
  const versions = (['program', 'firmware', 'configuration'] as const).map((what) =>
    A[what] === B[what] ? `${what} ${A[what]}` : `${what} A ${A[what]} B ${B[what]}`,
  )
  return [
    `  now    ${now}    after  ${after}`,
    ...(A.conditions !== '' && A.conditions === B.conditions
      ? wrap(`both: ${A.conditions}`, width, '  units  ')
      : []),
    ...(unusual.length > 0 ? wrap(unusual.join('; '), width, '  units  ') : []),
    ...wrap(versions.join(', '), width, '  runs   '),
  ]
}

const rolesText = (a: Role, b: Role): string => `A ${a}, B ${b}`

function gateLines({ gates, tags }: Evidence, { width, paint }: Screen): string[] {
  const met = gates.filter((gate) => gate.met === 'yes')
  const others = gates.filter((gate) => gate.met !== 'yes')
  const alike = tags.filter((tag) => tag.verdict === 'in sync').length
  const compared = alike > 0 ? `, ${alike} of ${tags.length} tags in sync` : ''
  const lines = [`CHECKED  ${met.length} of ${gates.length} gates met${compared}`]
  for (const gate of others) {
    const word = { no: 'NOT MET', unknown: 'UNKNOWN', overridden: 'OVERRIDDEN' }[
      gate.met as 'no' | 'unknown' | 'overridden'
    ]
    const age = gate.ageMs === undefined ? '' : `, ${durationText(gate.ageMs)} old`
    const text = `${gate.title}: ${gate.value} (needs ${gate.threshold}${age})`
    lines.push(...wrap(text, width, `  ${word}  `).map(paint.warn))
  }
  const room = Math.floor(width / 2) - 2
  const short = met.map((gate) => cut(metText(gate), room))
  lines.push(...twoColumns(short, width))
  return lines
}

const metText = (gate: GateResult): string =>
  gate.value === '' ? `ok ${gate.title}` : `ok ${gate.title}: ${gate.value}`

function tagLines(tags: readonly TagView[], { width, paint }: Screen): string[] {
  const apart = tags.filter((tag) => !['in sync', 'not compared'].includes(tag.verdict))
  if (apart.length === 0) return []
  const rows = apart.map((tag) => [
    cut(tag.name, 18),
    cut(`${tag.a} ${tag.units}`.trim(), 14),
    cut(`${tag.b} ${tag.units}`.trim(), 14),
    `+-${tag.tolerance}`,
    `${tag.verdict}${tag.critical ? ', critical' : ''}`,
  ])
  return table(['TAG', 'A', 'B', 'ALLOWED', 'VERDICT'], rows, width).map((line, index) =>
    index === 0 ? line : paint.warn(line),
  )
}

function planLines(evidence: Evidence, width: number): string[] {
  const lines = ['WHAT HAPPENS']
  evidence.plan.forEach((step, index) => {
    const limit = `at most ${durationText(step.limitMs)}`
    const text = `  ${index + 1} ${cut(step.text, width - limit.length - 6)}`
    lines.push(`${text.padEnd(width - limit.length - 1)} ${limit}`)
  })
  return lines
}

/** What the process will feel, and how long it would stay safe without control. */
const bumpLines = ({ forecast = [], budget }: Evidence, width: number): string[] => [
  ...forecast.flatMap(({ text }) => wrap(text, width, 'BUMP ')),
  ...(budget === undefined ? [] : wrap(budget.text, width, 'TIME ')),
]
