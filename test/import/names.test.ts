// Names as the plant file takes them: legal, unique, and still known to the person who gave them.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { tagSchema } from '../../src/config/schema.ts'
import { legalName } from '../../src/import/names.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

const table: readonly (readonly [original: string, name: string])[] = [
  ['LIC301.SP', 'LIC301.SP'],
  ['Program:Main.Level', 'Program:Main.Level'],
  ['Füllstand Straße', 'Fuellstand_Strasse'],
  ['Trykk innløp på ås', 'Trykk_innloep_paa_aas'],
  ['Motors[3].Run', 'Motors.3.Run'],
  ['Grid[1, 2]', 'Grid.1.2'],
  ['#spare (old)', 'spare_old'],
  ['Débit', 'Debit'],
  ['液位', 'tag'],
  ['', 'tag'],
  ['constructor', 'tag_constructor'],
]

describe('Names of imported tags', () => {
  for (const [original, name] of table) {
    it(`"${original}" becomes ${name}`, () => {
      assert.equal(legalName(original, new Map()), name)
    })
  }

  it('equal names are counted, and a copy never takes the name of another tag', () => {
    const names = new Map<string, number>()
    const given = ['P_2', 'P', 'P', 'P', 'P_2'].map((name) => legalName(name, names))
    assert.deepEqual(given, ['P_2', 'P', 'P_3', 'P_4', 'P_2_2'])
  })

  it(`whatever the names are, each tag has one that the plant file takes, SEED=${seed}`, () => {
    const original = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.constantFrom('a', 'A', 'a_2', '_', 'x'.repeat(80)),
    )
    fc.assert(
      fc.property(fc.array(original, { maxLength: 40 }), (originals) => {
        const names = new Map<string, number>()
        const given = originals.map((one) => legalName(one, names))
        assert.equal(new Set(given).size, originals.length)
        for (const name of given) tagSchema.shape.name.parse(name)
      }),
      { seed, numRuns: 300 },
    )
  })
})
