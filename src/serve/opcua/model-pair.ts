// The variables of a pair, of what is pending there, and of its tags.

import type { PairView, SwitchoverView, TagView } from '../../core/view.ts'
import { fromUnit, good, type Reading } from './reading.ts'
import type { Row } from './rows.ts'

export type PairSubject = { readonly pair: PairView; readonly wallMs: number }
export type TagSubject = PairSubject & { readonly tag: TagView; readonly type: TagType }
/** How the values of a tag are shown. */
export type TagType = 'Double' | 'Boolean' | 'String'

const say = ({ wallMs }: PairSubject, value: Reading['value']): Reading => good(value, wallMs)

export const pairRows: readonly Row<PairSubject>[] = [
  {
    ...{ name: 'Sentence', type: 'String', text: 'The state of the pair in one sentence.' },
    of: (one) => say(one, one.pair.sentence),
  },
  {
    ...{ name: 'Phase', type: 'SwitchoverPhase', history: true, text: 'Phase of the switchover.' },
    of: (one) => say(one, one.pair.phase),
  },
  {
    ...{
      name: 'PrimaryUnit',
      type: 'UnitLetter',
      history: true,
      text: 'The one unit that is primary.',
    },
    of: (one) => say(one, one.pair.primary ?? 'none'),
  },
  {
    ...{
      name: 'PairState',
      type: 'PairState',
      history: true,
      text: 'Roles of both units together.',
    },
    of: (one) => say(one, one.pair.pairState),
  },
  {
    ...{
      name: 'SyncVerdict',
      type: 'SyncVerdict',
      history: true,
      text: 'Whether the units agree.',
    },
    of: (one) => say(one, one.pair.sync.verdict),
  },
  {
    ...{ name: 'SyncSentence', type: 'String', text: 'The verdict with its reason.' },
    of: (one) => say(one, one.pair.sync.sentence),
  },
  {
    ...{ name: 'SyncCoveragePct', type: 'Double', text: 'Share of the tags with a verdict.' },
    ...{ units: '%', range: [0, 100], history: 1 },
    of: (one) => say(one, one.pair.sync.coveragePct),
  },
  {
    ...{
      name: 'Ready',
      type: 'Boolean',
      history: true,
      text: 'A switchover could be ordered now.',
    },
    of: (one) => say(one, one.pair.ready),
  },
  {
    ...{ name: 'TargetUnit', type: 'UnitLetter', text: 'The unit that a switchover would go to.' },
    of: (one) => say(one, one.pair.target ?? 'none'),
  },
  {
    ...{ name: 'Obstacles', type: 'String', list: true },
    text: 'What stands against a switchover: found, wanted, and when it clears.',
    of: (one) =>
      say(
        one,
        one.pair.obstacles.map(
          ({ title, value, threshold, clearsWhen }) =>
            `${title}: ${value} (wanted: ${threshold}); clears when ${clearsWhen}`,
        ),
      ),
  },
  {
    ...{ name: 'Mode', type: 'SupervisionMode', text: 'observe: nothing is ever written.' },
    of: (one) => say(one, one.pair.mode),
  },
  {
    ...{
      name: 'Lockout',
      type: 'Boolean',
      history: true,
      text: 'Orders for this pair are refused.',
    },
    of: (one) => say(one, one.pair.lockout !== undefined),
  },
  {
    ...{ name: 'LockoutText', type: 'String', text: 'Who locked the pair out, and why.' },
    of: (one) => {
      const { lockout } = one.pair
      return say(one, lockout === undefined ? '' : `${lockout.by}: ${lockout.reason}`)
    },
  },
  {
    ...{ name: 'Held', type: 'String', text: 'Why the pair is held; empty when it is not.' },
    of: (one) => say(one, one.pair.unknownOutcome ?? one.pair.held ?? ''),
  },
  {
    ...{ name: 'Stopped', type: 'String' },
    text: 'How a switchover stopped half way; empty when none did.',
    of: (one) => say(one, one.pair.stopped?.text ?? ''),
  },
  {
    ...{ name: 'LastResult', type: 'String', text: 'How the last switchover ended.' },
    of: (one) => say(one, lastResult(one.pair)),
  },
]

const lastResult = ({ lastEnded }: PairView): string => {
  const last = lastEnded.reduce<(typeof lastEnded)[number] | undefined>(
    (newest, one) => (newest === undefined || one.endedWallMs > newest.endedWallMs ? one : newest),
    undefined,
  )
  return last === undefined ? '' : `${last.id} ${last.outcome}: ${last.text}`
}

/** The proposal that waits for an answer. */
export const openProposal = ({ switchover }: PairView): SwitchoverView | undefined =>
  switchover?.phase === 'proposed' && switchover.evidence !== undefined ? switchover : undefined

