// `profile`: prints what a profile reads, tries it on dumps, and says what differs and what is wrong with a dump file.

import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type ProfileOptions, profileCommand } from '../../src/cli/profile.ts'
import { upsText } from './profile-text.ts'

function run(name: string | undefined, options: ProfileOptions = {}) {
  const lines: string[] = []
  const exit = profileCommand(name, options, (line) => lines.push(line))
  return { exit, lines, text: lines.join('\n') }
}

const dumpHead = 'profile: own\norigin: made\ndumps:\n'

describe('The command "profile"', () => {
  let folder = ''
  const at = (name: string): string => path.join(folder, name)

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bumpless-profile-'))
    await mkdir(at('profiles'))
    await writeFile(at('profiles/own.yaml'), upsText)
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** Tries the site's own profile on a dump file with these entries. */
  async function tryDump(entries: string, json = false) {
    await writeFile(at('dump.yaml'), dumpHead + entries)
    const told = run('own', { dump: at('dump.yaml'), plant: at('plant.yaml'), json })
    return { ...told, lines: told.lines.map((line) => line.replace(`${folder}/`, '')) }
  }

  it('lists every profile that comes with the product', () => {
    const { exit, lines } = run(undefined)
    assert.equal(exit, 0)
    assert.ok(lines.some((line) => /^apc-smart-ups +ups +no +APC Smart-UPS/.test(line)))
    assert.ok(lines.some((line) => /^schneider-quantum-hsby +unit +no /.test(line)))
  })

  it('shows where each signal stands, where the profile comes from and what to look out for', () => {
    const { exit, text } = run('schneider-quantum-hsby')
    assert.equal(exit, 0)
    assert.match(text, /verified on hardware: no/)
    assert.match(text, /^role +hr:0\.0-1 +bits +none, primary, standby$/m)
    assert.match(text, /^source: Control Expert help/m)
    assert.match(text, /^- The addresses are a convention/m)
  })

  it("prefers a profile of the site's own, beside its plant file", () => {
    const { exit, text } = run('own', { plant: at('plant.yaml') })
    assert.equal(exit, 0)
    assert.match(text, /^own: ups, verified on hardware: no$/m)
  })

  it('says where it looked for a profile that is not there', () => {
    const { exit, text } = run('apc-smart')
    assert.equal(exit, 2)
    assert.match(text, /^no profile "apc-smart"; looked for profiles\/apc-smart\.yaml and \//)
  })

  it('shows the faults of a profile with their places', async () => {
    await writeFile(at('profiles/own.yaml'), upsText.replace('is: on mains', 'is: mains'))
    const { exit, text } = run('own', { plant: at('plant.yaml') })
    assert.equal(exit, 2)
    assert.match(text, /own\.yaml:14:51 derive\.state\[1\]\.is: expected on mains, /)
  })

  it('shows every value of a dump raw, decoded, derived, or not known and why', async () => {
    const dump =
      "  - { what: mains, registers: { 'hr:0': [2, 1, 88] }, expect: { state: on mains } }\n"
    const { exit, text } = await tryDump(dump)
    assert.equal(exit, 0)
    assert.match(text, /^online +hr:0\.1 +0002 +true$/m)
    assert.match(text, /^mode +hr:1 +0001 +normal$/m)
    assert.match(text, /^charge_pct +hr:2 +0058 +88$/m)
    assert.match(text, /^battery_low +hr:3\.0 +---- +not known: is not in the dump$/m)
    assert.match(text, /^state +derived +on mains$/m)
    assert.match(text, /made from the maker's document, not recorded from a device/)
  })

  it('fails when a dump comes out otherwise than it should', async () => {
    const dump =
      "  - what: ill\n    registers: { 'hr:0': [0xFFFF, 9, 88] }\n" +
      '    expect: { state: on mains, charge_pct: 89, mode: unknown, colour: red }\n'
    const { exit, lines } = await tryDump(dump)
    assert.equal(exit, 1)
    assert.deepEqual(
      lines.filter((line) => line.startsWith('differs')),
      [
        'differs: state: expected on mains, found on battery',
        'differs: charge_pct: expected 89, found 88',
        'differs: colour: expected red, and there is no such signal',
      ],
    )
  })

  it('gives the same as JSON', async () => {
    const { exit, text } = await tryDump(
      "  - { what: mains, registers: { 'hr:0': [2, 1] }, expect: { state: 'off' } }\n",
      true,
    )
    assert.equal(exit, 1)
    const { dumps } = JSON.parse(text) as {
      dumps: { readings: { key: string; raw?: string; value: unknown }[]; differences: string[] }[]
    }
    assert.deepEqual(dumps[0]?.readings[0], {
      key: 'online',
      at: 'hr:0.1',
      raw: '0002',
      value: true,
    })
    assert.deepEqual(dumps[0]?.differences, ['state: expected off, found on mains'])
  })

  it('shows every fault of a dump file with its place', async () => {
    const dump =
      '  - what: wrong\n    registers:\n' +
      "      'xr:1': 1\n      'hr:1.3': 1\n      'hr:65535': [1, 2]\n      'hr:7': [1, 2]\n" +
      "      'hr:8': 1\n      'di:3': 2\n"
    const { exit, lines } = await tryDump(dump)
    assert.equal(exit, 2)
    assert.deepEqual(lines, [
      'dump.yaml:6:7 dumps[0].registers."xr:1": unknown area "xr"; expected hr (holding registers), ir (input registers), co (coils) or di (discrete inputs)',
      'dump.yaml:7:7 dumps[0].registers."hr:1.3": a dump holds whole words; leave ".3" away',
      'dump.yaml:8:7 dumps[0].registers."hr:65535": reaches to hr:65536; the last is 65535',
      'dump.yaml:10:7 dumps[0].registers."hr:8": hr:8 stands in the dump already',
      'dump.yaml:11:7 dumps[0].registers."di:3": di:3 is 0 or 1, found 2',
    ])
  })

  it('refuses a word that does not fit into 16 bits, and a key that no dump has', async () => {
    const { exit, lines } = await tryDump(
      "  - { what: x, registers: { 'hr:1': 70000 }, expct: {} }\n",
    )
    assert.equal(exit, 2)
    assert.deepEqual(lines, [
      'dump.yaml:4:37 dumps[0].registers."hr:1": must be at most 65535, found 70000',
      'dump.yaml:4:46 dumps[0].expct: unknown key "expct"; did you mean "expect"?',
    ])
  })

  it('refuses a dump of another profile, and one for a device without registers', async () => {
    const other = run('apc-smart-ups', { dump: 'test/config/dumps/huawei-ups.yaml' })
    assert.equal(other.exit, 2)
    assert.match(other.text, /is a dump for "huawei-ups", not for "apc-smart-ups"/)
    await writeFile(at('dump.yaml'), 'profile: nut\norigin: made\ndumps: [{ what: x, fill: 0 }]\n')
    const nut = run('nut', { dump: at('dump.yaml') })
    assert.equal(nut.exit, 2)
    assert.equal(nut.text, 'no signal of "nut" stands in registers, so a dump says nothing of it')
  })
})
