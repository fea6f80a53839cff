// The keys about alarms: what they default to, and what is refused in words.

import assert from 'node:assert/strict'
import { alarmsSchema } from '../../src/config/alarms-schema.ts'

const faultsOf = (value: object): readonly string[] => {
  const result = alarmsSchema.safeParse(value)
  return result.success ? [] : result.error.issues.map(({ message }) => message)
}

describe('the keys about alarms', () => {
  it('ask for nothing: one operator, five on the shelf, no shifts', () => {
    assert.deepEqual(alarmsSchema.parse({}), {
      ...{ operators: 1, shelved_per_person: 5, shifts: [], zone: 'UTC' },
    })
  })

  it('take shifts by the clock of the site', () => {
    assert.deepEqual(faultsOf({ shifts: ['06:00', '22:30'], zone: 'Europe/Oslo' }), [])
  })

  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ shifts: ['6 am'] }, /expected a time of day such as '06:00'/],
    [{ shifts: ['24:00'] }, /expected a time of day/],
    [{ zone: 'Europe/Osl' }, /expected a time zone as IANA names it/],
    [{ runbooks_url: 'wiki' }, /expected an address such as https/],
  ]
  for (const [value, text] of wrong) {
    it(`refuse ${JSON.stringify(value)}`, () => {
      assert.match(faultsOf(value).join(), text)
    })
  }
})