const ofProposal =
  (read: (proposal: SwitchoverView) => Reading['value'], empty: Reading['value']) =>
  (one: PairSubject): Reading => {
    const proposal = openProposal(one.pair)
    return say(one, proposal === undefined ? empty : read(proposal))
  }

export const pendingRows: readonly Row<PairSubject>[] = [
  {
    ...{ name: 'Active', type: 'Boolean', text: 'A proposal waits for an answer.' },
    of: ofProposal(() => true, false),
  },
  {
    ...{ name: 'ProposalId', type: 'String', text: 'Name of the proposal, for the methods.' },
    of: ofProposal(({ id }) => id, ''),
  },
  {
    ...{ name: 'EvidenceHash', type: 'String' },
    text: 'Names the evidence that is shown; a confirmation must bring it.',
    of: ofProposal(({ evidence }) => evidence?.hash ?? '', ''),
  },
  {
    ...{ name: 'Question', type: 'String', text: 'What is asked.' },
    of: ofProposal(({ evidence }) => evidence?.question ?? '', ''),
  },
  {
    ...{
      name: 'Kind',
      type: 'String',
      text: 'planned, assisted, recovery, retry, restore, adopt.',
    },
    of: ofProposal(({ kind }) => kind, ''),
  },
  {
    ...{ name: 'Target', type: 'UnitLetter', text: 'The unit that would become primary.' },
    of: ofProposal(({ to }) => to ?? 'none', 'none'),
  },
  {
    ...{ name: 'RaisedBy', type: 'String', text: 'Who ordered or proposed it.' },
    of: ofProposal(({ raisedBy }) => raisedBy, ''),
  },
  {
    ...{ name: 'Reason', type: 'String', text: 'Why it was ordered or proposed.' },
    of: ofProposal(({ reason }) => reason, ''),
  },
  {
    ...{ name: 'Plan', type: 'String', list: true, text: 'The steps, in order.' },
    of: ofProposal(({ evidence }) => evidence?.plan.map(({ text }) => text) ?? [], []),
  },
  {
    ...{ name: 'Risks', type: 'String', list: true, text: 'What may go wrong.' },
    of: ofProposal(({ evidence }) => evidence?.risks ?? [], []),
  },
  {
    ...{ name: 'WayBack', type: 'String', text: 'How to undo it.' },
    of: ofProposal(({ evidence }) => evidence?.wayBack ?? '', ''),
  },
  {
    ...{ name: 'ExpiresAt', type: 'DateTime', text: 'Answered after this time, it is void.' },
    of: (one) => {
      const left = openProposal(one.pair)?.expiresInMs
      if (left === undefined) return { value: null, quality: 'BadNoData', atMs: one.wallMs }
      // Whole seconds: the time left is counted in cycles, and the time of the end must not flicker.
      return say(one, Math.round((one.wallMs + left) / 1000) * 1000)
    },
  },
  {
    ...{ name: 'NeedsTypedName', type: 'Boolean', text: "The pair's name must be typed." },
    of: ofProposal(({ needs }) => needs.typedName, false),
  },
  {
    ...{ name: 'NeedsReason', type: 'Boolean', text: 'A reason must be given.' },
    of: ofProposal(({ needs }) => needs.reason, false),
  },
  {
    ...{ name: 'NeedsPassword', type: 'Boolean', text: "The operator's password, once more." },
    of: ofProposal(({ needs }) => needs.reauthentication, false),
  },
  {
    ...{ name: 'NeedsSecondPerson', type: 'Boolean', text: 'A second person must approve.' },
    of: ofProposal(({ needs }) => needs.secondPerson, false),
  },
]

export const tagRows: readonly Row<TagSubject>[] = [
  {
    ...{
      name: 'Verdict',
      type: 'TagVerdict',
      history: true,
      text: 'Whether the two values agree.',
    },
    of: (one) => say(one, one.tag.verdict),
  },
  {
    ...{
      name: 'Evidence',
      type: 'String',
      text: 'Why it is different, or why there is no verdict.',
    },
    of: (one) => say(one, one.tag.evidence ?? ''),
  },
]

/** The value of the tag in one unit. Numbers as the view shows them: at most three decimals. */
export function tagReading({ pair, wallMs, tag, type }: TagSubject, unit: 'A' | 'B'): Reading {
  const text = unit === 'A' ? tag.a : tag.b
  return fromUnit(pair.units[unit], wallMs, tagValue(text, type))
}

function tagValue(text: string, type: TagType): number | boolean | string | undefined {
  if (text === '?') return undefined
  if (type === 'String') return text
  if (type === 'Boolean') return text === 'true' || text === '1'
  const number = Number(text)
  return text === '' || Number.isNaN(number) ? undefined : number
}
