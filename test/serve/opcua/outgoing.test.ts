// What goes to the thread of the OPC UA server: one message at a time, the newest view always, and every pair in its turn.

import assert from 'node:assert/strict'
import type { PairView, View } from '../../../src/core/view.ts'
import { openOutgoing } from '../../../src/serve/opcua/outgoing.ts'
import { alarmOf, pairOf, viewOf } from '../view.ts'

const names = (pairs: readonly PairView[] | undefined): string =>
  (pairs ?? []).map(({ name }) => name).join(' ')

const big = (name: string, phase: PairView['phase'] = 'idle'): PairView => {
  const [tag] = pairOf(name).tags
  assert.ok(tag)
  return pairOf(name, { phase, tags: Array.from({ length: 300 }, () => tag) })
}

describe('News for the OPC UA server', () => {
  const view = (cycle: number, pairs: readonly PairView[], change: Partial<View> = {}): View =>
    viewOf({ cycle, pairs, ...change })

  it('waits until the message before has arrived, and then tells the newest', () => {
    const outgoing = openOutgoing()
    assert.equal(outgoing.next(0), undefined)
    outgoing.take(view(1, [pairOf('intake')]))
    assert.equal(names(outgoing.next(0)?.pairs), 'intake')
    outgoing.take(view(2, [pairOf('intake', { phase: 'preparing' })]))
    outgoing.take(view(3, [pairOf('intake', { phase: 'proposed' })]))
    assert.equal(outgoing.next(10), undefined)
    outgoing.arrived()
    const news = outgoing.next(20)
    assert.equal(news?.cycle, 3)
    assert.equal(news?.pairs[0]?.phase, 'proposed')
  })

  it('says nothing new of a pair that stands, but shows twice a second that cycles go on', () => {
    const outgoing = openOutgoing()
    const pair = pairOf('intake')
    outgoing.take(view(1, [pair]))
    outgoing.next(0)
    outgoing.arrived()
    outgoing.take(view(2, [pair]))
    assert.equal(outgoing.next(100), undefined)
    outgoing.take(view(3, [pair]))
    assert.notEqual(outgoing.next(500), undefined)
  })

  it('gives every pair of a large plant its turn, in messages of bounded size', () => {
    const outgoing = openOutgoing()
    const pairs = Array.from({ length: 20 }, (_, index) => big(`p${index}`))
    outgoing.take(view(1, pairs))
    const seen = new Set<string>()
    for (let messages = 0; messages < 10; messages += 1) {
      const news = outgoing.next(messages)
      assert.ok(news && news.pairs.length <= 2, names(news?.pairs))
      for (const { name } of news.pairs) seen.add(name)
      outgoing.arrived()
    }
    assert.equal(seen.size, 20)
  })

  it('lets a pair with news go before the others', () => {
    const outgoing = openOutgoing()
    const pairs = Array.from({ length: 20 }, (_, index) => big(`p${index}`))
    outgoing.take(view(1, pairs))
    for (let messages = 0; messages < 10; messages += 1) {
      outgoing.next(messages)
      outgoing.arrived()
    }
    outgoing.take(
      view(
        2,
        pairs.map((pair) => (pair.name === 'p13' ? big('p13', 'preparing') : pair)),
      ),
    )
    assert.equal(outgoing.next(600)?.pairs[0]?.name, 'p13')
  })

  it('carries a new sample of the tags as soon as it is there, five times a second at most', () => {
    const outgoing = openOutgoing()
    const pair = pairOf('intake')
    const sampled = () => pairOf('intake', { tags: [...pair.tags] })
    outgoing.take(view(1, [pair]))
    outgoing.next(0)
    outgoing.arrived()
    outgoing.take(view(2, [pair]))
    assert.equal(outgoing.next(300), undefined)
    const first = sampled()
    outgoing.take(view(3, [first]))
    assert.equal(outgoing.next(301)?.pairs[0]?.tags, first.tags)
    outgoing.arrived()
    outgoing.take(view(4, [sampled()]))
    assert.equal(outgoing.next(400), undefined)
    assert.equal(names(outgoing.next(501)?.pairs), 'intake')
  })

  it('tells a new alarm at once', () => {
    const outgoing = openOutgoing()
    const pair = pairOf('intake')
    outgoing.take(view(1, [pair]))
    outgoing.next(0)
    outgoing.arrived()
    outgoing.take(view(2, [pair], { alarms: [alarmOf('intake.B:lost')] }))
    assert.equal(outgoing.next(10)?.rest?.alarms.length, 1)
  })
})
