// What must hold of what the supervisor starts or confirms itself: only where the pair asks for it, never twice without a person, and
// no way back that a person has taken in hand.

import assert from 'node:assert/strict'
import type { Command, JournalRecord } from '../../src/core/cycle.ts'
import type { Evidence } from '../../src/core/view.ts'
import type { Rig } from '../core/rig.ts'

export function policyChecker(rig: Rig, count: (what: string) => void) {
  /** The way back is only proposed where the pair asks for it, after a failure that nobody has taken in hand, in its hours. */
  const checkWayBack = ({ pair: name, seq, wallMs, data }: JournalRecord): void => {
    const failback = rig.plant.pairs.find((pair) => pair.name === name)?.policy.failback
    count(`way back proposed: ${failback}`)
    assert.notEqual(failback, 'hold', `${name}: nobody has asked for a way back`)
    const before = rig.records.filter((record) => record.pair === name && record.seq < seq)
    const matter = before.findLast(({ kind }) => kind === 'failback')
    assert.ok(matter !== undefined && matter.data.event !== 'ended', `${name}: no matter is open`)
    assert.equal(matter.data.unit, data.to)
    const standing = before.findLast(({ kind }) => kind === 'lockout')
    assert.notEqual(standing?.data.on, true, `${name} is locked out`)
    const fitness = before.findLast(
      (record) => record.kind === 'qualifying' && record.data.unit === data.to,
    )
    assert.notEqual(fitness?.data.event, 'begun', `${name}.${data.to} has not qualified`)
    if (failback !== 'window') return
    assert.match(new Date(wallMs).toUTCString(), /^Sun, .* 08:00:/, `${name}: no window is open`)
  }

  /** What the supervisor confirmed itself: the pair has asked for it, nothing was overridden, and a person has looked since. */
  const checkPolicy = (command: Command, confirmation: JournalRecord): void => {
    const { id, hash } = confirmation.data
    const pair = rig.plant.pairs.find(({ name }) => name === command.pair)
    assert.equal(
      pair?.policy.switchover,
      'automatic',
      `${command.id}: ${command.pair} is supervised`,
    )
    const shown = rig.records.find(({ kind, data }) => kind === 'proposal' && data.hash === hash)
    const evidence = shown?.data.evidence as Evidence | undefined
    assert.ok(evidence !== undefined && shown?.data.id === id, `${command.id}: what was confirmed?`)
    assert.ok(
      confirmation.nowMs - (shown?.nowMs ?? 0) >= (pair?.policy.automaticAfterS ?? 0) * 1000,
    )
    for (const { gate, met } of evidence.gates) assert.equal(met, 'yes', `${command.id}: ${gate}`)
    assert.ok(
      ['interlock', 'alarms', 'requalified'].every((one) =>
        evidence.gates.some(({ gate }) => gate === one),
      ),
    )
    const { kind } = evidence
    assert.ok(
      kind === 'assisted' || (kind === 'planned' && pair?.policy.failback === 'immediate'),
      kind,
    )
    count(`OPERATE without a person, ${kind}`)
    checkLookedSince(command, confirmation)
  }

  /** Between two switchovers without a person somebody has acknowledged the alarm of the first. */
  const checkLookedSince = (command: Command, confirmation: JournalRecord): void => {
    const mine = rig.records.filter(
      ({ pair, seq }) => pair === command.pair && seq < confirmation.seq,
    )
    const isAlarm = (event: string) => (record: JournalRecord) =>
      record.kind === 'alarm' &&
      record.data.id === `${command.pair}:automatic` &&
      record.data.event === event
    const raised = mine.findLastIndex(isAlarm('raised'))
    if (raised < 0) return
    count('second OPERATE without a person, after somebody looked')
    assert.ok(
      mine.findLastIndex(isAlarm('acknowledged')) > raised,
      `${command.id}: nobody has looked since`,
    )
  }

  return { checkWayBack, checkPolicy }
}
