// The data about alarms keep their promises: words for everybody, no critical alarm quiet without a reason, no circle of causes.

import assert from 'node:assert/strict'
import {
  type AlarmEntry,
  type AlarmKey,
  catalogue,
} from '../../../src/core/alarms/alarm-catalogue.ts'
import { causesOf } from '../../../src/core/alarms/first-out.ts'
import { type SuppressorEntry, suppressors } from '../../../src/core/alarms/suppressors.ts'

const entries = Object.entries<AlarmEntry>(catalogue)

describe('the catalogue of alarms', () => {
  for (const [key, { condition, consequence, action }] of entries) {
    it(`says for ${key} what stands, what follows and what to do, each in one line`, () => {
      for (const words of [condition, consequence, action]) {
        assert.match(words, /^[a-zO][^\n]{7,119}$/, words)
        assert.doesNotMatch(words, /[.!]$/, words)
      }
      assert.notEqual(condition, consequence)
    })
  }

  it('keeps critical alarms few, so that they are heard', () => {
    const critical = entries.filter(([, { priority }]) => priority === 1)
    assert.ok(critical.length <= entries.length / 3, `${critical.length} of ${entries.length}`)
  })
})

describe('suppression by design', () => {
  for (const [key, entry] of Object.entries<SuppressorEntry>(suppressors)) {
    it(`gives a reason for ${key}, and one more for each critical alarm in it`, () => {
      assert.ok(entry.why.length > 10)
      const critical = entry.alarms.filter((alarm) => catalogue[alarm].priority === 1)
      assert.deepEqual(critical, Object.keys(entry.critical ?? {}))
      for (const alarm of critical) assert.ok((entry.critical?.[alarm] ?? '').length > 10, alarm)
    })
  }

  it('never keeps quiet what stands against a switchover until it is seen', () => {
    const blocking = entries.flatMap(([key, { blocks }]) => (blocks ? [key] : []))
    const quiet = Object.values<SuppressorEntry>(suppressors).flatMap(({ alarms }) => alarms)
    assert.deepEqual(
      quiet.filter((key) => blocking.includes(key)),
      [],
    )
  })
})

describe('the causes between alarms', () => {
  it('have no circle, so that every chain ends at a root', () => {
    const walk = (key: AlarmKey, path: readonly AlarmKey[]): void => {
      assert.ok(!path.includes(key), `${[...path, key].join(' <- ')}`)
      for (const cause of causesOf[key] ?? []) walk(cause, [...path, key])
    }
    for (const [key] of entries) walk(key as AlarmKey, [])
  })
})
