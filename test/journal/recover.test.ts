// Every fault that one disk can do to a small journal in two copies, and samples of what two disks can do together. The only
// permitted ends: the journal as it was, a tail that is gone and said to be gone, or a refusal that names the place.

import assert from 'node:assert/strict'
import { type Entry, readLine, sealHeader, sealRecord } from '../../src/journal/chain.ts'
import { bytesOf } from '../../src/journal/mend.ts'
import { type Recovery, recover } from '../../src/journal/recover.ts'
import { scanSegment } from '../../src/journal/segment.ts'
import { randomFrom } from '../chance.ts'
import { sampleRecord, sampleRecords, seedOf } from './records.ts'

const identity = '5e'.repeat(32)
const options = { freshIdentity: 'f0'.repeat(32), stamp: 'damaged-now' }

/** Lines of one segment: a header and records 1 to `count`. */
const linesOf = (count: number): Buffer[] => {
  const lines = [sealHeader({ journal: identity, segment: 1, first: 1, prev: identity }).bytes]
  let prev = identity
  for (const record of sampleRecords(1, count)) {
    const sealed = sealRecord(record, prev)
    lines.push(sealed.bytes)
    prev = sealed.hash
  }
  return lines
}

const count = 30
const lines = linesOf(count)
const intact = Buffer.concat(lines)
const texts = lines.map((line) => line.toString('latin1').trimEnd())
const intactScan = scanSegment(1, intact)

const scanOf = (bytes: Buffer) => (bytes === intact ? intactScan : scanSegment(1, bytes))
const recoverBytes = (copies: readonly Buffer[], acceptGap = false) =>
  recover(
    copies.map((bytes, index) => ({ folder: 'ab'[index] ?? '', segments: [scanOf(bytes)] })),
    acceptGap
      ? { ...options, closeGap: ({ from }) => sampleRecord(from, 'gap accepted by Åsa') }
      : options,
  )

/** The copies as recovery leaves them. */
const mended = (copies: readonly Buffer[], recovery: Recovery): Buffer[] =>
  copies.map((bytes, index) => {
    const action = recovery.actions.find(({ folder }) => folder === 'ab'[index])
    if (action === undefined) return bytes
    assert.notEqual(action.way, 'retire')
    const kept = action.way === 'extend' ? bytes.subarray(0, action.keepBytes) : Buffer.alloc(0)
    return Buffer.concat([kept, bytesOf(recovery, action)])
  })

const flipped = (bytes: Buffer, bit: number): Buffer => {
  const changed = Buffer.from(bytes)
  changed.writeUInt8((changed[bit >>> 3] ?? 0) ^ (1 << (bit & 7)), bit >>> 3)
  return changed
}

/** Asserts that the other copy has restored everything and that it was said. */
const assertRestored = (copies: readonly Buffer[], what: string, alsoMend = true): Recovery => {
  const recovery = recoverBytes(copies)
  assert(!('refusal' in recovery), `${what}: ${'refusal' in recovery && recovery.refusal}`)
  assert.equal(recovery.chain.length, count, what)
  // Every hash covers the one before, so the last one covers the whole chain.
  assert.equal(recovery.chain.at(-1)?.hash, intactScan.entries.at(-1)?.hash, what)
  assert(recovery.notes.length > 0, `${what}: changed silently`)
  assert.equal(recovery.actions.length, 1, what)
  if (!alsoMend) return recovery
  for (const bytes of mended(copies, recovery)) assert(bytes.equals(intact), what)
  return recovery
}

