import assert from 'node:assert/strict'
import { connect } from 'node:net'
import type { PairView, View } from '../../src/core/view.ts'
import { applyDelta, type Delta } from '../../src/serve/delta.ts'
import { removeUser } from '../../src/serve/users-file.ts'
import {
  type Client,
  type EventStream,
  type Rig,
  type SeenEvent,
  startRig,
  waitFor,
} from './fixture.ts'
import { alarmOf, evidenceOf, pairOf, proposedPair, switchoverOf, viewOf } from './view.ts'

describe('the event stream', () => {
  let rig: Rig
  let anna: Client
  let cycle = 1
  const streams: EventStream[] = []

  before(async () => {
    rig = await startRig()
  })
  after(() => rig.stop())
  beforeEach(async () => {
    show({})
    anna = await rig.login('anna')
  })
  afterEach(async () => {
    for (const stream of streams.splice(0)) stream.close()
    await anna.post('logout')
  })

  const show = (change: Partial<View>): void => {
    cycle += 1
    rig.board.publish(viewOf({ cycle, pairs: [pairOf('intake'), pairOf('filters')], ...change }))
  }
  const withIntake = (intake: PairView, change: Partial<View> = {}): void =>
    show({ pairs: [intake, pairOf('filters')], ...change })
  const open = async (lastId?: string): Promise<EventStream> => {
    const stream = await anna.events(lastId)
    streams.push(stream)
    return stream
  }
  const kind = (event: string) => (seen: SeenEvent) => seen.event === event
  const prompt = (change: string) => (seen: SeenEvent) =>
    seen.event === 'prompt' && (seen.data as { change: string }).change === change

  it('begins with the whole view and says how it is to be cached', async () => {
    const stream = await open()
    const { data, id } = await stream.until(kind('snapshot'))
    assert.equal(stream.seen[0]?.event, 'snapshot')
    assert.match(String(stream.headers.get('content-type')), /^text\/event-stream/)
    assert.equal(stream.headers.get('cache-control'), 'no-store')
    assert.equal(stream.headers.get('x-accel-buffering'), 'no')
    assert.notEqual(stream.headers.get('content-security-policy'), null)
    assert.notEqual(id, '')
    const { revision, ...view } = data as View & { revision: number }
    assert.equal(typeof revision, 'number')
    assert.deepEqual(Object.keys(view).sort(), Object.keys(viewOf()).sort())
  })

  it('sends what changed and nothing else, and a screen that follows shows the newest view', async () => {
    const stream = await open()
    const first = (await stream.until(kind('snapshot'))).data as View & { revision: number }
    withIntake(pairOf('intake', { ready: false, sentence: 'intake: cannot tell' }))
    const { data } = await stream.until(
      ({ event, data }) => event === 'delta' && (data as Delta).pairs?.intake?.ready === false,
    )
    const delta = data as Delta
    assert.deepEqual(Object.keys(delta.pairs ?? {}), ['intake'])
    assert.equal(delta.ups, undefined)
    const { revision: _, ...screen } = { ...first }
    assert.deepEqual(applyDelta(screen, delta).pairs, rig.board.current()?.view.pairs)
  })

  it('carries at most four changes a second however fast the plant changes', async () => {
    const stream = await open()
    await stream.until(kind('snapshot'))
    const untilMs = performance.now() + 1_000
    for (let change = 1; performance.now() < untilMs; change++) {
      withIntake(pairOf('intake', { held: `change ${change}` }))
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    const sent = stream.seen.filter(kind('delta')).length
    assert(sent >= 2 && sent <= 6, `${sent} deltas in a second`)
  })

  it('beats once a second, so that silence means a broken line', async () => {
    const stream = await open()
    const { data, id } = await stream.until(kind('tick'))
    const tick = data as { wallMs: number; revision: number; quietMs: number }
    assert(Math.abs(tick.wallMs - Date.now()) < 5_000)
    assert.equal(typeof tick.revision, 'number')
    assert(tick.quietMs >= 0)
    assert.equal(id, '', 'a tick must not move the place where a client goes on')
  })

  it('tells when an alarm comes, is acknowledged and goes', async () => {
    const stream = await open()
    const change = (wanted: string) => (seen: SeenEvent) =>
      seen.event === 'alarm' && (seen.data as { change: string }).change === wanted
    show({ alarms: [alarmOf('intake.B lost')] })
    const raised = await stream.until(change('raised'))
    assert.deepEqual((raised.data as { alarm: unknown }).alarm, alarmOf('intake.B lost'))
    show({ alarms: [alarmOf('intake.B lost', { state: 'acknowledged', acknowledgedBy: 'anna' })] })
    await stream.until(change('changed'))
    show({ alarms: [] })
    await stream.until(change('gone'))
  })

  it('opens a prompt, shows changed evidence, and withdraws it saying who answered', async () => {
    const stream = await open()
    withIntake(proposedPair('S1'))
    const opened = await stream.until(prompt('opened'))
    const { pair, switchover } = opened.data as { pair: string; switchover: unknown }
    assert.equal(pair, 'intake')
    assert.deepEqual(switchover, switchoverOf('S1'))
    withIntake(proposedPair('S1', { evidence: evidenceOf('e2') }))
    const changed = await stream.until(prompt('changed'))
    assert.equal(
      (changed.data as { switchover: { evidence: { hash: string } } }).switchover.evidence.hash,
      'e2',
    )
    const confirmedBy = 'bert over opcua 9c01'
    const going = switchoverOf('S1', { phase: 'demoting', confirmedBy, approvedBy: 'carl' })
    withIntake(pairOf('intake', { phase: 'demoting', switchover: going }))
    const { data } = await stream.until(prompt('withdrawn'))
    const { revision: _, ...withdrawn } = data as { revision: number }
    assert.deepEqual(withdrawn, {
      ...{ pair: 'intake', change: 'withdrawn', id: 'S1', outcome: 'confirmed' },
      ...{ text: `confirmed by ${confirmedBy}, approved by carl`, by: confirmedBy },
    })
  })

  it('withdraws a prompt that became void with the reason why', async () => {
    const stream = await open()
    withIntake(proposedPair('S2'))
    await stream.until(prompt('opened'))
    const text = 'revoked: B stopped answering'
    const ended = {
      ...({ id: 'S2', kind: 'planned', outcome: 'revoked' } as const),
      ...{ text, endedWallMs: 1, steps: [] },
    }
    withIntake(pairOf('intake', { lastEnded: [ended] }))
    const { data } = await stream.until(prompt('withdrawn'))
    assert.equal((data as { text: string }).text, text)
    assert.equal((data as { outcome: string }).outcome, 'revoked')
  })

  it('shows a prompt that is open to whoever comes later', async () => {
    const early = await open()
    withIntake(proposedPair('S3'))
    await early.until(prompt('opened'))
    const late = await open()
    const { data } = await late.until(prompt('opened'))
    assert.equal((data as { switchover: { id: string } }).switchover.id, 'S3')
  })

  it('goes on where a client lost it, without a new snapshot and without a gap', async () => {
    const first = await open()
    const { id } = await first.until(kind('snapshot'))
    first.close()
    const witness = await open()
    withIntake(pairOf('intake', { ready: false }), { alarms: [alarmOf('missed')] })
    await witness.until(kind('alarm'))
    const again = await open(id)
    await again.until(kind('alarm'))
    assert.equal(again.seen.some(kind('snapshot')), false)
    const start = witness.seen[0]?.id
    const missed = witness.seen.filter((seen) => seen.id !== '' && seen.id !== start)
    assert.notEqual(missed.length, 0)
    const replayed = again.seen.filter((seen) => seen.id !== '')
    assert.deepEqual(replayed.slice(-missed.length), missed)
  })

  it('begins anew for a client that comes with a place from before a restart', async () => {
    for (const lastId of ['abcdef-1', '7', 'nonsense', '000000-99999999']) {
      const stream = await open(lastId)
      await stream.until(kind('snapshot'))
      stream.close()
    }
  })

  it('is refused to a fifth screen of the same session, and given again when one closes', async () => {
    for (let count = 0; count < 4; count++) assert.equal((await open()).status, 200)
    const fifth = await open()
    assert.equal(fifth.status, 429)
    streams[0]?.close()
    let status = 429
    for (let tries = 0; tries < 100 && status === 429; tries++) {
      const stream = await open()
      status = stream.status
      if (status === 429) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    assert.equal(status, 200)
    const other = await rig.login('bert')
    const own = await other.events()
    assert.equal(own.status, 200, 'another session has its own four')
    own.close()
  })

  it('ends when the person logs out', async () => {
    const stream = await open()
    await anna.post('logout')
    await stream.ended()
  })

  it('ends when the person is removed, and the supervisor is told', async () => {
    const carl = await rig.login('carl')
    const stream = await carl.events()
    removeUser(rig.usersFile, 'carl')
    rig.access.refresh()
    await stream.ended()
    await waitFor(() =>
      rig.orders.some((order) => order.kind === 'session-ended' && order.user === 'carl'),
    )
  })

  it('is cut for a client that does not keep up, and goes on for the others', async () => {
    const well = await open()
    const slow = connect(Number(new URL(rig.web.url).port), '127.0.0.1')
    slow.write(
      `GET /api/v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${anna.token}\r\n\r\n`,
    )
    let received = 0
    let isClosed = false
    slow.on('close', () => {
      isClosed = true
    })
    slow.on('error', () => undefined)
    await new Promise((resolve) => slow.once('data', resolve))
    slow.pause()
    let published = 0
    const limitMs = performance.now() + 40_000
    while (!isClosed && performance.now() < limitMs) {
      // A plant with very many tags: what waits for the slow client soon exceeds every buffer on the way, while two such messages still
      // fit into what the service keeps for a client that reads.
      published += 1
      const tags = Array.from({ length: 4_000 }, (_, index) => ({
        ...{ name: `TAG${index}`, class: 'analog', critical: false, units: 'm', tolerance: 0.5 },
        ...{ a: '2.10', b: '2.10', verdict: 'in sync' as const, sinceMs: 94_000 },
      }))
      withIntake(pairOf('intake', { tags, ready: published % 2 === 0 }))
      const sent = () => well.seen.filter(kind('delta')).length
      const before = sent()
      await waitFor(() => sent() > before)
      if (published === 26) {
        slow.on('data', (chunk) => {
          received += chunk.length
        })
        slow.resume()
        await waitFor(
          () => isClosed,
          20_000,
          () => `${received} bytes came and the line is open`,
        )
      }
    }
    assert.equal(isClosed, true)
    assert.equal((await anna.get('session')).status, 200)
  }).timeout(90_000)
})
