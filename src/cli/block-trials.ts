// What `probe --block` sends: one block for each way in which a unit must refuse, in an order that leads through all of them. Every OPERATE
// here is one that must be refused, and asks for the role that the unit has already: should a wrong program accept it, nothing moves.

import {
  type Action,
  type CommandBlock,
  crc32,
  encodeCommand,
  epochStepMax,
  has,
  type StatusBlock,
} from '../core/block.ts'

/** The claim of this probe. */
export type Claim = {
  readonly epoch: number
  readonly owner: number
  readonly nextSeq: () => number
}

export type Trial = {
  /** What is sent, in words. */
  readonly title: string
  /** The result code that must come, or what else the unit must do with it. */
  readonly expected: number | 'thrown away'
  /** In which state of the unit it is sent; the probe brings the unit there. */
  readonly in: 'as found' | 'idle' | 'selected'
  readonly words: (unit: StatusBlock, claim: Claim) => readonly number[]
  /** Why it cannot be tried as things are; undefined when it can. */
  readonly obstacle?: (unit: StatusBlock) => string | undefined
  /** What a person must do first, and afterwards. */
  readonly person?: Errand
}

export type Errand = {
  readonly first: string
  readonly done: (unit: StatusBlock) => boolean
  readonly afterwards: string
  readonly undone: (unit: StatusBlock) => boolean
}

/** The action that changes nothing: the role that the unit has. */
const keepingAction = ({ role }: StatusBlock): Action =>
  role === 'primary' ? 'GO_ACTIVE' : 'GO_STANDBY'

/** A block that the unit accepts in that state. `words` change single words before the checksum is made. */
export function trialWords(
  unit: StatusBlock,
  claim: Claim,
  changes: Partial<CommandBlock> & Pick<CommandBlock, 'opcode'>,
  words: Readonly<Record<number, number>> = {},
): readonly number[] {
  const claims = changes.opcode === 'CLAIM'
  const acts = changes.opcode === 'SELECT' || changes.opcode === 'OPERATE'
  const block: CommandBlock = {
    ...{ epoch: claim.epoch, owner: claim.owner, seq: claim.nextSeq(), unit: unit.unit },
    ...{ expectedRole: unit.role, challenge: unit.challenge, ttlMs: 3000 },
    evidence: claims ? 0 : evidenceOfProbe,
    ...(acts && { action: keepingAction(unit) }),
    ...changes,
  }
  const sound = encodeCommand(block)
  const body = sound.slice(0, 14).map((word, index) => words[index] ?? word)
  const crc = crc32(body)
  const tail = [crc >>> 16, crc & 0xffff, ...sound.slice(16)]
  return [...body, ...tail].map((word, index) => words[index] ?? word)
}

/** No hash of a confirmation: it says where it comes from. */
const evidenceOfProbe = 0x9120_beb0

const claim = { opcode: 'CLAIM' } as const
const select = { opcode: 'SELECT' } as const
const operate = { opcode: 'OPERATE' } as const
const cancel = { opcode: 'CANCEL' } as const

const other = (role: StatusBlock['role']): StatusBlock['role'] =>
  role === 'primary' ? 'standby' : 'primary'
const peerIsDead = (unit: StatusBlock): boolean =>
  has(unit, 'peerNotActive') || has(unit, 'peerIsolated')

/** Why the unit cannot even select the role that it has. */
export const cannotSelect = (unit: StatusBlock): string | undefined => {
  if (!has(unit, 'interlockOk')) return 'the permissive is missing'
  return unit.role === 'primary' && !peerIsDead(unit)
    ? 'the other unit is not known to be inactive; probe this one while it is standby'
    : undefined
}

/** Blocks that are broken as if on their way. */
const torn: readonly Trial[] = (
  [
    ['a claim with another first word', { 0: 0xc502 }],
    ['a claim with a wrong checksum', { 15: 0x5a5a }],
    ['a claim whose reserved word is not 0', { 16: 1 }],
    ['a claim whose commit word does not fit', { 17: 0x5a5a }],
  ] as const
).map(([title, words]) => ({
  title,
  expected: 'thrown away',
  in: 'as found',
  words: (unit, own) => trialWords(unit, own, claim, words),
}))

/** In this order; a unit that is found locked, as after its download, shows that first. */
export const trialsFor = (found: StatusBlock): readonly Trial[] =>
  has(found, 'locked') ? [lockedTrial, ...trials] : [...trials, lockedTrial]

const lockedTrial: Trial = {
  title: 'a claim after the retained data were lost',
  expected: 17,
  in: 'as found',
  obstacle: (unit) =>
    unit.role === 'primary' ? 'a start would move its role; probe it while standby' : undefined,
  words: (unit, own) => trialWords(unit, own, { ...claim, epoch: unit.epoch + 1 }),
  person: {
    first: 'Let the unit start without its retained data, if that may be done here.',
    done: (unit) => has(unit, 'locked'),
    afterwards: 'Press re-arm at the panel.',
    undone: (unit) => !has(unit, 'locked'),
  },
}

