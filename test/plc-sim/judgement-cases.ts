// One block for each result code that a judged block can get, and how to bring the unit there.
import assert from 'node:assert/strict'
import type { Plant } from '../../plc-sim/plant.ts'
import { type Block, CANCEL, GO_ACTIVE, GO_STANDBY, type Hand, OPERATE, SELECT } from './by-hand.ts'

type JudgementCase = {
  readonly name: string
  readonly result: number
  readonly unit?: string
  readonly prepare?: (hand: Hand, plant: Plant) => Promise<unknown>
  readonly block?: Partial<Block>
}

const claim = (hand: Hand) => hand.send()
export const select =
  (action: number, changes: Partial<Block> = {}) =>
  async (hand: Hand) => {
    await hand.send()
    assert.equal((await hand.send({ opcode: SELECT, action, ...changes })).result, 3)
  }
const afterSelect =
  (fault: string, action: number, target = 'intake.A') =>
  async (hand: Hand, plant: Plant) => {
    await select(action)(hand)
    await plant.addFault({ target, fault })
  }
export const operating = async (hand: Hand, plant: Plant) => {
  await plant.addFault({ target: 'intake.A', fault: 'acks_not_act' })
  await select(GO_STANDBY)(hand)
  assert.equal((await hand.send({ opcode: OPERATE, action: GO_STANDBY })).result, 4)
}

export const JUDGEMENT_CASES: readonly JudgementCase[] = [
  { name: 'CLAIMED (2) for a claim of the next epoch', result: 2 },
  { name: 'SELECTED (3) for a select', result: 3, prepare: claim, block: standby(SELECT) },
  {
    name: 'EXECUTING (4) for an operate after its select',
    result: 4,
    prepare: select(GO_STANDBY),
    block: standby(OPERATE),
  },
  {
    name: 'CANCELLED (6) for a cancel of a selection',
    result: 6,
    prepare: select(GO_STANDBY),
    block: { opcode: CANCEL },
  },
  {
    name: 'CANCELLED (6) for a cancel of nothing',
    result: 6,
    prepare: claim,
    block: { opcode: CANCEL },
  },
  { name: 'WRONG_UNIT (16) for a block meant for another unit', result: 16, block: { unit: 12 } },
  {
    name: 'LOCKED (17) after the retained data were lost',
    result: 17,
    prepare: loseRetained,
  },
  {
    name: 'LOCAL (18) while the switch stands on LOCAL',
    result: 18,
    prepare: async (_, plant) => plant.action({ target: 'intake.A', action: 'local' }),
  },
  { name: 'STALE (19) for another challenge', result: 19, block: { challenge: 1 } },
  { name: 'OLD_EPOCH (20) for an epoch not above the retained one', result: 20, prepare: claim },
  {
    name: 'OLD_EPOCH (20) for a step of 1001 epochs',
    result: 20,
    block: { epoch: 1001 },
  },
  {
    name: 'FENCED (21) for another owner',
    result: 21,
    prepare: claim,
    block: { opcode: CANCEL, owner: 1 },
  },
  {
    name: 'FENCED (21) for another epoch',
    result: 21,
    prepare: claim,
    block: { opcode: CANCEL, epoch: 8 },
  },
  {
    name: 'OLD_SEQ (22) for a sequence number that was used',
    result: 22,
    prepare: claim,
    block: { opcode: CANCEL, seq: 1 },
  },
  {
    name: 'BUSY (23) for a second select',
    result: 23,
    prepare: select(GO_STANDBY),
    block: standby(SELECT),
  },
  {
    name: 'BUSY (23) for a claim during an execution',
    result: 23,
    prepare: operating,
    block: { epoch: 8 },
  },
  {
    name: 'BUSY (23) for a cancel during an execution',
    result: 23,
    prepare: operating,
    block: { opcode: CANCEL },
  },
  {
    name: 'BUSY (23) for an operate during an execution',
    result: 23,
    prepare: operating,
    block: standby(OPERATE),
  },
  {
    name: 'ROLE (24) for a select that expects another role',
    result: 24,
    prepare: claim,
    block: { ...standby(SELECT), expectedRole: 2 },
  },
  {
    name: 'ROLE (24) for an operate that expects another role',
    result: 24,
    prepare: select(GO_STANDBY),
    block: { ...standby(OPERATE), expectedRole: 2 },
  },
  {
    name: 'INTERLOCK (25) for a select without the permissive',
    result: 25,
    prepare: async (hand, plant) => {
      await claim(hand)
      await plant.addFault({ target: 'intake.A', fault: 'interlock_lost' })
    },
    block: standby(SELECT),
  },
  {
    name: 'INTERLOCK (25) for an operate whose permissive has gone',
    result: 25,
    prepare: afterSelect('interlock_lost', GO_STANDBY),
    block: standby(OPERATE),
  },
  {
    name: 'PEER (26) for a promote while the other unit is active',
    result: 26,
    unit: 'intake.B',
    prepare: claim,
    block: { opcode: SELECT, action: GO_ACTIVE },
  },
  {
    name: 'PEER (26) for an operate while the other unit has come back',
    result: 26,
    unit: 'intake.B',
    prepare: async (hand, plant) => {
      await plant.addFault({ target: 'intake', fault: 'none_primary' })
      await select(GO_ACTIVE)(hand)
      await plant.clearFault()
    },
    block: { opcode: OPERATE, action: GO_ACTIVE },
  },
  {
    name: 'NO_SELECT (27) for an operate alone',
    result: 27,
    prepare: claim,
    block: standby(OPERATE),
  },
  {
    name: 'MISMATCH (28) for an operate with another action',
    result: 28,
    prepare: select(GO_STANDBY),
    block: { opcode: OPERATE, action: GO_ACTIVE },
  },
  {
    name: 'MISMATCH (28) for an operate with other evidence',
    result: 28,
    prepare: select(GO_STANDBY),
    block: { ...standby(OPERATE), evidence: 0xdeadbeee },
  },
  { name: 'BAD_OPCODE (29)', result: 29, prepare: claim, block: { opcode: 0x1234 } },
  {
    name: 'BAD_ACTION (30)',
    result: 30,
    prepare: claim,
    block: { opcode: SELECT, action: 0x1234 },
  },
]

export function standby(opcode: number): Partial<Block> {
  return { opcode, action: GO_STANDBY }
}

export async function loseRetained(hand: Hand, plant: Plant): Promise<void> {
  await plant.addFault({ target: 'intake.A', fault: 'retained_lost' })
  await plant.action({ target: 'intake.A', action: 'reboot' })
  await hand.terminal.ended()
  await plant.advance(400)
  await plant.clearFault()
  await hand.reconnect()
}
