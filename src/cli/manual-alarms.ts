// The tables of the manual about alarms: the catalogue with its runbooks, and what keeps which alarm quiet.

import { type AlarmEntry, catalogue } from '../core/alarms/alarm-catalogue.ts'
import { type SuppressorEntry, suppressors } from '../core/alarms/suppressors.ts'
import { markdownTable } from './markdown-table.ts'

export function alarmTable(): string {
  const entries = Object.entries<AlarmEntry>(catalogue).sort(
    ([, one], [, other]) => one.priority - other.priority,
  )
  return markdownTable(
    ['priority', 'alarm', 'consequence', 'what to do', 'remarks'],
    entries.map(([key, { priority, condition, consequence, action, ...more }]) => [
      String(priority),
      `${condition} ([\`${key}\`](runbooks/${key}.md))`,
      consequence,
      action,
      alarmRemarks(more),
    ]),
  )
}

const alarmRemarks = ({ delayMs, clearMs, blocks, latched }: Partial<AlarmEntry>): string =>
  [
    ...(delayMs === undefined ? [] : [`after ${delayMs / 1000} s`]),
    ...(clearMs === undefined ? [] : [`clears after ${clearMs / 1000} s`]),
    ...(blocks ? ['blocks a planned switchover'] : []),
    ...(latched ? ['stands until it is acknowledged'] : []),
  ].join('; ')

export function suppressionTable(): string {
  return markdownTable(
    ['while', 'quiet', 'why'],
    Object.values<SuppressorEntry>(suppressors).map(({ alarms, why, ...entry }) => [
      entry.while,
      alarms.map((key) => `\`${key}\``).join(', '),
      [why, ...remarks(entry)].join('; '),
    ]),
  )
}

const remarks = ({ critical, keeps, newOnly, lingersMs }: Partial<SuppressorEntry>): string[] => [
  ...Object.entries(critical ?? {}).map(([key, reason]) => `\`${key}\`: ${reason}`),
  ...(keeps === 'only' ? ['they are kept as they are, not quiet'] : []),
  ...(newOnly ? ['only what comes meanwhile'] : []),
  ...(lingersMs === undefined ? [] : [`for ${lingersMs / 1000} s longer than its cause`]),
]
