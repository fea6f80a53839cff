// The ways to a device: two networks that show the same unit, and faults that break one of them.
import assert from 'node:assert/strict'
import type { Plant } from '../../plc-sim/plant.ts'
import { JUDGED_MS, seenIn, withPlant, wordsOf } from './by-hand.ts'
import { frameOf, Terminal } from './terminal.ts'

/** Long enough for an answer over loopback, short enough to wait for silence. */
const SILENCE_MS = 120
const BOTH = ['intake.A', 'intake.A/lan-2'] as const
const READ_STATUS = Buffer.from([3, 0x03, 0xe8, 0, 22])

describe('The second network', () => {
  it('leads to the same units and UPSes, on ports of its own', () =>
    withTerminals([...BOTH, 'ups-2', 'ups-2/lan-2'], async (_plant, first, second, ups, upsToo) => {
      const both = [await first.read(1000, 30), await second.read(1000, 30)]
      assert.deepEqual(both[0], both[1])
      assert.deepEqual(await first.read(100, 13), await second.read(100, 13))
      assert.deepEqual(await ups.read(0, 11), await upsToo.read(0, 11))
    }))

  it('takes commands as the first one does, and frames are counted for each', () =>
    withPlant(['intake.A'], async (plant, hand) => {
      assert.ok(hand)
      const words = wordsOf(await hand.block())
      const second = await Terminal.open(plant.ports['intake.A/lan-2'] ?? 0)
      await second.write(1100, words)
      await plant.advance(JUDGED_MS)
      assert.equal((await hand.status()).result, 2)
      const unit = unitA(plant)
      assert.deepEqual([unit.readFrames, unit.writeFrames], [2, 1])
      assert.deepEqual([unit.lans['lan-1']?.readFrames, unit.lans['lan-1']?.writeFrames], [2, 0])
      assert.deepEqual([unit.lans['lan-2']?.readFrames, unit.lans['lan-2']?.writeFrames], [0, 1])
      assert.equal(plant.state().writeFrames, 1)
      second.close()
    }))

  it('goes down with the unit itself', () =>
    withTerminals(BOTH, async (plant, first, second) => {
      await plant.addFault({ target: 'intake.A', fault: 'crash' })
      await Promise.all([first.ended(), second.ended()])
      assert.deepEqual(carried(plant), ['nothing', 'nothing'])
    }))
})

describe('A fault of one network', () => {
  for (const fault of ['network_loss', 'hang'] as const) {
    it(`${fault} silences that network only`, () =>
      withTerminals(BOTH, async (plant, first, second) => {
        await plant.addFault({ target: 'intake.A', fault, lan: 'lan-2' })
        await assert.rejects(second.read(1000, 22, SILENCE_MS), /no answer/)
        assert.equal((await first.read(1000, 22)).length, 22)
        assert.deepEqual(carried(plant), ['live', 'nothing'])
        assert.deepEqual(unitA(plant).lans['lan-2']?.faults, [fault])
        assert.deepEqual(unitA(plant).lans['lan-1']?.faults, [])
        assert.deepEqual(plant.state().pairs.intake?.cut, { 'lan-2': ['A'] })
        assert.deepEqual(plant.state().pairs.filters?.cut, {})
      }))
  }

  it('port_closed resets and refuses there, and the unit stays active', () =>
    withTerminals(BOTH, async (plant, first, second) => {
      await plant.addFault({ target: 'intake.A', fault: 'port_closed', lan: 'lan-1' })
      await first.ended()
      const port = plant.ports['intake.A'] ?? 0
      await assert.rejects(Terminal.open(port), { code: 'ECONNREFUSED' })
      assert.equal(seenIn(await second.read(1000, 22)).role, 1)
      assert.deepEqual(carried(plant), ['nothing', 'live'])
      await plant.clearFault()
      const again = await Terminal.open(port)
      assert.equal((await again.read(1000, 22)).length, 22)
      again.close()
    }))

  it('without a network named breaks both', () =>
    withTerminals(BOTH, async (plant, first, second) => {
      await plant.addFault({ target: 'intake.A', fault: 'port_closed' })
      await Promise.all([first.ended(), second.ended()])
    }))

  it('may stand beside another one of its kind on the other network', () =>
    withTerminals(BOTH, async (plant, first, second) => {
      await plant.addFault({ target: 'intake.A', fault: 'slow', ms: 60, lan: 'lan-1' })
      await plant.addFault({ target: 'intake.A', fault: 'slow', ms: 140, lan: 'lan-2' })
      const startMs = performance.now()
      await first.read(1000, 22)
      assert.ok(performance.now() - startMs >= 59)
      const thenMs = performance.now()
      await second.read(1000, 22)
      assert.ok(performance.now() - thenMs >= 139)
    }))

  it('half_open forgets the connections of that moment, and new ones work', () =>
    withTerminals(BOTH, async (plant, first, second) => {
      await plant.addFault({ target: 'intake.A', fault: 'half_open', lan: 'lan-1' })
      await assert.rejects(first.read(1000, 22, SILENCE_MS), /no answer/)
      assert.equal((await second.read(1000, 22)).length, 22)
      const next = await Terminal.open(plant.ports['intake.A'] ?? 0)
      assert.equal((await next.read(1000, 22)).length, 22)
      assert.deepEqual(carried(plant), ['live', 'live'])
      assert.equal(unitA(plant).lans['lan-1']?.readFrames, 1)
      await plant.clearFault()
      await first.ended()
      assert.equal((await next.read(1000, 22)).length, 22)
      next.close()
    }))

  it('half_open drops an answer that was on its way', () =>
    withTerminals(BOTH, async (plant, first) => {
      await plant.addFault({ target: 'intake.A', fault: 'slow', ms: 50, lan: 'lan-1' })
      first.socket.write(frameOf(7, READ_STATUS))
      await until(() => unitA(plant).lans['lan-1']?.readFrames === 1)
      await plant.addFault({ target: 'intake.A', fault: 'half_open', lan: 'lan-1' })
      await assert.rejects(first.receive(SILENCE_MS), /no answer/)
    }))
})

