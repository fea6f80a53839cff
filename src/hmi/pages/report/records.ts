// The journal's records of one switchover, read backwards from the newest, and what they tell: who ordered it, what was shown, who
// answered, and how it ended.

import type { BumpReport } from '../../../core/bump/bump-view.ts'
import type { JournalRecord } from '../../../core/cycle.ts'
import type { Evidence, StepView, SwitchoverKind } from '../../../core/view.ts'
import { type Refusal, read } from '../../api.ts'

/** What was found so far; `beforeSeq` is where reading would go on, absent at the journal's beginning. */
export type Search = {
  readonly records: readonly JournalRecord[]
  readonly readCount: number
  readonly beforeSeq?: number
  readonly refusal?: Refusal
}

const pageLimit = 500

/** Reads one more page of the pair's records. */
export async function searchOn(pair: string, id: string, found?: Search): Promise<Search> {
  const query = new URLSearchParams({ pair, limit: String(pageLimit) })
  if (found?.beforeSeq !== undefined) query.set('before', String(found.beforeSeq))
  const answer = await read<{ readonly records: readonly JournalRecord[] }>(`journal?${query}`)
  const { records = [], readCount = 0 } = found ?? {}
  if (!answer.ok) return { records, readCount, refusal: answer.refusal }
  const page = answer.body.records
  const first = page[0]
  return {
    records: [...page.filter(({ data }) => data.id === id), ...records],
    readCount: readCount + page.length,
    ...(page.length === pageLimit && first !== undefined && { beforeSeq: first.seq }),
  }
}

/** The record with which the switchover began has been found. */
export const isWhole = ({ records }: Search): boolean => records.some(isBeginning)

export type Story = {
  readonly begun?: JournalRecord
  readonly kind?: SwitchoverKind
  readonly reason: string
  readonly overrides: readonly string[]
  /** What was shown last before the answer. */
  readonly evidence?: Evidence
  readonly confirmation?: JournalRecord
  readonly ended?: JournalRecord
  readonly steps: readonly StepView[]
  readonly bump?: BumpReport
}

/** The parts of a report, from the records in their order. What is in `data` is what the core wrote there. */
export function storyOf(records: readonly JournalRecord[]): Story {
  const begun = records.find(isBeginning)
  const confirmation = records.findLast(({ kind }) => kind === 'confirmation')
  const ended = records.findLast(({ kind }) => kind === 'ended')
  const until = confirmation?.seq ?? Number.POSITIVE_INFINITY
  const shown = records.findLast(({ kind, seq }) => kind === 'proposal' && seq < until)
  const report = records.findLast(({ kind }) => kind === 'report')
  const kind = begun?.data.kind ?? ended?.data.kind
  const { overrides } = begun?.data ?? {}
  return {
    ...(begun && { begun }),
    ...(typeof kind === 'string' && { kind: kind as SwitchoverKind }),
    reason: String(begun?.data.reason ?? ''),
    overrides: Array.isArray(overrides) ? overrides.map(String) : [],
    ...(shown && { evidence: shown.data.evidence as unknown as Evidence }),
    ...(confirmation && { confirmation }),
    ...(ended && { ended }),
    steps: (ended?.data.steps ?? []) as unknown as readonly StepView[],
    ...(report && { bump: report.data.report as unknown as BumpReport }),
  }
}

const isBeginning = ({ kind, data }: JournalRecord): boolean =>
  kind === 'phase' && data.phase === 'preparing'
