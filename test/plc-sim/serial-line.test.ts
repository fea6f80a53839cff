// Devices of the practice plant on one serial line: who answers, who is silent, and what is
// counted. The frames themselves are tested with the RTU slave.
import assert from 'node:assert/strict'
import { type Plant, startPlant } from '../../plc-sim/plant.ts'
import { JUDGED_MS, seenIn, wordsOf } from './by-hand.ts'
import { openSerialPair, SerialHand, type SerialPair } from './serial-pair.ts'
import { writePdu } from './terminal.ts'

const SILENCE_MS = 200
const DEVICES = { 'intake.A': 11, 'intake.B': 12, 'ups-1': 192 }

describe('Devices on a serial line', () => {
  let pair: SerialPair
  let plant: Plant
  let hand: SerialHand

  before(async () => {
    pair = await openSerialPair()
    const serial = [{ path: pair.ends[0], devices: DEVICES }]
    plant = await startPlant({ clock: 'hand', serial })
    hand = await SerialHand.open(pair.ends[1])
  })
  afterEach(() => plant.clearFault())
  after(async () => {
    await hand.close()
    await plant.close()
    await pair.close()
  })

  it('answer by their unit identifiers with what they show on the network', async () => {
    assert.deepEqual(seenIn(await hand.read(11, 1000, 22)).unit, 11)
    assert.deepEqual(seenIn(await hand.read(12, 1000, 22)).unit, 12)
    assert.equal((await hand.read(192, 0, 11))[0], 1)
    await assert.rejects(hand.read(13, 1000, 22, SILENCE_MS), /no answer/)
  })

  it('take commands, and every frame is counted', async () => {
    const { challenge } = seenIn(await hand.read(11, 1000, 22))
    const before = lanOf(plant, 'A')
    const words = wordsOf({
      epoch: 7,
      owner: 0x4d2a,
      seq: 1,
      opcode: 0xa5a5,
      action: 0,
      unit: 11,
      expectedRole: 1,
      challenge,
      evidence: 0,
      timeToLiveMs: 3000,
    })
    await hand.ask(11, writePdu(1100, words), 8)
    await plant.advance(JUDGED_MS)
    assert.equal(seenIn(await hand.read(11, 1000, 22)).result, 2)
    const after = lanOf(plant, 'A')
    assert.deepEqual(
      [after.readFrames - before.readFrames, after.writeFrames - before.writeFrames],
      [1, 1],
    )
    assert.equal(plant.state().writeFrames, after.writeFrames)
  })

  it('are silent when cut off, down or hanging, and their neighbours are not', async () => {
    for (const fault of ['network_loss', 'hang', 'crash']) {
      const lan = fault === 'crash' ? {} : { lan: 'serial' }
      await plant.addFault({ target: 'intake.A', fault, ...lan })
      await assert.rejects(hand.read(11, 1000, 1, SILENCE_MS), /no answer/, fault)
      assert.equal((await hand.read(12, 1000, 1)).length, 1)
      assert.equal(lanOf(plant, 'A').carries, 'nothing')
      await plant.clearFault()
      await plant.advance(400)
      assert.equal((await hand.read(11, 1000, 1)).length, 1)
    }
  })

  it('may have another unit behind their identifier', async () => {
    await plant.addFault({ target: 'intake.A', fault: 'other_unit', lan: 'serial' })
    assert.equal(seenIn(await hand.read(11, 1000, 22)).unit, 12)
  })
})

describe('A serial line that cannot be served', () => {
  it('is refused in one line', async () => {
    const devices = { 'intake.A': 11 }
    const missing = startPlant({ serial: [{ path: '/dev/no-such-line', devices }] })
    await assert.rejects(missing, /the serial line \/dev\/no-such-line cannot be opened/)
    const strange = startPlant({ serial: [{ path: '/dev/null', devices: { 'intake.C': 1 } }] })
    await assert.rejects(strange, /unknown device 'intake.C'; did you mean 'intake.A'\?/)
    const twice = { 'intake.A': 11, 'intake.B': 11 }
    const doubled = startPlant({ serial: [{ path: '/dev/null', devices: twice }] })
    await assert.rejects(doubled, /unit identifier 11 stands twice/)
  })
})

function lanOf(plant: Plant, unit: 'A' | 'B') {
  return plant.state().pairs.intake?.units[unit].lans.serial ?? assert.fail('no serial line')
}
