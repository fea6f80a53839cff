// Who, when, why and how it ended, at the head of a report.

import { roleAfter } from '../../../core/switchover/role-after.ts'
import type { Evidence } from '../../../core/view.ts'
import { plant } from '../../live/live.ts'
import { texts } from '../../texts.ts'
import { dateTimeText, zoneText } from '../../time-text.ts'
import type { Story } from './records.ts'

export function Facts({ pair, story }: { pair: string; story: Story }) {
  const words = texts.switchover.report
  const { begun, kind, reason, overrides, evidence, confirmation, ended } = story
  const given = confirmation?.data ?? {}
  const rows: readonly (readonly [string, string | undefined])[] = [
    [words.pair, `${plant.value?.site ?? ''}, ${pair}`],
    [words.kind, kind && texts.switchover.kinds[kind]],
    [words.outcome, ended?.text],
    [words.start, timeText(begun?.wallMs)],
    [words.end, timeText(ended?.wallMs)],
    [words.ordered, begun?.actor],
    [words.reason, reason],
    [words.overrides, overrides.join(', ') || words.none],
    [words.confirmed, confirmation?.actor],
    [words.via, confirmation && `${given.via}, ${timeText(confirmation.wallMs)}`],
    [words.approved, given.approver === undefined ? undefined : String(given.approver)],
    [words.confirmReason, given.reason === reason ? undefined : textOf(given.reason)],
    [words.hash, textOf(given.hash)],
    [words.before, evidence && rolesText(evidence.units.A.role, evidence.units.B.role)],
    [words.planned, evidence && rolesAfter(evidence)],
  ]
  return (
    <table class="facts">
      <caption class="off-screen">{words.title('')}</caption>
      <tbody>
        {rows
          .filter(([, text]) => text !== undefined && text !== '')
          .map(([label, text]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{text}</td>
            </tr>
          ))}
      </tbody>
    </table>
  )
}

const rolesAfter = (evidence: Evidence): string =>
  rolesText(roleAfter(evidence, 'A'), roleAfter(evidence, 'B'))

const rolesText = (a: string, b: string): string => `A ${a}, B ${b}`

const textOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : String(value)

const timeText = (wallMs: number | undefined): string | undefined =>
  wallMs === undefined ? undefined : `${dateTimeText(wallMs)} ${zoneText(wallMs)}`
