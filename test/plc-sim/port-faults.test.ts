// How the port of a device behaves, well and broken, with real connections.
import assert from 'node:assert/strict'
import { GO_STANDBY, type Hand, SELECT, withPlant, wordsOf } from './by-hand.ts'
import { frameOf, Terminal, writePdu } from './terminal.ts'

/** Long enough for an answer over loopback, short enough to wait for silence. */
const SILENCE_MS = 120
const READ_STATUS = Buffer.from([3, 0x03, 0xe8, 0, 22])

describe('The port of a unit', () => {
  for (const [what, pdu, code] of [
    ['a read of 126 registers', [3, 0x03, 0xe8, 0, 126], 3],
    ['a read of nothing', [3, 0x03, 0xe8, 0, 0], 3],
    ['a read beyond the tags', [3, 0, 100, 0, 14], 2],
    ['a read across the gap before the command block', [3, 0x04, 0x05, 0, 100], 2],
    ['a read at 65535', [3, 0xff, 0xff, 0, 2], 2],
    ['a read of coils', [1, 0, 0, 0, 1], 1],
    ['a read of input registers', [4, 0x03, 0xe8, 0, 1], 1],
    ['an unknown function', [0x55], 1],
    ['a single write, even into the command block', [6, 0x04, 0x4c, 0xc5, 0x01], 2],
    ['a write into the status block', [...writePdu(1000, [1])], 2],
    ['a write into the tags', [...writePdu(102, [1, 2])], 2],
    ['a write beyond the command block', [...writePdu(1117, [1, 2])], 2],
    ['a write whose byte count is wrong', [16, 0x04, 0x4c, 0, 1, 4, 0, 0], 3],
    ['a write that is cut short', [16, 0x04, 0x4c, 0, 2, 4, 0, 0], 3],
    ['a read with a byte too many', [3, 0x03, 0xe8, 0, 1, 0], 3],
  ] as const) {
    it(`answers exception ${code} to ${what}, and changes nothing`, () =>
      withPlant(['intake.A'], async (_, hand) => {
        assert.ok(hand)
        await assert.rejects(hand.terminal.ask(Buffer.from(pdu)), { code })
        assert.deepEqual(await hand.terminal.read(1100, 18), new Array(18).fill(0))
      }))
  }

  it('answers requests that arrive in pieces and requests that arrive together', () =>
    withPlant(['intake.A'], async (_, hand) => {
      assert.ok(hand)
      const { terminal } = hand
      const two = Buffer.concat([frameOf(7, READ_STATUS), frameOf(8, READ_STATUS)])
      for (const part of [two.subarray(0, 3), two.subarray(3, 13), two.subarray(13)]) {
        terminal.socket.write(part)
        await new Promise((resolve) => setImmediate(resolve))
      }
      assert.equal((await terminal.receive()).readUInt16BE(0), 7)
      assert.equal((await terminal.receive()).readUInt16BE(0), 8)
    }))

  for (const [what, at, value] of [
    ['another protocol', 2, 1],
    ['a length of one', 5, 1],
    ['a length beyond the limit', 4, 1],
  ] as const) {
    it(`ends a connection that speaks ${what}`, () =>
      withPlant(['intake.A'], async (_, hand) => {
        assert.ok(hand)
        const frame = frameOf(1, READ_STATUS)
        frame[at] = value
        hand.terminal.socket.write(frame)
        await hand.terminal.ended()
      }))
  }

  it('answers for nobody but unit identifier 1', () =>
    withPlant(['intake.A'], async (_, hand) => {
      assert.ok(hand)
      const frame = frameOf(1, READ_STATUS)
      frame[6] = 2
      hand.terminal.socket.write(frame)
      assert.deepEqual([...(await hand.terminal.receive()).subarray(6)], [2, 0x83, 11])
    }))

  it('counts a write frame that it refuses', () =>
    withPlant(['intake.A', 'ups-1'], async (plant, hand, ups) => {
      assert.ok(hand && ups)
      await assert.rejects(hand.terminal.write(100, [1]), { code: 2 })
      await assert.rejects(ups.terminal.write(0, [1]), { code: 2 })
      assert.equal(plant.state().pairs.intake?.units.A.writeFrames, 1)
      assert.deepEqual([plant.state().ups['ups-1']?.writeFrames, plant.state().writeFrames], [1, 1])
    }))
})