describe('recovery of a journal with one faulty copy', () => {
  it('restores every single flipped bit from the other copy, and says so', function () {
    this.timeout(120_000)
    for (let bit = 0; bit < intact.length * 8; bit += 1) {
      const copies = [flipped(intact, bit), intact]
      // Writing the file anew costs more than all the rest: one bit of each byte shows that it is right.
      assertRestored(bit % 2 === 0 ? copies : copies.reverse(), `bit ${bit}`, bit % 8 === 3)
    }
  })

  it('restores every truncation from the other copy, and says so', function () {
    this.timeout(60_000)
    for (let length = 0; length < intact.length; length += 1) {
      const recovery = assertRestored([intact.subarray(0, length), intact], `length ${length}`)
      assert(!recovery.damaged, `length ${length}: a crash does this, it is no damage`)
    }
  })

  it('restores every removed, doubled, moved and foreign line', () => {
    const foreign = sealRecord(sampleRecord(99), 'cd'.repeat(32)).bytes
    for (let at = 0; at < lines.length; at += 1) {
      const line = lines[at] ?? intact
      const without = lines.toSpliced(at, 1)
      if (at < count) assertRestored([Buffer.concat(without), intact], `line ${at} removed`)
      for (let to = 0; to <= without.length; to += 1) {
        if (to !== at) {
          assertRestored([Buffer.concat(without.toSpliced(to, 0, line)), intact], `${at} to ${to}`)
        }
        const doubled = Buffer.concat(lines.toSpliced(to, 0, line))
        assertRestored([doubled, intact], `line ${at} doubled at ${to}`)
      }
      const inserted = Buffer.concat(lines.toSpliced(at, 0, foreign))
      const verdict = recoverBytes([inserted, intact])
      assert('refusal' in verdict, 'a sealed record from elsewhere cannot be explained away')
    }
  })

  it('refuses two whole but different records with one number', () => {
    for (let seq = 1; seq <= count; seq += 1) {
      const original = readLine((lines[seq] ?? intact).subarray(0, -1))
      assert(original.kind === 'record')
      const forged = sealRecord(sampleRecord(seq, 'nothing happened'), original.entry.prev).bytes
      const verdict = recoverBytes([intact, Buffer.concat(lines.with(seq, forged))])
      assert('refusal' in verdict)
      assert.match(verdict.refusal, new RegExp(`record ${seq} exists in two different forms`))
      assert.match(verdict.refusal, new RegExp(`a/journal-000001.jsonl:${seq + 1}, b/`))
    }
  })

  it('refuses copies of two journals', () => {
    const other = sealHeader({
      journal: '77'.repeat(32),
      segment: 1,
      first: 1,
      prev: '77'.repeat(32),
    })
    const verdict = recoverBytes([intact, other.bytes])
    assert('refusal' in verdict && /not of one journal/.test(verdict.refusal))
  })
})

describe('recovery of a journal in a single copy', () => {
  it('never changes anything silently, whichever bit was flipped', function () {
    this.timeout(120_000)
    for (let bit = 0; bit < intact.length * 8; bit += 3) {
      const verdict = recoverBytes([flipped(intact, bit)])
      if ('refusal' in verdict) {
        assert.match(verdict.refusal, /a\/journal-000001\.jsonl:\d+/, `bit ${bit}`)
        continue
      }
      assertPrefix(verdict.chain, `bit ${bit}`)
      assert(verdict.notes.length > 0, `bit ${bit}: changed silently`)
      const lostOne = bit >>> 3 === intact.length - 1
      assert.equal(verdict.chain.length, lostOne ? count - 1 : count, `bit ${bit}`)
    }
  })

  it('cuts a torn tail off, wherever the crash tore it, and reads zeroed pages as torn', () => {
    for (let length = 1; length < intact.length; length += 1) {
      for (const zeros of [0, 40]) {
        const verdict = recoverBytes([
          Buffer.concat([intact.subarray(0, length), Buffer.alloc(zeros)]),
        ])
        assert(!('refusal' in verdict), `length ${length}`)
        assertPrefix(verdict.chain, `length ${length}`)
        assert(!verdict.damaged)
        const whole = intactScan.entries.filter(
          ({ line }) => endOf(line) <= length + (zeros ? 0 : 1),
        )
        assert.equal(verdict.chain.length, whole.length, `length ${length}, ${zeros} zeros`)
      }
    }
  })

  it('refuses a hole and names it; an accepted gap closes the chain and sets the rest aside', () => {
    const hole = Buffer.concat(lines.toSpliced(12, 2))
    const refused = recoverBytes([hole])
    assert('refusal' in refused)
    assert.match(refused.refusal, /records 12 to 13 cannot be read on any copy/)
    assert.match(refused.refusal, /11 records before and 17 after are whole/)
    const accepted = recoverBytes([hole], true)
    assert(!('refusal' in accepted))
    assert.equal(accepted.chain.length, 12)
    assert.equal(accepted.chain.at(-1)?.record.text, 'gap accepted by Åsa')
    assert.deepEqual(
      accepted.gap?.survivors.map(({ seq }) => seq),
      Array.from({ length: 17 }, (_, index) => 14 + index),
    )
    const [bytes] = mended([hole], accepted)
    assert(bytes !== undefined)
    const again = recoverBytes([bytes])
    assert(!('refusal' in again))
    assert.deepEqual(again.notes, [])
    assert.equal(again.chain.length, 12)
  })

  it('finds a record that was changed and sealed again, by the one after it', () => {
    for (let seq = 1; seq < count; seq += 1) {
      const original = readLine((lines[seq] ?? intact).subarray(0, -1))
      assert(original.kind === 'record')
      const forged = sealRecord(sampleRecord(seq, 'nothing happened'), original.entry.prev).bytes
      const verdict = recoverBytes([Buffer.concat(lines.with(seq, forged))])
      assert('refusal' in verdict)
      assert.match(
        verdict.refusal,
        new RegExp(`record ${seq + 1} does not follow from record ${seq}`),
      )
    }
  })
})

