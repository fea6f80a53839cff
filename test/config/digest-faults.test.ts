// A pair that asks for digests: what is refused, and how the words of its data come to their names.

import assert from 'node:assert/strict'
import { withoutTags } from './path-text.ts'
import { type BadFile, changed, loadText, refusesEach } from './plant-text.ts'
import { type BadProfile, refusesProfiles, unitText } from './profile-text.ts'

const at = '    gates: { site'
const tagsAt = (register: string): string => `    tags:\n      - { name: LEVEL, at: ${register}`
const withDigest = (keys: string): string => `    digest: ${keys}\n${at}`

const files: readonly BadFile[] = [
  [
    'digests that stand nowhere in the profile',
    `profile: bumpless-block\n    mode: supervise`,
    'profile: siemens-s7-1500rh\n    digest: {}',
    [
      'plant.yaml:5:13 pairs[0].digest: the profile "siemens-s7-1500rh" does not say where digests stand; remove this key',
    ],
  ],
  [
    'a range that runs backwards',
    at,
    withDigest('{ ranges: [{ name: recipe, from: 128, to: 127 }] }'),
    ['plant.yaml:22:55 pairs[0].digest.ranges[0].to: ends before it begins: word 128'],
  ],
  [
    'a range beyond the last word that a digest may cover',
    at,
    withDigest('{ ranges: [{ name: recipe, from: 0, to: 4096 }] }'),
    ['plant.yaml:22:53 pairs[0].digest.ranges[0].to: must be at most 4095, found 4096'],
  ],
  [
    'two ranges with one name',
    at,
    withDigest('{ ranges: [{ name: a, from: 0, to: 1 }, { name: a, from: 2, to: 3 }] }'),
    ['plant.yaml:22:61 pairs[0].digest.ranges[1].name: the name "a" is taken already'],
  ],
  [
    'a first word that is a bit',
    at,
    withDigest("{ words_at: 'hr:2000.1' }"),
    [
      'plant.yaml:22:25 pairs[0].digest.words_at: expected a register such as hr:2000, found "hr:2000.1"',
    ],
  ],
  [
    'a limit of the lag within which the units are hardly read',
    at,
    withDigest('{ lag_ms: 300 }'),
    ['plant.yaml:22:23 pairs[0].digest.lag_ms: expected at least two scans, 400'],
  ],
  [
    'a tag in the digest block of a pair that reads it',
    tagsAt("'hr:100'"),
    `    digest: {}\n${tagsAt("'hr:1040'")}`,
    [
      'plant.yaml:20:28 pairs[0].tags[0].at: hr:1040 belongs to the profile\'s signal "digest" already',
    ],
  ],
]

const profiles: readonly BadProfile[] = [
  [
    'a digest block of another length',
    unitText,
    '  inhibit_link_error:',
    "  digest: { at: 'hr:1030', type: words, words: 12 }\n  inhibit_link_error:",
    ['profiles/own.yaml:8:34 signals.digest.type: expected words, 14 of them'],
  ],
  [
    'a leaf page that is a number',
    unitText,
    '  inhibit_link_error:',
    "  digest_page_1: { at: 'hr:1200', type: uint16 }\n  inhibit_link_error:",
    ['profiles/own.yaml:8:41 signals.digest_page_1.type: expected words, 72 of them'],
  ],
]

describe('A pair with digests', () => {
  refusesEach(files)
  refusesProfiles(profiles)

  it('may leave every key of them at its default', async () => {
    const { result } = await loadText(changed(at, withDigest('{}')))
    assert.ok(result.ok)
    assert.deepEqual(result.plant.pairs[0]?.digest, { lagMs: 5000, names: [] })
  })

  it('has these registers for its tags while it asks for none', async () => {
    const { result } = await loadText(changed(tagsAt("'hr:100'"), tagsAt("'hr:1040'")))
    assert.ok(result.ok)
    const [path] = result.plant.devices['intake.A']?.paths ?? []
    assert.ok(path?.protocol === 'modbus' && path.detail === undefined)
    assert.ok(!path.signals.some(({ key }) => key === 'digest'))
  })

  it('needs no tag to be in sync', async () => {
    const text = withoutTags.replace('    scan_ms: 200', '    scan_ms: 200\n    digest: {}')
    const { result, lines } = await loadText(text)
    assert.ok(result.ok)
    assert.ok(!lines.some((line) => line.includes('no tag is compared')), lines.join('\n'))
  })

  it('names words by ranges and by the tags that stand in them', async () => {
    const keys = "{ words_at: 'hr:101', ranges: [{ name: recipe, from: 8, to: 9 }] }"
    const { result } = await loadText(changed(at, withDigest(keys)))
    assert.ok(result.ok)
    assert.deepEqual(result.plant.pairs[0]?.digest?.names, [
      { name: 'recipe', from: 8, to: 9 },
      { name: 'MODE', from: 1, to: 1 },
      { name: 'PUMP', from: 2, to: 2 },
    ])
  })
})
