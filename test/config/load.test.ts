// Loading a plant file as a whole: many faults at once, missing files, profiles beside the plant file, warnings, and what the
// demo plant becomes.

import assert from 'node:assert/strict'
import path from 'node:path'
import { loadPlant } from '../../src/config/load.ts'
import { faultText } from '../../src/config/source.ts'
import type { Plant } from '../../src/core/plant.ts'
import { planReads } from '../../src/field/modbus/plan.ts'
import { changed, loadText, soundText } from './plant-text.ts'

const demoFile = path.join(import.meta.dirname, '../../config/plant.demo.yaml')

function demoPlant(): Plant {
  const result = loadPlant(demoFile)
  assert(result.ok, result.ok ? '' : result.faults.map(faultText).join('\n'))
  assert.deepEqual(result.warnings, [])
  return result.plant
}

const profileText = `name: shop-block
kind: unit
verified: true
source: our own shop
command_at: hr:1100
signals:
  status: { at: 'hr:1000', type: words, words: 22 }
`

describe('Loading a plant file', () => {
  it('takes the sound file without a warning', async () => {
    const { result, lines } = await loadText(soundText)
    assert.equal(result.ok, true)
    assert.deepEqual(lines, [])
  })

  it('tells every fault at once, in the order of the lines', async () => {
    const text = soundText
      .replace('scan_ms: 200', 'scna_ms: 200')
      .replace('number: 12', 'number: 11')
      .replace('any_of: [ups-1]', 'any_of: [ups-7]')
      .replace('type: float32', 'type: float33')
      .replace('confirm_s: 60', 'confirm_s: soon')
      .replace('10.1.0.20:502', '10.1.0.20')
    const { lines } = await loadText(text)
    assert.deepEqual(
      lines.map((line) => line.split(': ').slice(0, 2).join(': ').split(' ').slice(0, 2).join(' ')),
      [
        'plant.yaml:6:5 pairs[0].scna_ms:',
        'plant.yaml:11:27 pairs[0].units.A.power.any_of[0]:',
        'plant.yaml:15:17 pairs[0].units.B.number:',
        'plant.yaml:19:44 pairs[0].tags[0].type:',
        'plant.yaml:23:26 pairs[0].policy.confirm_s:',
        'plant.yaml:25:47 ups[0].modbus:',
      ],
    )
  })

  it('says so when the file is missing, empty, a folder, too large or not text', async () => {
    const missing = loadPlant('no-such-plant.yaml')
    assert.deepEqual(missing.ok ? [] : missing.faults.map(faultText), [
      'no-such-plant.yaml:1:1 no such file',
    ])
    const folder = loadPlant(import.meta.dirname)
    assert.match(folder.ok ? '' : folder.faults.map(faultText).join(), /folder, not a file$/)
    assert.deepEqual((await loadText('')).lines, ['plant.yaml:1:1 the file is empty'])
    assert.deepEqual((await loadText('# nothing\n')).lines, ['plant.yaml:1:1 the file is empty'])
    assert.deepEqual((await loadText(new Uint8Array([0x73, 0xff, 0xfe]))).lines, [
      'plant.yaml:1:1 the file is not UTF-8 text',
    ])
    assert.deepEqual((await loadText(`# ${'x'.repeat(1_000_000)}`)).lines, [
      'plant.yaml:1:1 the file has 1000002 bytes; at most 1000000 are read',
    ])
  })

  it('refuses brackets nested by the thousand and a file of aliases without choking', async () => {
    const deep = await loadText(`site: ${'['.repeat(5000)}`)
    assert.deepEqual(deep.lines, ['plant.yaml:1:1 the file is nested too deeply'])
    const bomb = ['a: &a [x, x, x, x]']
    for (let i = 1; i < 20; i += 1) bomb.push(`b${i}: &b${i} [*${i === 1 ? 'a' : `b${i - 1}`}, *a]`)
    const { lines } = await loadText(bomb.join('\n'))
    assert.equal(
      lines.every((line) => line.includes('anchors and aliases are not used')),
      true,
    )
  })

  it('looks for a profile beside the plant file before its own', async () => {
    const text = changed('profile: bumpless-block\n    mode: supervise', 'profile: shop-block')
    const { result } = await loadText(text, { 'profiles/shop-block.yaml': profileText })
    assert(result.ok)
    assert.equal(result.plant.pairs[0]?.mode, 'supervise')
    assert.equal(result.plant.devices['intake.A']?.mayWrite, true)
    assert.deepEqual(
      result.plant.devices['intake.A']?.paths[0]?.signals.map((signal) => signal.key),
      ['status', 'tag:LEVEL', 'tag:MODE', 'tag:PUMP'],
    )
  })

  it('tells the faults of a profile with its own file and line, once', async () => {
    const text = changed('bumpless-block', 'shop-block')
    const wrong = profileText
      .replace('words: 22', 'words: 21')
      .replace('source: our own shop\n', '')
    const { lines } = await loadText(text, { 'profiles/shop-block.yaml': wrong })
    assert.deepEqual(lines, ['profiles/shop-block.yaml:1:1 source: missing; expected text'])
    const second = profileText.replace('words: 22', 'words: 21').replace('shop-block', 'other')
    assert.deepEqual((await loadText(text, { 'profiles/shop-block.yaml': second })).lines, [
      'profiles/shop-block.yaml:1:7 name: the file is named shop-block.yaml, so expected "shop-block"',
      'profiles/shop-block.yaml:7:34 signals.status.type: expected words, 22 of them',
    ])
  })

  it('only watches a pair whose profile nobody has tried, unless the file says otherwise', async () => {
    const { result, lines } = await loadText(changed('    mode: supervise\n', ''))
    assert(result.ok)
    assert.equal(result.plant.pairs[0]?.mode, 'observe')
    assert.equal(result.plant.devices['intake.A']?.mayWrite, false)
    assert.deepEqual(lines, [
      'plant.yaml:4:14 pairs[0].profile: the profile "bumpless-block" is not verified on hardware, so this pair is only watched; "mode: supervise" on the pair overrules it',
    ])
  })

  it('never lets a device be written while the whole plant is only watched', async () => {
    const { result } = await loadText(changed('site: Westhaven', 'site: Westhaven\nmode: observe'))
    assert(result.ok)
    assert.deepEqual(
      Object.values(result.plant.devices).map((device) => device.mayWrite),
      [false, false, false],
    )
  })

  it('warns of what is allowed and doubtful', async () => {
    const text = soundText
      .replace(
        'site: Westhaven',
        'site: W\nhttp: { listen: 0.0.0.0:8080 }\njournal: { copies: [data/j] }',
      )
      .replace('class: analog, tolerance: 0.5', 'class: analog')
      .replace('        power: { any_of: [ups-1] }\n', '')
      .replace('gates: {', 'gates: { lost_ms: 850, fresh_ms: 800,')
      .replace("'tcp://10.1.0.20:502'", "'tcp://10.1.0.12:502', unit: 2")
    const { result, lines } = await loadText(text)
    assert.equal(result.ok, true)
    assert.deepEqual(lines, [
      'plant.yaml:2:17 http.listen: other machines can reach this door and there is no TLS: passwords can be read on the network; set http.tls',
      'plant.yaml:3:21 journal.copies[0]: there is only one copy of the journal',
      'plant.yaml:11:9 pairs[0].units.A: no UPS is named: nothing is asked of the power of this unit',
      'plant.yaml:20:60 pairs[0].tags[0].class: the class analog without a tolerance is judged by what its first 900 samples show',
      'plant.yaml:23:23 pairs[0].gates.lost_ms: one lost answer is enough to call a unit lost: 2 scan_ms + timeout_ms is 900',
      'plant.yaml:26:47 ups[0].modbus: pairs[0].units.B has the same host and port: right only behind a gateway',
    ])
  })

  it('warns of a pair that can never be in sync and of a counter of which nobody knows where it wraps', async () => {
    const tags = /tags:\n(.*\n){3}/
    const noTags = soundText.replace(tags, 'tags: []\n').replace(/ {4}gates.*\n/, '')
    assert.deepEqual((await loadText(noTags)).lines, [
      'plant.yaml:3:5 pairs[0]: no tag is compared: the pair is never in sync, so no planned switchover is possible',
    ])
    const counter = changed('class: analog', 'class: counter')
    assert.deepEqual((await loadText(counter)).lines, [
      'plant.yaml:19:60 pairs[0].tags[0].class: of type float32 nobody knows where the counter starts again; for a moment it is then not compared well',
    ])
  })

  it('gives another digest for any change of the plant file or of a profile, and the same for the same', async () => {
    const text = changed('bumpless-block', 'shop-block')
    const digest = async (plant: string, profile: string): Promise<string> => {
      const { result } = await loadText(plant, { 'profiles/shop-block.yaml': profile })
      assert(result.ok)
      return result.plant.digest
    }
    const first = await digest(text, profileText)
    assert.match(first, /^[0-9a-f]{64}$/)
    assert.equal(await digest(text, profileText), first)
    assert.notEqual(
      await digest(text.replace('confirm_s: 60', 'confirm_s: 61'), profileText),
      first,
    )
    assert.notEqual(await digest(text, profileText.replace('our own', 'another')), first)
  })
})

