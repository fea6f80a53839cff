// A history that cannot be kept is told as an alarm, and is nothing worse: the supervisor decides as before.

import assert from 'node:assert/strict'
import { newRig, pairOf, run } from './rig.ts'

describe('A history that cannot be kept', () => {
  it('raises an alarm of its own with the reason, clears it, and changes no decision', () => {
    const rig = newRig()
    const plain = newRig()
    run(rig, 1000)
    rig.historyFault = 'data/history/history.db: the disk is full'
    run(rig, 9000)
    run(plain, 10_000)
    const alarms = () => rig.seen.at(-1)?.output.view.alarms ?? []
    const own = alarms().find(({ id }) => id === 'supervisor:history')
    assert.match(own?.condition ?? '', /the disk is full/)
    assert.deepEqual(
      [pairOf(rig, 'intake').ready, pairOf(rig, 'intake').obstacles],
      [pairOf(plain, 'intake').ready, pairOf(plain, 'intake').obstacles],
    )
    rig.historyFault = undefined
    run(rig, 5000)
    assert.equal(alarms().find(({ id }) => id === 'supervisor:history')?.active ?? false, false)
  })
})