describe('A way that leads elsewhere', () => {
  it('stale_gateway shows the registers of that moment while the unit goes on', () =>
    withTerminals(BOTH, async (plant, first, second) => {
      await plant.addFault({ target: 'intake.A', fault: 'stale_gateway', lan: 'lan-2' })
      const before = [await second.read(1000, 30), await second.read(100, 13)]
      await plant.advance(1000)
      assert.deepEqual([await second.read(1000, 30), await second.read(100, 13)], before)
      const live = seenIn(await first.read(1000, 22))
      assert.equal(live.heartbeat, seenIn(before[0] ?? []).heartbeat + 100)
      assert.deepEqual(carried(plant), ['live', 'old values'])
      await assert.rejects(second.read(100, 14), { code: 2 })
      await plant.clearFault()
      assert.deepEqual(seenIn(await second.read(1000, 22)), live)
    }))

  for (const [writes, result] of [
    ['pass', 2],
    ['lost', 1],
  ] as const) {
    it(`stale_gateway acknowledges a command that is to be ${writes === 'pass' ? 'passed on' : 'lost'}, and shows nothing of it`, () =>
      withPlant(['intake.A'], async (plant, hand) => {
        assert.ok(hand)
        const words = wordsOf(await hand.block())
        await plant.addFault({ target: 'intake.A', fault: 'stale_gateway', lan: 'lan-2', writes })
        const second = await Terminal.open(plant.ports['intake.A/lan-2'] ?? 0)
        await second.write(1100, words)
        await plant.advance(JUDGED_MS)
        assert.equal((await hand.status()).result, result)
        assert.equal(seenIn(await second.read(1000, 22)).result, 1)
        second.close()
      }))
  }

  it("other_unit leads to the pair's other unit on that network only", () =>
    withTerminals(BOTH, async (plant, first, second) => {
      await plant.addFault({ target: 'intake.A', fault: 'other_unit', lan: 'lan-2' })
      assert.equal(seenIn(await first.read(1000, 22)).unit, 11)
      const swapped = seenIn(await second.read(1000, 22))
      assert.deepEqual([swapped.unit, swapped.role, swapped.crcRight], [12, 2, true])
      assert.deepEqual(carried(plant), ['live', 'other unit'])
      await plant.addFault({ target: 'intake.B', fault: 'crash' })
      await second.ended()
      assert.equal(seenIn(await first.read(1000, 22)).unit, 11)
    }))
})

describe('An order for a fault of one network', () => {
  it('that does not exist is refused with those that do', () =>
    withPlant([], async (plant) => {
      const order = { target: 'intake.A', fault: 'hang', lan: 'lan-3' }
      await assert.rejects(
        plant.addFault(order),
        /unknown lan 'lan-3'.*lan-1, lan-2, opcua, serial/,
      )
      const pair = { target: 'intake', fault: 'port_closed' }
      await assert.rejects(plant.addFault(pair), /breaks a unit or a UPS, not 'intake'/)
      const ups = { target: 'ups-1', fault: 'other_unit' }
      await assert.rejects(plant.addFault(ups), /breaks one unit, not 'ups-1'/)
    }))

  it('goes to a UPS as well', () =>
    withTerminals(['ups-1', 'ups-1/lan-2'], async (plant, first, second) => {
      await plant.addFault({ target: 'ups-1', fault: 'comms_lost', lan: 'lan-1' })
      await assert.rejects(first.read(0, 11, SILENCE_MS), /no answer/)
      assert.equal((await second.read(0, 11)).length, 11)
      await plant.addFault({ target: 'ups-1', fault: 'port_closed', lan: 'lan-2' })
      await second.ended()
      const { lans } = plant.state().ups['ups-1'] ?? assert.fail()
      assert.deepEqual([lans['lan-1']?.carries, lans['lan-2']?.carries], ['nothing', 'nothing'])
    }))
})

async function withTerminals(
  names: readonly string[],
  work: (plant: Plant, ...terminals: [Terminal, Terminal, Terminal, Terminal]) => Promise<void>,
): Promise<void> {
  await withPlant([], async (plant) => {
    const open: Terminal[] = []
    try {
      for (const name of names) open.push(await Terminal.open(plant.ports[name] ?? 0))
      const [first = assert.fail(), second = first, third = first, fourth = first] = open
      await work(plant, first, second, third, fourth)
    } finally {
      for (const terminal of open) terminal.close()
    }
  })
}

function unitA(plant: Plant) {
  return plant.state().pairs.intake?.units.A ?? assert.fail('no intake')
}

function carried(plant: Plant) {
  const { lans } = unitA(plant)
  return [lans['lan-1']?.carries, lans['lan-2']?.carries]
}

async function until(so: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 2000
  while (!so()) {
    assert.ok(performance.now() < deadlineMs, 'it never came to that')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
