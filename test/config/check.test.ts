// `check` and `schema` as a person meets them: what they print and the exit code they leave.

import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { check } from '../../src/cli/check.ts'
import { schema } from '../../src/cli/schema.ts'
import { changed, soundText } from './plant-text.ts'

const product = path.join(import.meta.dirname, '../..')
const demoFile = path.join(product, 'config/plant.demo.yaml')

async function checked(
  file: string,
  json = false,
): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const lines: string[] = []
  const code = await check(file, { json }, (line) => lines.push(line))
  return { code, lines }
}

async function checkedText(text: string): Promise<{ code: number; lines: readonly string[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bumpless-check-'))
  try {
    const file = path.join(folder, 'plant.yaml')
    await writeFile(file, text)
    const { code, lines } = await checked(file)
    return { code, lines: lines.map((line) => line.replaceAll(`${folder}/`, '')) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const causes = (lines: readonly string[]): readonly string[] =>
  lines.slice(lines.indexOf('Single points of failure and common causes') + 1)

describe('Checking a plant file', () => {
  it('answers 0 for the demo plant and says what follows from its numbers', async () => {
    const { code, lines } = await checked(demoFile)
    assert.equal(code, 0)
    const start = lines.indexOf(
      'dosing: supervised, profile bumpless-block, criticality high, 9 tags (4 critical), digests',
    )
    const words = lines.slice(start, lines.indexOf('', start)).join(' ').replace(/\s+/g, ' ')
    assert.match(words, /called lost after at most 1\.6 s, a frozen one after at most 1\.8 s/)
    assert.match(words, /longest blind window: 1\.1 s/)
    assert.match(words, /two commands could be in flight: 0\.8 s/)
    assert.match(words, /from SELECT to OPERATE: at most 1150 of 2000 ms/)
    // Two requests a scan (tags, blocks) every 200 ms; every 50 ms while a switchover runs.
    assert.match(words, /load: dosing\.A 10 requests\/s \(2 a scan, 5 on the spare path\)/)
    assert.match(words, /while a switchover runs: dosing\.A 40 requests\/s/)
  })

  it('says how many days of history fit into the room that it has', async () => {
    const door = (history: string): string =>
      changed('site: Westhaven', `site: Westhaven\nopcua: { history: { ${history} } }`)
    const told = async (history: string): Promise<string> =>
      (await checkedText(door(history))).lines.join(' ').replace(/\s+/g, ' ')
    const plenty = await told('keep_days: 7')
    assert.match(
      plenty,
      /History for SCADA clients in .*history: 7 days, at most 1000 MB; that fits/,
    )
    assert.match(await told('max_mb: 20, tag_s: 0'), /only the last [\d.]+ days would fit/)
    assert.doesNotMatch(await told('keep_days: 0'), /History for SCADA/)
  })

  it('answers 2 for a file with faults and prints each of them, and how many', async () => {
    const text = changed('scan_ms: 200', 'scna_ms: 200').replace('number: 12', 'number: 11')
    const { code, lines } = await checkedText(text)
    assert.equal(code, 2)
    assert.deepEqual(lines, [
      'plant.yaml:6:5 pairs[0].scna_ms: unknown key "scna_ms"; did you mean "scan_ms"?',
      'plant.yaml:15:17 pairs[0].units.B.number: pairs[0].units.A has the block unit number 11 already; it must be unique on the site',
      'plant.yaml: 2 faults',
    ])
    assert.deepEqual(await checked('no-such-plant.yaml'), {
      code: 2,
      lines: ['no-such-plant.yaml:1:1 no such file', 'no-such-plant.yaml: 1 fault'],
    })
  })

  it('names the one UPS, the one rack and the one network on which both units hang', async () => {
    const text = soundText
      .replace('rack 2', 'Rack  1')
      .replace("11:502', unit: 1", "11:502', lan: lan-1")
      .replace("12:502', unit: 1", "12:502', lan: lan-1")
    const { lines } = await checkedText(text)
    const found = causes(lines)
    assert(found.includes('  - intake: both units hang on the UPS ups-1'))
    assert(found.includes('  - intake: both units stand in rack 1'))
    assert(found.includes('  - intake: both units are reached over one network, lan-1'))
    assert(found.some((line) => line.startsWith('  - this supervisor runs alone')))
  })

  it('adds up what a serial line carries, and says what it cannot do', async () => {
    const serial = (text: string, unit: number): string =>
      text.replace(
        /'tcp:\/\/10\.1\.0\.1[12]:502', unit: 1/,
        `'serial:///dev/ttyS0', unit: ${unit}, baud: 9600`,
      )
    const { code, lines } = await checkedText(serial(serial(soundText, 11), 12))
    assert.equal(code, 0, lines.join('\n'))
    const from = lines.findIndex((line) => line.startsWith('Serial line'))
    const told = lines
      .slice(from, from + 8)
      .join(' ')
      .replace(/\s+/g, ' ')
    assert.match(
      told,
      /^Serial line \/dev\/ttyS0: intake\.A, intake\.B, busy for 1\d\d % of the time/,
    )
    assert.match(told, /lengthen scan_ms, or spread the devices over more lines/)
    assert.match(
      told,
      /holds the line for its timeout_ms: take less than 200 for intake\.A, intake\.B/,
    )
  })

  it('does not call two UPS units of which one is enough a single point of failure', async () => {
    const { lines } = await checked(demoFile)
    assert.deepEqual(
      causes(lines).filter((line) => line.includes('hang on the UPS')),
      [],
    )
  })

  it('sees journal copies on one disk, also in folders that are not made yet', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'bumpless-disk-'))
    try {
      await mkdir(path.join(folder, 'a'))
      const copies = `journal: { copies: ['${folder}/a', '${folder}/b/c'] }`
      const one = await checkedText(changed('site: Westhaven', `site: Westhaven\n${copies}`))
      assert(causes(one.lines).includes('  - all copies of the journal are on one disk'))
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('says that a pair is only watched and prints no figures of commands for it', async () => {
    const { code, lines } = await checkedText(changed('    mode: supervise\n', ''))
    assert.equal(code, 0)
    assert(lines.some((line) => line.startsWith('intake: only watched')))
    assert(lines.some((line) => line.includes('is not verified on hardware')))
    assert(!lines.some((line) => line.includes('SELECT')))
  })

  it('tells a program the same as JSON on one line', async () => {
    const { code, lines } = await checked(demoFile, true)
    assert.equal(code, 0)
    assert.equal(lines.length, 1)
    const report = JSON.parse(lines[0] ?? '')
    assert.equal(report.ok, true)
    assert.equal(report.pairs[2].switchTime.sumMs, 1150)
    assert.match(report.digest, /^[0-9a-f]{64}$/)
    const missing = await checked('no-such-plant.yaml', true)
    assert.equal(missing.code, 2)
    assert.deepEqual(JSON.parse(missing.lines[0] ?? ''), {
      ok: false,
      faults: [
        { file: 'no-such-plant.yaml', line: 1, column: 1, path: '', message: 'no such file' },
      ],
    })
  })
})

describe('The schema of the plant file', () => {
  it('in config/plant.schema.json is the one that the program checks with', async () => {
    const lines: string[] = []
    assert.equal(
      schema({ table: false }, (line) => lines.push(line)),
      0,
    )
    const kept = await readFile(path.join(product, 'config/plant.schema.json'), 'utf8')
    assert.deepEqual(
      JSON.parse(kept),
      JSON.parse(lines.join('\n')),
      'make it anew: bumpless schema > config/plant.schema.json',
    )
  })

  it('is what the demo file tells editors to use', async () => {
    const demo = await readFile(demoFile, 'utf8')
    assert.equal(demo.split('\n')[0], '# yaml-language-server: $schema=./plant.schema.json')
  })

  it('has a description of every key', () => {
    const lines: string[] = []
    schema({ table: true }, (line) => lines.push(line))
    const rows = lines.filter((line) => line.startsWith('| `'))
    assert(rows.length > 60, `${rows.length} rows`)
    assert.deepEqual(
      rows.filter((row) => /\|\s*\|$/.test(row)),
      [],
    )
  })

  it('is printed in the manual as it is', async () => {
    const manual = await readFile(path.join(product, 'docs/configuration.md'), 'utf8')
    const lines: string[] = []
    schema({ table: true }, (line) => lines.push(line))
    const [, rest = ''] = manual.split('<!-- tables: bumpless schema --table -->\n\n')
    const [tables = ''] = rest.split('\n<!-- end of tables -->')
    assert.equal(tables.trimEnd(), lines.join('\n'))
  })
})
