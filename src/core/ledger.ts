// Collects what one cycle puts out. It lives for one call of `step` and numbers the records; stages add to it; the
// only one that reads it back looks for what it would otherwise tell twice.

import type {
  Answer,
  AnswerCode,
  Command,
  Input,
  JournalRecord,
  Json,
  Order,
  RecordKind,
} from './cycle.ts'

export type Entry = {
  readonly kind: RecordKind
  readonly actor?: string
  readonly pair?: string
  readonly text: string
  readonly data?: { readonly [key: string]: Json }
}

export type Ledger = {
  /** Adds a record and returns its number. */
  record(entry: Entry): number
  command(command: Command): void
  answer(
    order: Order,
    code: AnswerCode,
    text: string,
    more?: Omit<Answer, 'orderId' | 'code' | 'text'>,
  ): void
  readonly records: readonly JournalRecord[]
  readonly commands: readonly Command[]
  readonly answers: readonly Answer[]
  readonly nextSeq: number
}

export function openLedger(firstSeq: number, input: Input): Ledger {
  const records: JournalRecord[] = []
  const commands: Command[] = []
  const answers: Answer[] = []
  const { wallMs, nowMs, cycle } = input
  return {
    record(entry) {
      const seq = firstSeq + records.length
      const { kind, text, pair } = entry
      const actor = entry.actor ?? 'supervisor'
      const data = entry.data ?? {}
      records.push({ seq, kind, wallMs, nowMs, cycle, actor, ...(pair && { pair }), text, data })
      return seq
    },
    command: (command) => void commands.push(command),
    answer: (order, code, text, more = {}) =>
      void answers.push({ orderId: order.id, code, text, ...more }),
    records,
    commands,
    answers,
    get nextSeq() {
      return firstSeq + records.length
    },
  }
}
