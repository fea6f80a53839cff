// What must hold of a maker's command in a simulated shift: its intent stands in the journal of an earlier cycle, two persons have
// confirmed it, each of its steps is written at most once, and never while the fate of another one is open.

import assert from 'node:assert/strict'
import { unitsOf } from '../../plc-sim/site.ts'
import type { Command } from '../../src/core/cycle.ts'
import { lastOutput, type Rig } from '../core/rig.ts'

/** Judges one command of a maker; `count` notes what was reached. */
export function makerChecker(rig: Rig, count: (what: string) => void): (command: Command) => void {
  const written = new Set<string>()
  let commands = 0
  return (command) => {
    count("maker's command")
    commands += 1
    const intent = rig.records.find(({ seq }) => seq === command.intentSeq)
    assert.equal(intent?.kind, 'operate-intent', `${command.id} left without an intent`)
    const { id, confirmation: confirmationSeq, step } = intent.data
    const emittedWith = rig.records.length - lastOutput(rig).records.length
    assert.ok(rig.records.indexOf(intent) < emittedWith, `${command.id} left with its intent`)
    assert.equal(command.declared, step)
    assert.deepEqual(command.words, [])
    const confirmation = rig.records.find(({ seq }) => seq === confirmationSeq)
    assert.equal(confirmation?.kind, 'confirmation', `${command.id} has no confirmation`)
    assert.equal(confirmation.data.id, id, `${command.id} was confirmed for another plan`)
    assert.ok(confirmation.data.approver, `${command.id} was confirmed by one person`)
    assert.notEqual(confirmation.data.approver, confirmation.actor)
    const key = `${command.pair} ${confirmationSeq} ${step}`
    assert.ok(
      !written.has(key),
      `${command.id}: step ${step} of one confirmation was written twice`,
    )
    written.add(key)
    const { unknown } = rig.state.pairs[command.pair]?.switchover ?? {}
    assert.equal(unknown, undefined, `${command.id} left while another outcome is open`)
    const taken = unitsOf(rig.site).reduce((sum, { unit }) => sum + (unit.maker?.written ?? 0), 0)
    assert.ok(taken <= commands, `the units were written ${taken} times for ${commands} commands`)
  }
}
