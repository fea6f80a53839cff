// Every profile that comes with the product, tried on registers: on dumps made from the makers' documents, on nothing but zeros
// and ones, and on random contents. Zeros are what a gateway reads where it has nothing, so they never make a device healthy.

import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import {
  differences,
  dumpValues,
  type Reading,
  type RegisterMap,
  registerMap,
} from '../../src/cli/dump-values.ts'
import { type Profile, readProfile } from '../../src/config/profile.ts'
import { type RegisterDump, readDumpFile } from '../../src/config/register-dump.ts'
import { isUnknown } from '../../src/core/image.ts'

const root = path.resolve(import.meta.dirname, '../..')
const dumps = path.join(import.meta.dirname, 'dumps')
const names = readdirSync(path.join(root, 'config/profiles')).map((file) =>
  path.basename(file, '.yaml'),
)
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)

function shipped(name: string): Profile {
  const found = readProfile(name, path.join(root, 'config/plant.yaml'))
  assert.equal(found.kind, 'read', name)
  return found.profile
}

const profiles = names.map(shipped)
const inRegisters = profiles.filter((profile) => registerMap(profile).path.signals.length > 0)

function dumpsOf(name: string): readonly RegisterDump[] {
  const read = readDumpFile(path.join(dumps, `${name}.yaml`))
  assert.ok('file' in read, JSON.stringify(read))
  assert.equal(read.file.profile, name)
  return read.file.dumps
}

const filled = (word: number): RegisterDump => ({
  what: `only ${word}`,
  wordAt: (area) => (area === 'co' || area === 'di' ? Math.min(word, 1) : word),
  expect: {},
})

const valueIn = (readings: readonly Reading[], key: string) =>
  readings.find((reading) => reading.key === key)?.value

/** The words that the decisions know; any other would be taken for none of them. */
const vocabulary: Readonly<Record<string, readonly unknown[]>> = {
  'unit role': ['primary', 'standby', 'none', 'unknown'],
  'unit identity': ['A', 'B'],
  'ups state': ['on mains', 'on battery', 'bypass', 'off'],
}
const flags = ['battery_low', 'replace_battery', 'self_test', 'comm_lost']

function judge(profile: Profile, map: RegisterMap, dump: RegisterDump): void {
  for (const { key, value } of dumpValues(map, dump)) {
    if (isUnknown(value)) continue
    const words = vocabulary[`${profile.kind} ${key}`]
    if (words !== undefined) assert.ok(words.includes(value), `${key} is ${value}`)
    if (/^(inhibit|notice)_/.test(key)) assert.equal(typeof value, 'boolean', key)
    if (flags.includes(key)) assert.ok(typeof value === 'boolean' || typeof value === 'number')
    if (typeof value === 'number') assert.ok(Number.isFinite(value), `${key} is ${value}`)
  }
}

describe('The profiles that come with the product', () => {
  it('say where they come from, and call no device verified but the practice UPS', () => {
    for (const profile of profiles) {
      assert.ok(profile.source.length > 10, profile.name)
      assert.ok((profile.title ?? '').length > 3, profile.name)
      assert.equal(profile.verified, profile.name === 'demo-ups', profile.name)
    }
  })

  it('write to no device but one that carries our function block', () => {
    const writers = profiles.filter((profile) => profile.command_at !== undefined)
    assert.deepEqual(
      writers.map((profile) => profile.name),
      ['bumpless-block'],
    )
  })

  it('have a dump file for each one that reads registers, and none for another', () => {
    for (const { name } of inRegisters)
      assert.ok(existsSync(path.join(dumps, `${name}.yaml`)), name)
    assert.deepEqual(
      readdirSync(dumps).toSorted(),
      inRegisters.map(({ name }) => `${name}.yaml`).toSorted(),
    )
  })

  for (const profile of inRegisters) {
    const map = registerMap(profile)
    describe(profile.name, () => {
      for (const dump of dumpsOf(profile.name)) {
        it(`reads "${dump.what}" as it is`, () => {
          assert.deepEqual(differences(dump, dumpValues(map, dump)), [])
        })
      }

      it('has every register that it reads in a dump of its own', () => {
        const [first] = dumpsOf(profile.name)
        assert.ok(first !== undefined)
        const missing = dumpValues(map, first).filter(({ raw }) => raw?.includes('----'))
        assert.deepEqual(missing, [])
      })

      it('is never healthy where every register reads zero, or all ones', () => {
        for (const word of [0, 65_535]) {
          const readings = dumpValues(map, filled(word))
          const { kind } = profile
          const known = valueIn(readings, kind === 'ups' ? 'state' : 'role')
          for (const good of ['on mains', 'primary', 'standby']) assert.notEqual(known, good)
        }
      })

      it('believes no status bit and no measurement of registers that read all ones', () => {
        const readings = dumpValues(map, filled(65_535))
        for (const { key, at, raw, value } of readings) {
          if (!/^[hi]r:/.test(at ?? '') || !/^(FFFF ?)+$/.test(raw ?? '')) continue
          const isMeasured = /_(pct|s|v|a|hz|c|kb)$/.test(key)
          if (typeof value === 'boolean' || isMeasured) {
            assert.ok(isUnknown(value), `${key} is ${JSON.stringify(value)}`)
          }
        }
      })

      it(`says only words that the decisions know, whatever the registers hold (SEED=${seed})`, () => {
        const places = map.path.signals.map(({ area, address }) => `${area}:${address}`)
        // Most codes are small or single bits; a word drawn evenly would hardly ever be one.
        const word = fc.oneof(
          fc.nat(20),
          fc.nat(15).map((bit) => 2 ** bit),
          fc.nat(65_535),
          fc.constantFrom(0, 32_767, 65_535),
        )
        const contents = fc.array(word, { minLength: places.length + 1, maxLength: 300 })
        fc.assert(
          fc.property(contents, (words) => {
            const wordAt: RegisterDump['wordAt'] = (area, address) => {
              const at = Math.max(0, places.indexOf(`${area}:${address}`))
              const drawn = words[at] ?? 0
              return area === 'co' || area === 'di' ? drawn & 1 : drawn
            }
            judge(profile, map, { what: 'random', wordAt, expect: {} })
          }),
          { seed, numRuns: 500 },
        )
      })
    })
  }
})
