// The command itself: what goes where, files that are never overwritten, and one line for every wrong use.

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'
import { type ImportOptions, importList } from '../../src/cli/import.ts'
import { Halt } from '../../src/cli/outcome.ts'
import { fixture } from './imported.ts'

function run(file: string, options: ImportOptions = {}) {
  let written = ''
  const errors: string[] = []
  const ports = {
    write: (text: string) => {
      written += text
    },
    error: (line: string) => {
      errors.push(line)
    },
  }
  const exit = importList(file, options, ports)
  return { exit, written, errors }
}

const refusal = (file: string, options: ImportOptions = {}): string => {
  try {
    run(file, options)
  } catch (fault) {
    assert.ok(fault instanceof Halt)
    assert.equal(fault.exit, 2)
    return fault.message
  }
  return assert.fail('it was not refused')
}

describe('The import command', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'import-'))
  })
  afterEach(() => rm(folder, { recursive: true }))
  const at = (name: string): string => path.join(folder, name)

  it('prints YAML and says on the side what was taken, doubtful and left out', () => {
    const { exit, written, errors } = run(fixture('intake.csv'))
    assert.equal(exit, 0)
    assert.equal(parse(written).tags.length, 13)
    assert.match(errors[0] ?? '', /\(csv\): 13 taken, 4 of them doubtful; 2 left out$/)
    assert.match(errors.join('\n'), /left out: unknown type "Picture": CAMERA \(line 16\)/)
  })

  it('writes what is doubtful above each tag', () => {
    const { written } = run(fixture('filterhalle.csv'))
    assert.match(written, /# doubtful: %MD106 .*\n.*\n? *- \{ name: Mengenzaehler/)
    assert.match(written, /# "Störung_P1": Sammelstörung; quittierbar\n/)
  })

  it('never sets critical by itself', () => {
    const { written } = run(fixture('intake.csv'))
    assert.match(written, /# proposed: critical: true, because/)
    for (const tag of parse(written).tags) assert.ok(!('critical' in tag))
  })

  it('puts the tags under a pair when asked', () => {
    const { written } = run(fixture('mixer.L5X'), { pair: 'mixer' })
    const [pair] = parse(written).pairs
    assert.equal(pair.name, 'mixer')
    assert.equal(pair.tags[0].at, 'ns=2;s=LT101_PV')
  })

  it('answers a program in JSON with every reason', () => {
    const { written } = run(fixture('dosing.xml'), { json: true })
    const { format, tags, leftOut } = JSON.parse(written)
    assert.equal(format, 'plcopen')
    assert.equal(tags[0].from.line, 30)
    assert.match(tags[0].reason, /\S/)
    assert.ok(leftOut.every(({ reason }: { reason: string }) => reason !== ''))
  })

  it('writes a new file, and overwrites none unless forced', async () => {
    const out = at('tags.yaml')
    const first = run(fixture('intake.csv'), { out })
    assert.equal(first.written, '')
    assert.match(first.errors.at(-1) ?? '', /written to/)
    await writeFile(out, 'mine')
    assert.match(refusal(fixture('intake.csv'), { out }), /is there already; --force overwrites it/)
    assert.equal(await readFile(out, 'utf8'), 'mine')
    assert.equal(run(fixture('intake.csv'), { out, force: true }).exit, 0)
    assert.equal(parse(await readFile(out, 'utf8')).tags.length, 13)
  })

  it('ends with 1 when nothing could be taken', async () => {
    await writeFile(at('none.csv'), 'tag,address\na,%IW1\n')
    const { exit, written, errors } = run(at('none.csv'))
    assert.equal(exit, 1)
    assert.equal(written, '')
    assert.equal(errors.at(-1), 'nothing could be taken')
  })

  it('says when there are more tags than a pair takes', async () => {
    const lines = Array.from({ length: 2001 }, (_, index) => `T${index}.RUN,co:${index},BOOL`)
    await writeFile(at('many.csv'), ['tag,address,type', ...lines].join('\n'))
    assert.match(run(at('many.csv')).errors.join(), /at most 2000 tags, and this is 2001/)
  })

  it('names the file, line and column of a fault', async () => {
    await writeFile(at('broken.xml'), '<project>\n <types></project>')
    assert.match(refusal(at('broken.xml')), /broken\.xml:2:\d+ XML: /)
    await writeFile(at('map.csv'), 'tag,address\nA,1\na,2\n')
    assert.match(
      refusal(fixture('mixer.L5X'), { map: at('map.csv') }),
      /map\.csv:3:1 "a" stands here twice: with 1 and 2/,
    )
  })

  it('refuses wrong files and options in one line each', () => {
    assert.match(refusal(at('absent.csv')), /absent\.csv: no such file/)
    assert.match(refusal(folder), /this is a folder/)
    assert.match(refusal(fixture('intake.csv'), { format: 'l5' }), /did you mean l5x\?/)
    assert.match(
      refusal(fixture('intake.csv'), { pair: 'two words' }),
      /--pair two words: a name is/,
    )
    const map = fixture('mixer-map.csv')
    assert.match(refusal(fixture('intake.csv'), { map }), /--map is for plcopen and l5x/)
  })
})
