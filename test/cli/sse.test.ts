// The parser of server-sent events, however the bytes come in pieces.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { makeSseParser, type ServerEvent } from '../../src/cli/sse.ts'

const stream =
  'retry: 1000\n\n: comment\nevent: snapshot\nid: 7\ndata: {"a":1}\n\n' +
  'event: delta\r\ndata: one\r\ndata: two\r\n\r\ndata:bare\r\rid: 9\nevent: tick\n\ndata\n\n'

const expected: readonly ServerEvent[] = [
  { event: 'snapshot', data: '{"a":1}', id: '7' },
  { event: 'delta', data: 'one\ntwo', id: '7' },
  { event: 'message', data: 'bare', id: '7' },
  { event: 'message', data: '', id: '9' },
]

describe('the parser of server-sent events', () => {
  it('reads events with every kind of line end, comments and several lines of data', () => {
    assert.deepEqual(makeSseParser().push(stream), expected)
  })

  it('gives the same events wherever the stream is cut', () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1e9)
    console.log(`      SEED=${seed}`)
    const cuts = fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 12 })
    fc.assert(
      fc.property(cuts, (places) => {
        const parser = makeSseParser()
        const sorted = [0, ...places.toSorted((left, right) => left - right), stream.length]
        const events = sorted.flatMap((place, index) =>
          parser.push(stream.slice(place, sorted[index + 1] ?? stream.length)),
        )
        assert.deepEqual(events, expected)
      }),
      { seed, numRuns: 300 },
    )
  })

  it('gives up on an event without end instead of filling the memory', () => {
    const parser = makeSseParser(100)
    assert.throws(() => parser.push(`data: ${'x'.repeat(120)}`), /more than 100 characters/)
    const lines = makeSseParser(100)
    assert.throws(() => lines.push('data: 0123456789\n'.repeat(20)), /more than 100 characters/)
  })
})
