// What the supervisor did can be played again from its recording: after a clean stop, and after a kill in the middle of the work.

import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bumpless } from '../cli/command.ts'
import { readCopy } from './journal-file.ts'
import { switchTo, untilReady } from './persons.ts'
import { assertNeverBothActive, type Rig, startRig } from './rig.ts'

describe('A recording of a supervisor at work', function () {
  this.timeout(120_000)
  let rig: Rig
  const recording = () => join(rig.folder, 'recording')
  const replayed = (...words: string[]) => bumpless(process.env, ['replay', recording(), ...words])

  before(async () => {
    rig = await startRig()
    await untilReady(rig)
    await switchTo(rig, 'B')
    const id = await rig.fault('intake.A', 'network_loss')
    await rig.untilPair('A to be lost', ({ units }) => units.A.presence === 'lost')
    await rig.plant.clearFault(id)
    await rig.untilPair('A to be back', ({ units }) => units.A.presence === 'answering')
    // What was decided last has then been flushed, whatever the disk does.
    const { cycle } = await rig.view()
    await rig.waitFor('two more seconds', async () => (await rig.view()).cycle > cycle + 20)
    await rig.kill9()
    await rig.restart()
    await rig.untilPair('A to be read', ({ units }) => units.A.presence === 'answering')
    rig.service.signal('SIGTERM')
    await rig.service.ended
  })
  after(() => rig.stop())
  afterEach(() => assertNeverBothActive(rig))

  it('replays to the same decisions, over the kill and to the end', async () => {
    const { code, out, error } = await replayed()
    assert.equal(code, 0, out + error)
    assert.match(out, /\n\d+ cycles, identical\n$/)
    assert.equal(out.match(/^== /gm)?.length, 2, 'both starts')
  })

  it('replays where the time zone and the language are others', async () => {
    const elsewhere = { ...process.env, TZ: 'Pacific/Auckland', LC_ALL: 'tr_TR.UTF-8' }
    const { code, out, error } = await bumpless(elsewhere, ['replay', recording()])
    assert.equal(code, 0, out + error)
  })

  it('tells every record of the journal, each with its cycle', async () => {
    const { out } = await replayed('--json')
    const told = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { record?: { seq: number; text: string; cycle: number } })
      .flatMap(({ record }) => record ?? [])
    const journal = readCopy(rig.journal)
    assert.deepEqual(
      told.map(({ seq, text }) => `${seq} ${text}`),
      journal.map(({ seq, text }) => `${seq} ${text}`),
    )
    assert.ok(told.every(({ cycle }) => cycle > 0))
  })

  it('gives a backtest that differs in nothing with its own settings, and in the alarm with others', async () => {
    const same = await replayed('--plant', rig.plantFile)
    assert.equal(same.code, 0, same.error)
    assert.match(same.out, /^\d+ cycles; 0 only recorded, 0 only with .*, 0 at another time\n$/)
    const text = await readFile(rig.plantFile, 'utf8')
    const slower = join(rig.folder, 'slower.yaml')
    await writeFile(slower, text.replace(/lost_ms: \d+/, 'lost_ms: 60000'))
    const other = await replayed('--plant', slower)
    assert.equal(other.code, 0, other.error)
    assert.match(
      other.out,
      /only recorded: alarm intake: raised: intake\.A the unit does not answer/,
    )
  })

  it('answers wrong usage in one line', async () => {
    const late = await replayed('--from', 'yesterday')
    assert.equal(late.code, 2)
    assert.match(late.error, /--from yesterday: expected a time such as/)
    const future = await replayed('--from', '2126-01-01 00:00')
    assert.equal(future.code, 1)
    assert.match(future.error, /no cycle of that time/)
    const nothing = await bumpless(process.env, ['replay', rig.folder])
    assert.equal(nothing.code, 1)
    assert.match(nothing.error, /no recording in it/)
  })
})
