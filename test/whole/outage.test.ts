// The supervisor itself is in trouble: it restarts while the primary is dead, it is suspended and wakes up, another one works on
// the same controllers. It must stay harmless, and it must stay of use.

import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { untilRecord } from './journal-file.ts'
import {
  confirm,
  confirmShown,
  prepare,
  propose,
  resolve,
  untilEnded,
  untilProposed,
  untilReady,
} from './persons.ts'
import { patienceMs, type Rig } from './rig.ts'
import { type Story, sideBySide } from './side-by-side.ts'

/** Longer than a selection stands and than an intent may wait. */
const suspendedMs = 3500
/** After its clock has jumped the supervisor keeps its hands off for so long. */
const clockQuietMs = 10_000

const killAtPromote = async (rig: Rig, id: string): Promise<void> => {
  const left = await untilRecord(
    rig.journal,
    ({ kind, data }) => kind === 'operate-intent' && data.unit === 'B' && data.id === id,
    patienceMs,
  )
  assert.ok(left)
  await rig.kill9()
}

const stories: readonly Story[] = [
  {
    name: 'restarts while the primary is dead, and a supervisor can still give the process to B',
    tell: async (rig) => {
      await untilReady(rig)
      await rig.fault('intake.A', 'crash')
      await untilProposed(rig)
      await rig.kill9()
      await rig.restart()
      await rig.untilPair('B to be read', ({ units }) => units.B.role === 'standby')
      const order = { way: 'resume', reason: 'looked at both units' }
      assert.equal((await rig.order('pairs/intake/resolve', order, 'sven')).status, 200)
      await rig.untilPair('A to be lost', ({ units }) => units.A.presence === 'lost')
      const overrides = ['sync-before']
      const wanted = { pair: 'intake', to: 'B', reason: 'A is dead', overrides }
      const answer = await rig.order('switchovers', wanted, 'sven')
      assert.equal(answer.status, 201, JSON.stringify(answer))
      const proposal = await untilProposed(rig)
      await confirmShown(rig, proposal, 'sven')
      assert.equal((await untilEnded(rig, proposal.id)).outcome, 'done')
      assert.equal(rig.active(), 'B')
    },
  },
  {
    name: 'is killed while it promotes B in place of a dead primary, and the promote can be retried',
    tell: async (rig) => {
      await untilReady(rig)
      await rig.fault('intake.A', 'crash')
      const proposal = await untilProposed(rig)
      const killed = killAtPromote(rig, proposal.id)
      await confirmShown(rig, proposal).catch(() => undefined)
      await killed
      await rig.restart()
      await rig.untilPair('the outcome to be settled', ({ phase, unknownOutcome }) => {
        return phase === 'stopped' && unknownOutcome === undefined
      })
      assert.equal(rig.active(), 'nobody')
      const ended = await resolve(rig, 'retry')
      assert.equal(ended.outcome, 'done', ended.text)
      assert.equal(rig.active(), 'B')
    },
  },
  {
    name: 'is suspended while its proposal is open, and the proposal is void when it wakes up',
    tell: async (rig) => {
      const proposal = await propose(rig, 'B')
      await rig.token('anna')
      rig.service.signal('SIGSTOP')
      await pause(suspendedMs)
      const late = confirm(rig, proposal)
      rig.service.signal('SIGCONT')
      assert.notEqual((await late).status, 200)
      assert.equal((await untilEnded(rig, proposal.id)).outcome, 'revoked')
      assert.equal(rig.active(), 'A')
    },
  },
  {
    name: 'is suspended before an OPERATE leaves, sends nothing late, and is asked to go on',
    tell: async (rig) => {
      const proposal = await propose(rig, 'B')
      const intent = untilRecord(
        rig.journal,
        ({ kind, data }) => kind === 'operate-intent' && data.unit === 'B',
        patienceMs,
      ).then((line) => line && rig.service.signal('SIGSTOP'))
      await confirmShown(rig, proposal)
      await intent
      await pause(suspendedMs)
      const { writeFrames } = rig.truth()
      rig.service.signal('SIGCONT')
      const ended = await untilEnded(rig, proposal.id)
      assert.equal(ended.outcome, 'stopped', ended.text)
      await pause(clockQuietMs)
      assert.equal(rig.truth().writeFrames, writeFrames, 'nothing leaves late')
      assert.equal(rig.active(), 'nobody')
      await rig.waitFor('the retry', async () => {
        const order = { way: 'retry', reason: 'awake again' }
        return (await rig.order('pairs/intake/resolve', order, 'sven')).status === 200
      })
      const retry = await untilProposed(rig)
      await confirmShown(rig, retry, 'sven')
      assert.equal((await untilEnded(rig, retry.id)).outcome, 'done')
      assert.equal(rig.active(), 'B')
    },
  },
  {
    name: 'loses its proposal to a second supervisor that claims the same controllers',
    tell: async (rig) => {
      const first = await propose(rig, 'B')
      const second = await rig.another()
      try {
        await untilReady(second)
        await prepare(second, 'B')
        const proposal = await untilProposed(second)
        const ended = await untilEnded(rig, first.id)
        assert.equal(ended.outcome, 'revoked', ended.text)
        assert.match(ended.text, /claim/)
        assert.equal((await confirm(rig, first)).status, 410)
        assert.equal(rig.active(), 'A')
        await confirmShown(second, proposal)
        assert.equal((await untilEnded(second, proposal.id)).outcome, 'done')
        assert.equal(rig.active(), 'B')
      } finally {
        await second.stop()
      }
    },
  },
]

describe('A supervisor in trouble', function () {
  this.timeout(120_000)
  sideBySide(stories, 5)
})
