import assert from 'node:assert/strict'
import { openEventLog } from '../../src/serve/web/event-log.ts'

const tick = (revision: number, filling = '') => ({
  event: 'tick' as const,
  data: { wallMs: 0, revision, quietMs: 0, filling },
})
const idOf = (frame: string): string => /^id: (.*)$/m.exec(frame)?.[1] ?? ''

describe('the event log', () => {
  it('replays exactly what came after the event that a client saw last', () => {
    const log = openEventLog()
    const frames = [1, 2, 3, 4].map((revision) => log.put(tick(revision)))
    assert.deepEqual(log.after(idOf(frames[1] ?? '')), frames.slice(2))
    assert.deepEqual(log.after(idOf(frames[3] ?? '')), [])
  })

  it('lets a client go on after a frame that was made for it alone', () => {
    const log = openEventLog()
    log.put(tick(1))
    const own = idOf(log.frame(tick(2)))
    const next = log.put(tick(3))
    assert.deepEqual(log.after(own), [next])
  })

  it('replays nothing to a client of an earlier run, or one that was away for too long', () => {
    const log = openEventLog()
    const first = idOf(log.put(tick(0)))
    assert.equal(openEventLog().after(first), undefined)
    const second = idOf(log.put(tick(0)))
    for (let revision = 0; revision < 5_000; revision++) log.put(tick(revision))
    assert.equal(log.after(first), undefined)
    assert.equal(log.after(second)?.length, 5_000)
  })

  it('sends a snapshot instead of a replay that would fill the buffer of the client', () => {
    const log = openEventLog()
    const first = idOf(log.put(tick(0)))
    log.put(tick(1, 'x'.repeat(400_000)))
    assert.equal(log.after(first)?.length, 1)
    log.put(tick(2, 'x'.repeat(400_000)))
    assert.equal(log.after(first), undefined)
  })

  it('forgets the oldest events when the newest ones are large', () => {
    const log = openEventLog()
    const ids = Array.from({ length: 20 }, (_, revision) =>
      idOf(log.put(tick(revision, 'x'.repeat(1_000_000)))),
    )
    assert.equal(log.after(ids[2]), undefined)
    assert.deepEqual(log.after(ids[19]), [])
  })
})
