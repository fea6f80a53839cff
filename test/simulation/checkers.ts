// What must hold in every cycle of a simulated shift, whatever happens. Each check is a sentence; the truth is the practice plant's,
// the promises are the journal's.

import assert from 'node:assert/strict'
import type { Command, JournalRecord } from '../../src/core/cycle.ts'
import { evidenceWord } from '../../src/core/switchover/evidence.ts'
import { lastOutput, pairOf, type Rig, truth } from '../core/rig.ts'
import { makerChecker } from './maker-checker.ts'
import { policyChecker } from './policy-checks.ts'

export type Checker = {
  check(): void
  restarted(): void
  demandRecovery(): void
  /** How often what was reached: a campaign in which nothing happens proves nothing. */
  readonly reached: Record<string, number>
}

const OPERATE = 0x9669
const CANCEL = 0xf00f

export function newChecker(rig: Rig): Checker {
  const reached: Record<string, number> = {}
  const count = (what: string) => {
    reached[what] = (reached[what] ?? 0) + 1
  }
  const sent = new Set<string>()
  const openBlocks = new Map<string, Command>()
  let heldSince = 0

  const check = (): void => {
    const { records, commands } = lastOutput(rig)
    for (const record of records) noteRecord(record)
    for (const command of commands) checkCommand(command)
    for (const { name } of rig.plant.pairs) {
      const { both } = truth(rig, name)
      const causes =
        rig.site.pairs.find((pair) => pair.name === name)?.truth.bothActive.causes ?? {}
      const ours = Object.keys(causes).filter((cause) => cause.includes('command'))
      assert.deepEqual(ours, [], `${name}: both units were active for ${both} scans by a command`)
      if (both > 0) count('both active by a fault')
    }
  }

  const noteRecord = (record: JournalRecord): void => {
    if (record.kind === 'ended') count(`ended ${String(record.data.outcome)}`)
    if (record.kind === 'outcome') {
      count(`outcome ${String(record.data.fate)}`)
      openBlocks.delete(`${record.pair}.${String(record.data.unit)}`)
    }
    if (record.kind === 'confirmation') count('confirmed')
    if (record.kind === 'refusal') count('refused')
    if (record.kind === 'phase' && record.data.phase === 'preparing') {
      count(`prepared ${String(record.data.kind)}`)
      if (record.actor === 'supervisor' && record.data.kind === 'planned') checkWayBack(record)
    }
    if (record.kind === 'failback') count(`failback ${String(record.data.event)}`)
    if (record.kind === 'flapping') count(`flapping ${String(record.data.event)}`)
  }

  const checkCommand = (command: Command): void => {
    if (command.declared !== undefined) {
      checkHeld(command)
      checkMaker(command)
      return
    }
    const opcode = command.words[5] ?? 0
    const intent = rig.records.find((record) => record.seq === command.intentSeq)
    assert.ok(intent !== undefined, `${command.id} left without a record`)
    assert.ok(intent.kind.endsWith('-intent'), `${command.id} left without an intent`)
    const emittedWith = rig.records.length - lastOutput(rig).records.length
    assert.ok(
      rig.records.indexOf(intent) < emittedWith,
      `${command.id} left in the cycle that recorded its intent`,
    )
    const key = `${command.device}/${command.words.slice(1, 5).join('/')}`
    assert.ok(!sent.has(key), `${key} was sent twice`)
    sent.add(key)
    assert.ok(
      !openBlocks.has(command.device),
      `${command.id} left while a block was open at the unit`,
    )
    if (opcode !== CANCEL) openBlocks.set(command.device, command)
    checkHeld(command)
    if (opcode === OPERATE) checkConfirmed(command, intent)
  }

  /** Every OPERATE was confirmed by a person, under the same evidence, in a record that is older than its intent. */
  const checkConfirmed = (command: Command, intent: JournalRecord): void => {
    count('OPERATE')
    const confirmation = rig.records.find((record) => record.seq === intent.data.confirmation)
    assert.equal(confirmation?.kind, 'confirmation', `${command.id} has no confirmation`)
    assert.equal(
      confirmation?.data.id,
      intent.data.id,
      `${command.id} was confirmed for another plan`,
    )
    const word = ((command.words[11] ?? 0) * 2 ** 16 + (command.words[12] ?? 0)) >>> 0
    assert.equal(
      word,
      evidenceWord(String(confirmation?.data.hash)),
      `${command.id}: other evidence`,
    )
    assert.notEqual(confirmation?.actor, 'supervisor')
    if (confirmation?.data.via === 'policy') checkPolicy(command, confirmation)
    const action = intent.data.action
    const earlier = rig.records.filter(
      (record) =>
        record.kind === 'operate-intent' &&
        record.data.id === intent.data.id &&
        record.data.action === action,
    )
    assert.equal(earlier.length, 1, `${command.id}: OPERATE ${String(action)} was repeated`)
  }

  const checkMaker = makerChecker(rig, count)
  const { checkWayBack, checkPolicy } = policyChecker(rig, count)

  /** After a restart nothing is written to a held pair before a person resumes it. */
  const checkHeld = (command: Command): void => {
    const since = rig.records.slice(heldSince)
    const mine = since.filter((record) => record.kind === 'held' && record.pair === command.pair)
    assert.notEqual(mine.at(-1)?.data.held, true, `${command.id} left although the pair is held`)
  }

  return {
    check,
    reached,
    restarted() {
      count('restarted')
      openBlocks.clear()
      heldSince = Math.max(0, rig.records.length - 1)
    },
    demandRecovery() {
      for (const { name } of rig.plant.pairs) {
        const view = pairOf(rig, name)
        assert.equal(view.phase, 'idle', `${name} did not come back: ${view.sentence}`)
        assert.equal(view.pairState, 'normal', `${name} did not come back: ${view.sentence}`)
        assert.deepEqual(truth(rig, name).active, [view.primary], `${name}: ${view.sentence}`)
      }
    },
  }
}