describe('recovery of a journal with two faulty copies', () => {
  it('keeps every record that is whole on either copy, or refuses', function () {
    this.timeout(120_000)
    const seed = seedOf()
    console.log(`      seed ${seed}`)
    const random = randomFrom(seed)
    const seen = { restored: 0, shortened: 0, refused: 0 }
    for (let round = 0; round < 6000; round += 1) {
      const copies = [withFault(random), withFault(random)]
      seen[assertHonest(copies, `seed ${seed}, round ${round}`)] += 1
    }
    assert(seen.restored > 0 && seen.shortened > 0 && seen.refused > 0, JSON.stringify(seen))
  })
})

const endOf = (line: number): number =>
  lines.slice(0, line).reduce((sum, bytes) => sum + bytes.length, 0)

const assertPrefix = (chain: readonly Entry[], what: string): void => {
  for (const [index, { hash }] of chain.entries()) {
    assert.equal(hash, intactScan.entries[index]?.hash, what)
  }
}

const withFault = (random: () => number): Buffer => {
  const at = Math.floor(random() * intact.length)
  const length = Math.min(1 + Math.floor(random() * 600), intact.length - at)
  const line = 1 + Math.floor(random() * count)
  const faults = [
    () => flipped(intact, at * 8 + Math.floor(random() * 8)),
    () => intact.subarray(0, at),
    () => Buffer.from(intact).fill(0, at, at + length),
    () => Buffer.from(intact).fill('x', at, at + length),
    () => Buffer.concat([intact.subarray(0, at), intact.subarray(at + length)]),
    () => Buffer.concat(lines.toSpliced(line, 1)),
    () => Buffer.concat(lines.toSpliced(line, 0, lines[1 + ((line * 7) % count)] ?? intact)),
  ]
  return faults[Math.floor(random() * faults.length)]?.() ?? intact
}

const assertHonest = (
  copies: readonly Buffer[],
  what: string,
): 'restored' | 'shortened' | 'refused' => {
  const verdict = recoverBytes(copies)
  const changed = copies.some((bytes) => !bytes.equals(intact))
  const standing = new Set(copies.flatMap((bytes) => bytes.toString('latin1').split('\n')))
  const whole = (index: number) => standing.has(texts[index] ?? '')
  if ('refusal' in verdict) {
    const allWhole = lines.every((_, index) => index === 0 || whole(index))
    assert(
      !allWhole,
      `${what}: refused, though every record is whole somewhere: ${verdict.refusal}`,
    )
    return 'refused'
  }
  assertPrefix(verdict.chain, what)
  const atBoundary = copies.every((bytes) => intact.subarray(0, bytes.length).equals(bytes))
  if (changed && !atBoundary) assert(verdict.notes.length > 0, `${what}: changed silently`)
  for (let index = verdict.chain.length + 1; index <= count; index += 1) {
    assert(!whole(index), `${what}: record ${index} was whole and is gone`)
  }
  const after = mended(copies, verdict)
  assert(after[0]?.equals(after[1] ?? intact), `${what}: the copies differ afterwards`)
  assert.deepEqual(scanSegment(1, after[0] ?? intact).flaws, [], what)
  return verdict.chain.length === count ? 'restored' : 'shortened'
}