describe('A unit with the fault', () => {
  it('crash resets and refuses connections, and boots as standby when mended', () =>
    withPlant(['intake.A', 'intake.B'], async (plant, a, b) => {
      assert.ok(a && b)
      await plant.addFault({ target: 'intake.A', fault: 'crash' })
      await a.terminal.ended()
      await assert.rejects(Terminal.open(plant.ports['intake.A'] ?? 0), { code: 'ECONNREFUSED' })
      await plant.advance(1000)
      assert.equal((await b.status()).conditions & 0x0040, 0x0040, 'peer not active')
      assert.equal(plant.state().pairs.intake?.noneActive.cause, 'fault crash')
      await plant.clearFault()
      await plant.advance(400)
      await a.reconnect()
      const booted = await a.status()
      assert.deepEqual([booted.boot, booted.role, booted.result], [2, 2, 1])
    }))

  it('hang connects, never answers, and stays active', () =>
    withPlant(['intake.A'], async (plant, a) => {
      assert.ok(a)
      await plant.addFault({ target: 'intake.A', fault: 'hang' })
      await assert.rejects(a.terminal.read(1000, 22, SILENCE_MS), /no answer/)
      const second = await Terminal.open(plant.ports['intake.A'] ?? 0)
      await assert.rejects(second.read(1000, 22, SILENCE_MS), /no answer/)
      second.close()
      await plant.advance(500)
      const unit = plant.state().pairs.intake?.units.A ?? assert.fail()
      assert.deepEqual([unit.active, unit.heartbeat > 50, unit.readFrames], [true, true, 2])
      await plant.clearFault()
      assert.equal((await a.status()).role, 1)
    }))

  it('network_loss answers nothing, lets nobody in and stays active', () =>
    withPlant(['intake.A'], async (plant, a) => {
      assert.ok(a)
      await plant.addFault({ target: 'intake.A', fault: 'network_loss' })
      await assert.rejects(a.terminal.read(1000, 22, SILENCE_MS), /no answer/)
      await assert.rejects(
        Terminal.open(plant.ports['intake.A'] ?? 0, SILENCE_MS),
        /connecting timed out/,
      )
      await plant.advance(500)
      assert.equal(plant.state().pairs.intake?.units.A.active, true)
      await plant.clearFault()
      await a.reconnect()
      assert.equal((await a.status()).role, 1)
    }))

  it('network_loss delivers late what was sent meanwhile, as TCP does', () =>
    withPlant(['intake.A'], async (plant, a) => {
      assert.ok(a)
      await a.send()
      const words = wordsOf(await a.block({ opcode: SELECT, action: GO_STANDBY }))
      await plant.addFault({ target: 'intake.A', fault: 'network_loss' })
      a.terminal.socket.end(frameOf(9, writePdu(1100, words)))
      await plant.advance(60_000)
      assert.equal(plant.state().pairs.intake?.units.A.result, 'CLAIMED')
      await plant.clearFault()
      await delivered(a, 2)
      await plant.advance(30)
      assert.equal(plant.state().pairs.intake?.units.A.result, 'SELECTED')
    }))

  it('slow answers that much later, and right', () =>
    withPlant(['intake.A'], async (plant, a) => {
      assert.ok(a)
      await plant.addFault({ target: 'intake.A', fault: 'slow', ms: 80 })
      const startMs = performance.now()
      assert.equal((await a.status()).unit, 11)
      assert.ok(performance.now() - startMs >= 79)
      await plant.clearFault()
      assert.equal((await a.status()).unit, 11)
    }))

  it('slow that loses its network meanwhile keeps the request for later', () =>
    withPlant(['intake.A'], async (plant, a) => {
      assert.ok(a)
      await plant.addFault({ target: 'intake.A', fault: 'slow', ms: 60 })
      const answer = a.terminal.read(1000, 22)
      await requested(a)
      const { id } = await plant.addFault({ target: 'intake.A', fault: 'network_loss' })
      await assert.rejects(a.terminal.receive(SILENCE_MS), /no answer/)
      await plant.clearFault(id)
      assert.equal((await answer).length, 22)
    }))

  it('crash during a network loss is a crash, and then a network loss again', () =>
    withPlant(['intake.A'], async (plant, a) => {
      assert.ok(a)
      await plant.addFault({ target: 'intake.A', fault: 'network_loss' })
      const { id } = await plant.addFault({ target: 'intake.A', fault: 'crash' })
      await a.terminal.ended()
      await plant.clearFault(id)
      await plant.advance(400)
      await assert.rejects(
        Terminal.open(plant.ports['intake.A'] ?? 0, SILENCE_MS),
        /connecting timed out/,
      )
    }))
})

/** Waits until the unit has taken a number of write frames. */
function delivered(hand: Hand, frames: number): Promise<void> {
  return counted(() => hand.plant.state().pairs.intake?.units.A.writeFrames === frames)
}

/** Waits until the unit has taken its first read. */
function requested(hand: Hand): Promise<void> {
  return counted(() => hand.plant.state().pairs.intake?.units.A.readFrames === 1)
}

async function counted(arrived: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 2000
  while (!arrived()) {
    assert.ok(performance.now() < deadlineMs, 'the frame never arrived')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
