// The field layer against the practice plant, over real sockets: what it reads must be what the plant holds, and what it
// writes must be judged there.

import assert from 'node:assert/strict'
import { type Plant, startPlant } from '../../plc-sim/plant.ts'
import { decodeStatus, encodeCommand, type StatusBlock } from '../../src/core/block.ts'
import { type DeviceImage, isUnknown } from '../../src/core/image.ts'
import { createLatch, type Latch } from '../../src/field/latch.ts'
import { type ModbusDriver, modbusDriver } from '../../src/field/modbus/driver.ts'
import { type Poller, startPoller } from '../../src/field/poller.ts'
import { device, modbusPath, signal, until } from './devices.ts'

const clock = (): number => performance.now()
const unitSignals = [
  signal({ key: 'status', address: 1000, type: 'words', words: 22 }),
  signal({ key: 'program', address: 1022, type: 'uint32' }),
  signal({ key: 'tag:LEVEL.PV', address: 100, type: 'float32' }),
  signal({ key: 'tag:LEVEL.SP', address: 102, type: 'float32' }),
  signal({ key: 'tag:MODE', address: 108, names: { 1: 'manual', 2: 'automatic', 3: 'cascade' } }),
  signal({ key: 'tag:PUMP.RUN', address: 110, type: 'bit', bit: 0 }),
]

describe('the demo units over Modbus', () => {
  let plant: Plant
  let latch: Latch
  let poller: Poller
  let drivers: Record<'A' | 'B', ModbusDriver>
  const open = (unit: 'A' | 'B'): ModbusDriver => {
    const path = modbusPath(plant.ports[`intake.${unit}`] ?? 0, { signals: unitSignals })
    return modbusDriver(device(path, { timeoutMs: 100 }), clock, path)
  }
  /** Latches until a device's newest answer is as wanted. */
  const seen = <T>(unit: 'A' | 'B', what: string, look: (image: DeviceImage) => T | undefined) =>
    until(what, () => look(latch.take()[unit] ?? { scans: [] }))
  const statusOf = (image: DeviceImage): StatusBlock | undefined => {
    const words = image.newest?.values.status
    if (!Array.isArray(words)) return undefined
    const status = decodeStatus(words)
    assert(typeof status !== 'string', String(status))
    return status
  }

  beforeEach(async () => {
    plant = await startPlant()
    latch = createLatch(['A', 'B'])
    drivers = { A: open('A'), B: open('B') }
    const devices = (['A', 'B'] as const).map((id) => ({ id, driver: drivers[id] }))
    poller = startPoller({ devices, scanMs: 40, onScan: latch.put })
  })
  afterEach(async () => {
    poller.close()
    await Promise.all([drivers.A.close(), drivers.B.close()])
    await plant.close()
  })

  it('show their status blocks, tags and moving heartbeats', async () => {
    const a = await seen('A', 'status of A', statusOf)
    const b = await seen('B', 'status of B', statusOf)
    assert.deepEqual([a.unit, a.role, b.unit, b.role], [11, 'primary', 12, 'standby'])
    await seen('A', 'a later heartbeat', (image) => statusOf(image)?.heartbeat !== a.heartbeat)
    const values = await seen('A', 'values', (image) => image.newest?.values)
    const level = values['tag:LEVEL.PV']
    assert(typeof level === 'number' && level >= 0 && level <= 100, `level ${level}`)
    assert.equal(values['tag:MODE'], 'automatic')
    assert(!Object.values(values).some(isUnknown))
  })

  it('judge a claim that was written, and show it in a later scan', async () => {
    const { challenge } = await seen('A', 'status of A', statusOf)
    const words = encodeCommand({
      epoch: 1,
      owner: 0x4d2a,
      seq: 1,
      opcode: 'CLAIM',
      unit: 11,
      expectedRole: 'primary',
      challenge,
      evidence: 0,
      ttlMs: 3000,
    })
    const note = await drivers.A.write({ commandId: 'c1', words, deadlineMs: clock() + 1000 })
    assert.equal(note.fate, 'sent')
    const status = await seen('A', 'the judgement', (image) => {
      const newest = statusOf(image)
      return newest?.judged === 1 ? newest : undefined
    })
    assert.deepEqual([status.result, status.epoch, status.owner], [2, 1, 0x4d2a])
  })

  it('a crashed unit is lost while its peer is read on, and is read again after it starts', async () => {
    const before = await seen('A', 'status of A', statusOf)
    const { id } = await plant.addFault({ target: 'intake.A', fault: 'crash' })
    await seen('A', 'a failed scan', (image) => image.scans.find((scan) => scan.kind === 'failed'))
    await seen('B', 'answers of B', (image) => image.scans.some((scan) => scan.kind === 'answered'))
    await plant.clearFault(id)
    await seen('A', 'a new start', (image) => statusOf(image)?.boot === before.boot + 1)
  })

  it('a unit behind a dead network times out, and a command to it is never sent later', async () => {
    const before = await seen('A', 'status of A', statusOf)
    const { id } = await plant.addFault({ target: 'intake.A', fault: 'network_loss' })
    await seen('A', 'a time-out', (image) =>
      image.scans.some((scan) => scan.kind === 'failed' && scan.fault === 'timeout'),
    )
    const words = Array.from({ length: 18 }, () => 0)
    const note = await drivers.A.write({ commandId: 'c1', words, deadlineMs: clock() + 60000 })
    assert.equal(note.fate, 'dropped')
    await plant.clearFault(id)
    const after = await seen('A', 'a newer heartbeat', (image) => {
      const newest = image.scans.length > 0 ? statusOf(image) : undefined
      return newest && newest.heartbeat !== before.heartbeat ? newest : undefined
    })
    assert.equal(after.boot, before.boot)
    assert.equal(plant.state().writeFrames, 0)
  })
})
