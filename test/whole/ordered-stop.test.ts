// The service is told to stop at every moment of a switchover. What was begun is ended, what was not begun is not, and the plant is
// never left half way by the stop.

import assert from 'node:assert/strict'
import { confirmShown, prepare, propose, untilReady } from './persons.ts'
import { assertNeverBothActive, type Rig, startRig } from './rig.ts'

describe('Told to stop, the service', function () {
  this.timeout(90_000)
  let rig: Rig
  beforeEach(async () => {
    rig = await startRig()
  })
  afterEach(async () => {
    try {
      assertNeverBothActive(rig)
    } finally {
      await rig.stop()
    }
  })

  /** Reads the event stream of olga until the service ends it. */
  const listen = async (): Promise<{ heard: () => string; ended: Promise<void> }> => {
    const headers = { authorization: `Bearer ${await rig.token('olga')}` }
    const stream = await fetch(`${rig.service.url}/api/v1/events`, { headers })
    let text = ''
    const ended = (async () => {
      for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? [])
        text += chunk
    })()
    return { heard: () => text, ended }
  }
  const stopped = async (): Promise<void> => {
    assert.deepEqual(await rig.service.ended, { code: 0, signal: null }, rig.service.error())
    assert.match(rig.service.out(), /bumpless: stopped\n$/)
  }

  for (const phase of ['confirmed', 'demoting', 'promoting', 'settling'] as const)
    it(`while a switchover is ${phase} ends it first, takes no other order, and tells every screen`, async () => {
      await untilReady(rig)
      const screen = await listen()
      const proposal = await propose(rig, 'B')
      await confirmShown(rig, proposal)
      const order = ['confirmed', 'demoting', 'promoting', 'settling']
      await rig.untilPair(
        `it to be ${phase} or further`,
        (pair) => order.indexOf(pair.phase) >= order.indexOf(phase) || pair.phase === 'idle',
      )
      rig.service.signal('SIGTERM')
      await rig.waitFor('the stop to begin', () => rig.service.out().includes('SIGTERM, stopping'))
      const refused = await rig
        .order('pairs/intake/lockout', { on: true, reason: 'x' })
        .catch(() => undefined)
      if (refused !== undefined) {
        assert.equal(refused.status, 409)
        assert.match(refused.text, /the service is stopping; nothing was done/)
      }
      await stopped()
      assert.equal(rig.active(), 'B')
      await screen.ended
      assert.match(screen.heard(), /event: stopping\n/)
      await rig.restart()
      const pair = await rig.pair()
      assert.equal(pair.lastEnded[0]?.outcome, 'done', pair.lastEnded[0]?.text)
      assert.equal(pair.held, undefined)
      assert.equal(pair.stopped, undefined)
    })

  it('while a proposal waits for an answer takes it back, and nothing was written beyond the claims', async () => {
    await untilReady(rig)
    const screen = await listen()
    const { id } = await propose(rig, 'B')
    // A screen that was never asked is told of no withdrawal.
    await rig.waitFor('the screen to ask', () => screen.heard().includes('"change":"opened"'))
    const { writeFrames } = rig.truth()
    const startedMs = performance.now()
    rig.service.signal('SIGTERM')
    await stopped()
    assert.ok(performance.now() - startedMs < 5_000)
    assert.equal(rig.truth().writeFrames, writeFrames)
    assert.equal(rig.active(), 'A')
    await screen.ended
    assert.match(screen.heard(), new RegExp(`"change":"withdrawn","id":"${id}"`))
    await rig.restart()
    const { lastEnded, held } = await rig.pair()
    assert.deepEqual([lastEnded[0]?.id, lastEnded[0]?.outcome], [id, 'aborted'])
    assert.match(lastEnded[0]?.text ?? '', /the service is stopping/)
    assert.equal(held, undefined)
  })

  it('while a unit does not do what it was told stops when the limits of the steps are over, and says so afterwards', async () => {
    await untilReady(rig)
    await rig.fault('intake.B', 'refuses_command', {
      ...{ opcode: 'SELECT', when: { unit: 'intake.A', opcode: 'OPERATE' } },
    })
    await confirmShown(rig, await propose(rig, 'B'))
    await rig.untilPair('the demote', ({ phase }) => phase !== 'proposed' && phase !== 'confirmed')
    rig.service.signal('SIGTERM')
    await stopped()
    await rig.restart()
    await rig.waitFor(
      'the pair to be stopped',
      async () => (await rig.pair()).stopped !== undefined,
    )
  })

  it('is not ready any more, and prepares nothing that was ordered after it', async () => {
    await untilReady(rig)
    await confirmShown(rig, await propose(rig, 'B'))
    rig.service.signal('SIGTERM')
    await rig.waitFor('the stop to begin', () => rig.service.out().includes('SIGTERM, stopping'))
    const ready = await fetch(`${rig.service.url}/readyz`).catch(() => undefined)
    if (ready !== undefined) assert.equal(ready.status, 503)
    await prepare(rig, 'A').then(
      () => assert.fail('a new switchover was prepared'),
      () => undefined,
    )
    await stopped()
    await rig.restart()
    const [last] = (await rig.pair()).lastEnded
    // On a machine that is too slow a gate may revoke it; the stop itself never does.
    assert.equal(rig.active(), last?.outcome === 'done' ? 'B' : 'A')
    assert.doesNotMatch(last?.text ?? '', /stopping/)
  })
})
