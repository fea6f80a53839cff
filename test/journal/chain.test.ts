// The line format: what is written is what is read, and a line proves itself.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { JournalRecord } from '../../src/core/cycle.ts'
import { readLine, sealHeader, sealRecord } from '../../src/journal/chain.ts'
import { sampleRecord } from './records.ts'

const prev = 'ab'.repeat(32)
const bare = (bytes: Buffer): Buffer => bytes.subarray(0, -1)

describe('a journal line', () => {
  it('gives back exactly the record that was written', () => {
    const odd: JournalRecord = {
      ...sampleRecord(7, 'Åsa sa: "bytt"\n\u2028\u0000 \\ 🚰 \ud800'),
      data: { list: [1, [], {}, null, true, -1.5e-7], nested: { b: 1, a: { z: '', y: false } } },
    }
    const counted = { ...sampleRecord(4), cycle: 1881 }
    for (const record of [sampleRecord(1), sampleRecord(3), counted, odd]) {
      const line = readLine(bare(sealRecord(record, prev).bytes))
      assert(line.kind === 'record')
      assert.deepEqual(line.entry.record, record)
      assert.equal(line.entry.prev, prev)
      assert.equal(line.entry.lengthBytes, sealRecord(record, prev).bytes.length)
    }
  })

  it('does not depend on the order in which data was put together', () => {
    const one = { ...sampleRecord(1), data: { a: 1, b: { c: 2, d: 3 } } }
    const other = { ...sampleRecord(1), data: { b: { d: 3, c: 2 }, a: 1 } }
    assert.deepEqual(sealRecord(one, prev), sealRecord(other, prev))
  })

  it('keeps a data field named __proto__', () => {
    const data = JSON.parse('{"__proto__":{"x":1}}')
    const line = readLine(bare(sealRecord({ ...sampleRecord(1), data }, prev).bytes))
    assert(line.kind === 'record')
    assert.deepEqual(Object.entries(line.entry.record.data), [['__proto__', { x: 1 }]])
  })

  it('can be checked with any SHA-256 program: the hash covers the text before it', () => {
    const { bytes, hash } = sealRecord(sampleRecord(1), prev)
    const text = bytes.toString().slice(0, bytes.toString().indexOf(',"hash":"'))
    assert.equal(createHash('sha256').update(text).digest('hex'), hash)
    assert.match(text, /^\{"seq":1,"at":"2026-/)
  })

  it('is refused after a change of any single byte', () => {
    const lines = [
      sealRecord(sampleRecord(12), prev).bytes,
      sealHeader({ journal: prev, segment: 1, first: 1, prev }).bytes,
    ]
    for (const line of lines) {
      for (let at = 0; at < line.length - 1; at += 1) {
        for (const change of [0x01, 0x20, 0x80, 0xff]) {
          const changed = Buffer.from(bare(line))
          changed.writeUInt8((changed[at] ?? 0) ^ change, at)
          assert.equal(readLine(changed).kind, 'flaw', `byte ${at}`)
        }
      }
    }
  })

  it('does not take another invalid byte for the one that stood there', () => {
    const line = bare(sealRecord(sampleRecord(1, 'unreadable: \ufffd'), prev).bytes)
    const at = line.indexOf(0xef)
    const changed = Buffer.concat([
      line.subarray(0, at),
      Buffer.from([0xff]),
      line.subarray(at + 3),
    ])
    assert.equal(changed.toString(), line.toString())
    assert.equal(readLine(changed).kind, 'flaw')
  })

  it('refuses a number that JSON cannot hold instead of writing null', () => {
    const record = { ...sampleRecord(1), data: { level: { value: Number.NaN } } }
    assert.throws(() => sealRecord(record, prev), /value is NaN, expected a finite number/)
  })
})
