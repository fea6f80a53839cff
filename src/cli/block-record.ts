// The commissioning record of one unit's command block: what was sent, what must come, what came. For the binder, and as JSON.

import { createHash } from 'node:crypto'
import { hex, resultName } from '../core/block.ts'
import { table, wrap } from './table.ts'

export type RecordedTrial = {
  readonly title: string
  readonly words: readonly number[]
  readonly expected: string
  readonly seen: string
  /** What else was wrong about it, in words. */
  readonly faults: readonly string[]
  readonly passed: boolean
  readonly atMs: number
  readonly tookMs: number
}
export type NotSeen = { readonly title: string; readonly expected: string; readonly why: string }

export type BlockRecord = {
  readonly device: string
  readonly address: string
  readonly unit: number
  readonly role: string
  /** Checksum of the controller's program, in hexadecimal; `not known` when it has none. */
  readonly program: string
  readonly boot: number
  readonly startedAt: string
  readonly endedAt: string
  /** `after` is missing when the unit did not answer at the end. */
  readonly epoch: { readonly before: number; readonly after?: number }
  readonly owner: { readonly before: number; readonly probe: number }
  readonly trials: readonly RecordedTrial[]
  readonly notSeen: readonly NotSeen[]
  /** Why it ended before its end. */
  readonly stopped?: string
}

/** The table is kept whole, however narrow the screen: it goes into a binder. */
const binderWidth = 160

/** Everything came as it must. What was not tried is listed, and is no failure. */
export const passed = ({ trials, stopped }: BlockRecord): boolean =>
  stopped === undefined && trials.every((trial) => trial.passed)

export const expectation = (expected: number | 'thrown away'): string =>
  expected === 'thrown away' ? expected : codeText(expected)

/** `STALE (19)`. */
export const codeText = (code: number): string => `${resultName(code)} (${code})`

export const recordJson = (record: BlockRecord): object => ({
  ...record,
  trials: record.trials.map(({ words, ...trial }) => ({
    ...trial,
    words: words.map((word) => hex(word, 4)).join(' '),
  })),
  passed: passed(record),
  checksum: checksumOf(record),
})

export function recordLines(record: BlockRecord, width: number): readonly string[] {
  const { device, address, unit, role, program, boot, epoch, owner, trials, notSeen } = record
  const rows = trials.map(({ title, expected, seen, atMs, tookMs, passed: good }, index) => [
    `${index + 1}`,
    new Date(atMs).toISOString().slice(11, 23),
    good ? 'ok' : 'WRONG',
    expected,
    seen,
    `${tookMs} ms`,
    title,
  ])
  const faults = trials.flatMap(({ faults: all }, index) =>
    all.map((fault) => `${index + 1}: ${fault}`),
  )
  return [
    `Command block of ${device} at ${address}: unit ${unit}, ${role}, program ${program}, start ${boot}`,
    `${record.startedAt} to ${record.endedAt}`,
    `epoch ${epoch.before} of ${hex(owner.before, 4)} before, ${epoch.after ?? 'not known'} after, owner of this probe ${hex(owner.probe, 4)}`,
    '',
    ...table(['', 'AT', '', 'EXPECTED', 'SEEN', 'TOOK', 'SENT'], rows, binderWidth),
    ...(faults.length > 0 ? ['', ...faults] : []),
    ...(notSeen.length > 0 ? ['', 'Not seen:'] : []),
    ...notSeen.flatMap(({ title, expected, why }) =>
      wrap(`${expected}, ${title}: ${why}`, width, '  - '),
    ),
    '',
    ...(record.stopped === undefined ? [] : [`Stopped: ${record.stopped}`]),
    `${trials.filter((trial) => trial.passed).length} of ${trials.length} as expected, ${notSeen.length} not seen; checksum of this record ${checksumOf(record)}`,
  ]
}

/** First 16 hexadecimal digits of the SHA-256 over the record as JSON. */
const checksumOf = (record: BlockRecord): string =>
  createHash('sha256').update(JSON.stringify(record)).digest('hex').slice(0, 16)