const trials: readonly Trial[] = [
  ...torn,
  {
    title: 'a claim meant for another unit',
    expected: 16,
    in: 'as found',
    words: (unit, own) => trialWords(unit, own, { ...claim, unit: unit.unit ^ 1 }),
  },
  {
    title: 'a claim with a challenge that was not issued',
    expected: 19,
    in: 'as found',
    words: (unit, own) => trialWords(unit, own, { ...claim, challenge: ~unit.challenge >>> 0 }),
  },
  {
    title: 'a claim of the epoch that stands',
    expected: 20,
    in: 'as found',
    words: (unit, own) => trialWords(unit, own, { ...claim, epoch: unit.epoch }),
  },
  {
    title: 'a claim of the next epoch',
    expected: 2,
    in: 'as found',
    words: (unit, own) => trialWords(unit, own, claim),
  },
  {
    title: `a claim ${epochStepMax + 1} epochs higher`,
    expected: 20,
    in: 'idle',
    words: (unit, own) => trialWords(unit, own, { ...claim, epoch: unit.epoch + epochStepMax + 1 }),
  },
  {
    title: 'a cancel of another owner',
    expected: 21,
    in: 'idle',
    words: (unit, own) => trialWords(unit, own, { ...cancel, owner: own.owner ^ 1 }),
  },
  {
    title: 'a cancel of the epoch before',
    expected: 21,
    in: 'idle',
    words: (unit, own) => trialWords(unit, own, { ...cancel, epoch: unit.epoch - 1 }),
  },
  {
    title: 'a cancel with a sequence number that was used',
    expected: 22,
    in: 'idle',
    words: (unit, own) => trialWords(unit, own, { ...cancel, seq: unit.accepted }),
  },
  {
    title: 'an opcode that does not exist',
    expected: 29,
    in: 'idle',
    words: (unit, own) => trialWords(unit, own, cancel, { 5: 0x1234 }),
  },
  {
    title: 'an operate without a select',
    expected: 27,
    in: 'idle',
    words: (unit, own) => trialWords(unit, own, operate),
  },
  {
    title: 'a select that expects another role',
    expected: 24,
    in: 'idle',
    words: (unit, own) => trialWords(unit, own, { ...select, expectedRole: other(unit.role) }),
  },
  {
    title: 'a select of an action that does not exist',
    expected: 30,
    in: 'idle',
    words: (unit, own) => trialWords(unit, own, select, { 6: 0x1234 }),
  },
  {
    title: 'a select of the role that it has',
    expected: 3,
    in: 'idle',
    obstacle: cannotSelect,
    words: (unit, own) => trialWords(unit, own, select),
  },
  {
    title: 'a second select',
    expected: 23,
    in: 'selected',
    obstacle: cannotSelect,
    words: (unit, own) => trialWords(unit, own, select),
  },
  {
    title: 'an operate with other evidence',
    expected: 28,
    in: 'selected',
    obstacle: cannotSelect,
    words: (unit, own) => trialWords(unit, own, { ...operate, evidence: ~evidenceOfProbe >>> 0 }),
  },
  {
    title: 'an operate with another action',
    expected: 28,
    in: 'selected',
    obstacle: cannotSelect,
    words: (unit, own) => trialWords(unit, own, operate, { 6: 0x1234 }),
  },
  {
    title: 'an operate that expects another role',
    expected: 24,
    in: 'selected',
    obstacle: cannotSelect,
    words: (unit, own) => trialWords(unit, own, { ...operate, expectedRole: other(unit.role) }),
  },
  {
    title: 'a cancel of the selection',
    expected: 6,
    in: 'selected',
    obstacle: cannotSelect,
    words: (unit, own) => trialWords(unit, own, cancel),
  },
  {
    title: 'a select to go active beside a live unit',
    expected: 26,
    in: 'idle',
    obstacle: (unit) => (has(unit, 'interlockOk') ? undefined : 'the permissive is missing'),
    words: (unit, own) => trialWords(unit, own, { ...select, action: 'GO_ACTIVE' }),
    person: {
      first: 'Let the contacts say that the outputs of the other unit are alive and not cut off.',
      done: (unit) => !peerIsDead(unit),
      afterwards: 'Put the contacts back as they belong.',
      undone: () => true,
    },
  },
  {
    title: 'a claim on LOCAL',
    expected: 18,
    in: 'idle',
    words: (unit, own) => trialWords(unit, own, { ...claim, epoch: unit.epoch + 1 }),
    person: {
      first: 'Turn the switch to LOCAL.',
      done: (unit) => !has(unit, 'remote'),
      afterwards: 'Turn the switch back to REMOTE.',
      undone: (unit) => has(unit, 'remote'),
    },
  },
  {
    title: 'a select without the permissive',
    expected: 25,
    in: 'idle',
    words: (unit, own) => trialWords(unit, own, select),
    person: {
      first: 'Take the permissive away.',
      done: (unit) => !has(unit, 'interlockOk'),
      afterwards: 'Give the permissive back.',
      undone: (unit) => has(unit, 'interlockOk'),
    },
  },
]
