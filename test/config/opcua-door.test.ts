// The OPC UA door in the plant file: off unless it is asked for, safe unless it is asked to be otherwise.

import assert from 'node:assert/strict'
import { changed, loadText } from './plant-text.ts'

const withDoor = (keys: string): string =>
  changed('site: Westhaven', `site: Westhaven\nopcua: { ${keys} }`)

describe('The OPC UA door in a plant file', () => {
  it('is not there unless the file asks for it', async () => {
    const { result } = await loadText(changed('site: Westhaven', 'site: Westhaven'))
    assert.ok(result.ok)
    assert.equal(result.plant.opcua, undefined)
  })

  it('signs and encrypts, on loopback, when nothing else is said', async () => {
    const { result, lines } = await loadText(withDoor(''))
    assert.ok(result.ok, lines.join('\n'))
    assert.deepEqual(result.plant.opcua, {
      ...{ host: '127.0.0.1', port: 4840, pki: 'data/opcua' },
      policies: ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'],
      ...{ sessionsMax: 20, connectionsMax: 50, alarmsMax: 200, backS: 60 },
      history: { folder: 'data/history', keepDays: 30, maxMb: 1000, tagMs: 1000 },
    })
  })

  it('keeps a history of as many days as the file says, and none at all with 0', async () => {
    const kept = await loadText(withDoor('history: { keep_days: 7, max_mb: 50, tag_s: 0.5 }'))
    assert.ok(kept.result.ok, kept.lines.join())
    const { keepDays, maxMb, tagMs } = kept.result.plant.opcua?.history ?? {}
    assert.deepEqual([keepDays, maxMb, tagMs], [7, 50, 500])
    const none = await loadText(withDoor('history: { keep_days: 0 }'))
    assert.ok(none.result.ok, none.lines.join())
    assert.equal(none.result.plant.opcua?.history, undefined)
  })

  const faults: readonly (readonly [string, string, string])[] = [
    ['a broken policy', 'policies: [Basic128Rsa15]', 'opcua.policies[0]: '],
    ['no policy at all', 'policies: []', 'opcua.policies: at least one policy is needed'],
    ['a place that is none', 'listen: here', 'opcua.listen: the port is missing'],
    ['the place of the other door', "listen: '127.0.0.1:8080'", 'is taken by another door'],
    ['no room for a session', 'sessions: 0', 'opcua.sessions: '],
  ]
  for (const [what, keys, line] of faults) {
    it(`is refused with ${what}`, async () => {
      const { result, lines } = await loadText(
        withDoor(keys).replace(
          'site: Westhaven',
          "site: Westhaven\nhttp: { listen: '127.0.0.1:8080' }",
        ),
      )
      assert.ok(!result.ok)
      assert.ok(
        lines.some((one) => one.includes(line)),
        lines.join('\n'),
      )
    })
  }

  it('warns of a door without signature and encryption', async () => {
    const { result, lines } = await loadText(withDoor('policies: [None, Basic256Sha256]'))
    assert.ok(result.ok, lines.join('\n'))
    assert.ok(
      result.warnings.some(({ message }) => /without signature and encryption/.test(message)),
    )
  })
})
