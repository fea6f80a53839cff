// The Structured Text and the practice plant's block in lock step under random blocks, wires, times and starts: two programs from one page
// must never differ. RUNS and SEED come from the environment; a run that fails prints what led to it.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { RESULT } from '../../plc-sim/wire.ts'
import { plcFiles, plcText } from './st-unit.ts'
import { play, story } from './stories.ts'

const seed = Number(process.env.SEED ?? Date.now() & 0xffffff)
const numRuns = Number(process.env.RUNS ?? 250)

/** What stands in the text, and a mistake in its place. */
const mistakes: readonly (readonly [string, string])[] = [
  ['IF WORD_TO_UINT(Block[7]) <> UnitNumber THEN', 'IF WORD_TO_UINT(Block[7]) < UnitNumber THEN'],
  ['ELSIF Locked THEN', 'ELSIF Locked AND Remote THEN'],
  ['ELSIF NOT Remote THEN', 'ELSIF NOT Remote AND Permissive THEN'],
  ['IF NewChallenge THEN\n  Issued', 'IF NewChallenge AND NOT Locked THEN\n  Issued'],
  ['BlockEpoch <= Epoch', 'BlockEpoch < Epoch'],
  ['BlockEpoch - Epoch > EPOCH_STEP', 'BlockEpoch - Epoch >= EPOCH_STEP'],
  ['(BlockEpoch <> Epoch) OR (Block[3] <> Owner)', '(BlockEpoch < Epoch) OR (Block[3] <> Owner)'],
  ['BlockSeq <= Accepted', 'BlockSeq < Accepted'],
  ['      IF Phase <> IS_IDLE THEN', '      IF Phase = IS_EXECUTING THEN'],
  ['(Block[6] <> ChosenAction) OR (BlockEvidence <> Evidence)', 'Block[6] <> ChosenAction'],
  ['(TrueRole = ROLE_UNKNOWN) THEN\n          Result', 'FALSE THEN\n          Result'],
  ['ELSIF NOT Permissive THEN\n          Result', 'ELSIF NOT Remote THEN\n          Result'],
  ['PeerNotActive OR PeerIsolated', 'PeerNotActive'],
  ['      ReArmed := FALSE;', ''],
  ['SELECT_MS : UDINT := 3000', 'SELECT_MS : UDINT := 3001'],
  ['EXECUTE_MS : UDINT := 2000', 'EXECUTE_MS : UDINT := 1999'],
  ['IF Reseal AND NOT Locked THEN', 'IF Reseal THEN'],
  ['IF Stood AND Differs THEN', 'IF Differs THEN'],
  ['  JudgedSeq := Accepted;', '  JudgedSeq := 0;'],
  ['Phase := IS_IDLE; (* dropped', '(* dropped'],
]

describe('The function block for the controller and the practice plant', function () {
  this.timeout(180_000)

  it('show and do the same in every scan, whatever is written and wired', () => {
    const seen = new Set<number>()
    let asked = 0
    const run = (steps: Parameters<typeof play>[0]): void => {
      for (const { result, asked: role } of play(steps)) {
        seen.add(result)
        if (role !== 'nothing') asked += 1
      }
    }
    fc.assert(fc.property(story, run), { seed, numRuns })
    const never = Object.entries(RESULT).filter(
      ([name, code]) => name !== 'NONE' && !seen.has(code),
    )
    assert.deepEqual(never, [], `codes that the stories of seed ${seed} never reached`)
    assert.ok(asked > 0, `no OPERATE of seed ${seed} was accepted`)
  })

  for (const [right, wrong] of mistakes) {
    it(`would differ if it said "${wrong.trim()}" in place of "${right.trim()}"`, () => {
      const all = plcFiles.map(plcText).join('\n')
      assert.ok(all.includes(right), 'the text has changed: plant another mistake')
      const change = (text: string): string => text.replaceAll(right, wrong)
      const property = fc.property(story, (steps) => {
        play(steps, change)
      })
      const { failed } = fc.check(property, { seed, numRuns: 4 * numRuns, endOnFailure: true })
      assert.ok(failed, `the stories of seed ${seed} do not notice it`)
    })
  }
})
