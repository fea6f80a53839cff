// The pair with a maker's redundancy: what its registers show, what becomes of each kind of order, and that the roles change over
// without a moment in which both units drive the process.
import assert from 'node:assert/strict'
import { type Plant, startPlant } from '../../plc-sim/plant.ts'
import { ModbusException, Terminal } from './terminal.ts'

const SWAP = 10
const CHOOSE = 11
const PULSE = 12
const SELF_FALLING = 13
const PRIMARY = 1
const STANDBY = 2
const WAIT = 3

describe("A pair with a maker's redundancy", () => {
  let plant: Plant
  let a: Terminal
  let b: Terminal
  beforeEach(async () => {
    plant = await startPlant({ maker: true, clock: 'hand' })
    a = await Terminal.open(plant.ports['boiler.A'] ?? 0)
    b = await Terminal.open(plant.ports['boiler.B'] ?? 0)
    await plant.advance(100)
  })
  afterEach(async () => {
    a.socket.destroy()
    b.socket.destroy()
    await plant.close()
  })
  const boiler = () => {
    const pair = plant.state().pairs.boiler
    assert.ok(pair)
    return pair
  }
  const active = (): string => {
    const { A, B } = boiler().units
    return [A.active ? 'A' : '', B.active ? 'B' : ''].join('')
  }
  const states = async () => [(await a.read(0, 1))[0], (await b.read(0, 1))[0]]
  const single = (terminal: Terminal, address: number, value: number) =>
    terminal.ask(Buffer.from([6, address >> 8, address & 0xff, value >> 8, value & 0xff]))

  it('shows roles, identities, flags and a heartbeat that moves, and no block of ours', async () => {
    assert.deepEqual(await states(), [PRIMARY, STANDBY])
    assert.deepEqual(
      [await a.read(1, 2), await b.read(1, 2)],
      [
        [1, 0x8007],
        [2, 0x8007],
      ],
    )
    const [before] = await a.read(3, 1)
    await plant.advance(50)
    assert.notEqual((await a.read(3, 1))[0], before)
    await assert.rejects(
      a.read(1000, 22),
      (fault) => fault instanceof ModbusException && fault.code === 2,
    )
    await assert.rejects(a.write(1100, [0]), (fault) => fault instanceof ModbusException)
  })

  it('a relative order at either unit swaps the roles, with nobody and both active in no scan', async () => {
    await single(b, SWAP, 1)
    await plant.advance(100)
    assert.equal(active(), 'B')
    assert.deepEqual(await states(), [WAIT, PRIMARY])
    await plant.advance(400)
    assert.deepEqual(await states(), [STANDBY, PRIMARY])
    await single(b, SWAP, 1)
    await plant.advance(500)
    assert.equal(active(), 'A', 'the same order once more swaps back')
    assert.deepEqual(boiler().units.B.maker, { written: 2, executed: 2 })
    const { bothActive, noneActive, process } = boiler()
    assert.deepEqual([bothActive.scans, noneActive.scans], [0, 0])
    assert.ok(process.maxValveStep < 1, `${process.maxValveStep}`)
  })

  it('an absolute order names the primary, and once more changes nothing', async () => {
    for (const _ of [1, 2]) {
      await a.write(CHOOSE, [2])
      await plant.advance(500)
      assert.equal(active(), 'B')
    }
    assert.deepEqual(boiler().units.A.maker, { written: 2, executed: 1 })
  })

  it('a pulse swaps at its edge and not while it stands; one of the two falls by itself', async () => {
    await a.write(PULSE, [1])
    await plant.advance(500)
    assert.equal(active(), 'B')
    await a.write(PULSE, [1])
    await plant.advance(500)
    assert.equal(active(), 'B')
    assert.deepEqual(await a.read(PULSE, 1), [1])
    await a.write(PULSE, [0])
    await single(a, SELF_FALLING, 1)
    await plant.advance(1000)
    assert.equal(active(), 'A')
    assert.deepEqual(await a.read(PULSE, 2), [0, 0])
  })

  it('a coil swaps as well', async () => {
    await a.ask(Buffer.from([5, 0, 0, 0xff, 0]))
    await plant.advance(500)
    assert.equal(active(), 'B')
  })

  it('refuses without a link, and takes over from a unit without power by itself', async () => {
    await plant.addFault({ target: 'boiler', fault: 'link_down' })
    await plant.advance(10)
    assert.equal((await a.read(2, 1))[0], 0x8006)
    await a.write(SWAP, [1])
    await plant.advance(500)
    assert.equal(active(), 'A')
    assert.equal((await a.read(8, 1))[0], 2)
    await plant.clearFault()
    await plant.addFault({ target: 'boiler.A', fault: 'crash' })
    await plant.advance(500)
    assert.equal(active(), 'B')
  })

  it('ignores, refuses, is late or acts twice when it is broken so', async () => {
    await plant.addFault({ target: 'boiler.A', fault: 'maker_ignores' })
    await a.write(SWAP, [1])
    await plant.advance(1000)
    assert.equal(active(), 'A')
    await plant.clearFault()
    await plant.addFault({ target: 'boiler.A', fault: 'maker_refuses' })
    await assert.rejects(a.write(SWAP, [1]), ModbusException)
    await plant.clearFault()
    await plant.addFault({ target: 'boiler.A', fault: 'maker_late', ms: 2000 })
    await a.write(SWAP, [1])
    await plant.advance(1900)
    assert.equal(active(), 'A')
    await plant.advance(500)
    assert.equal(active(), 'B')
    await plant.clearFault()
    await plant.addFault({ target: 'boiler.A', fault: 'maker_twice', ms: 1000 })
    await a.write(SWAP, [1])
    await plant.advance(500)
    assert.equal(active(), 'A')
    await plant.advance(1000)
    assert.equal(active(), 'B')
  })
})