describe('The demo plant file', () => {
  it('holds the three pairs and two UPS units of the practice plant', () => {
    const plant = demoPlant()
    assert.deepEqual(
      plant.pairs.map((pair) => [pair.name, pair.criticality, pair.mode, pair.policy.secondPerson]),
      [
        ['intake', 'high', 'supervise', false],
        ['filters', 'medium', 'supervise', false],
        ['dosing', 'high', 'supervise', true],
      ],
    )
    assert.deepEqual(
      Object.values(plant.devices).map((device) => [device.id, device.paths[0]?.address]),
      [
        ['intake.A', 'tcp://127.0.0.1:15020'],
        ['intake.B', 'tcp://127.0.0.1:15021'],
        ['filters.A', 'tcp://127.0.0.1:15022'],
        ['filters.B', 'tcp://127.0.0.1:15023'],
        ['dosing.A', 'tcp://127.0.0.1:15024'],
        ['dosing.B', 'tcp://127.0.0.1:15025'],
        ['ups-1', 'tcp://127.0.0.1:15030'],
        ['ups-2', 'tcp://127.0.0.1:15031'],
      ],
    )
    const numbers = plant.pairs.map((pair) => [pair.units.A.number, pair.units.B.number])
    assert.deepEqual(numbers, [
      [11, 12],
      [21, 22],
      [31, 32],
    ])
  })

  it('feeds intake A from either UPS and B from the second alone', () => {
    const [intake] = demoPlant().pairs
    assert.deepEqual(intake?.units.A.power, { anyOf: ['ups-1', 'ups-2'], allOf: [] })
    assert.deepEqual(intake?.units.B.power, { anyOf: [], allOf: ['ups-2'] })
  })

  it('reads each register of the protocol page as what it is', () => {
    const { devices } = demoPlant()
    const path = devices['dosing.B']?.paths[0]
    assert(path?.protocol === 'modbus')
    const rows = path.signals.map((signal) =>
      [signal.key, signal.address, signal.type, signal.bit ?? ''].join(' ').trim(),
    )
    assert.deepEqual(rows, [
      'status 1000 words',
      'program 1022 uint32',
      'firmware 1024 uint32',
      'configuration 1026 uint32',
      'scan_time_ms 1028 uint16',
      'load_pct 1029 uint16',
      'digest 1030 words',
      'tag:LEVEL.PV 100 float32',
      'tag:LEVEL.SP 102 float32',
      'tag:VALVE.OUT 104 float32',
      'tag:PID.I 106 float32',
      'tag:MODE 108 uint16',
      'tag:BATCH.STEP 109 uint16',
      'tag:PUMP.RUN 110 bit 0',
      'tag:HIGH.LEVEL 110 bit 1',
      'tag:FLOW.TOTAL 111 uint32',
    ])
    const details = path.detail?.map(({ key, address }) => `${key} ${address}`)
    assert.deepEqual(details, ['digest_page_1 1200', 'digest_page_2 1272'])
    assert.equal(planReads(path.signals, path).length, 2, 'the digests cost no request')
    assert.equal(path.commandAt, 1100)
    assert.equal(devices['ups-1']?.mayWrite, false)
  })

  it('holds dosing back while a batch runs, unless a supervisor takes it on', () => {
    const dosing = demoPlant().pairs[2]
    assert.deepEqual(dosing?.gates.site, [
      { name: 'no batch running', tag: 'BATCH.STEP', equals: 0, override: 'supervisor' },
    ])
    const critical = dosing?.tags.filter((tag) => tag.critical).map((tag) => tag.name)
    assert.deepEqual(critical, ['LEVEL.SP', 'PID.I', 'MODE', 'BATCH.STEP'])
  })
})
