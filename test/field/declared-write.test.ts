// A maker's command on its way to the wire: the frames that the profile declares leave, and not one that differs from them.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { DeclaredWrite } from '../../src/core/vendor-command.ts'
import { withCrc16 } from '../../src/field/modbus/crc16.ts'
import { newCounters } from '../../src/field/modbus/outcome.ts'
import { ModbusPort } from '../../src/field/modbus/port.ts'
import { RtuPort } from '../../src/field/modbus/rtu-port.ts'
import { modbusPath, seed } from './devices.ts'
import { answered, clock, DriverRig } from './driver-rig.ts'

const declared: readonly DeclaredWrite[] = [
  { functionCode: 6, address: 4000, words: [1] },
  { functionCode: 5, address: 7, words: [0xff00] },
  { functionCode: 5, address: 8, words: [0] },
  { functionCode: 16, address: 70, words: [1] },
  { functionCode: 16, address: 80, words: [0x1234, 0xfffe] },
]
/** The same, as bytes behind the unit identifier; written by hand from the Modbus application protocol. */
const frames = [
  '06 0FA0 0001',
  '05 0007 FF00',
  '05 0008 0000',
  '10 0046 0001 02 0001',
  '10 0050 0002 04 1234FFFE',
]
const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const allowed = new Set(frames.map((frame) => bytes(frame).toString('hex')))

/** Whether a body (unit identifier and what follows) passes the last look on either transport. */
function passes(body: Uint8Array, commandAt?: number): readonly boolean[] {
  const options = { declared, ...(commandAt !== undefined && { commandAt }) }
  let sent = 0
  const port = new ModbusPort({
    ...options,
    counters: newCounters(),
    onData: () => undefined,
    send: () => {
      sent += 1
    },
  })
  const rtu = new RtuPort(options)
  const tries = [port, rtu].map((one) => {
    try {
      one.write(withCrc16(body))
      return true
    } catch (fault) {
      assert.ok(fault instanceof assert.AssertionError, String(fault))
      return false
    }
  })
  assert.equal(sent, tries[0] ? 1 : 0)
  return tries
}

describe("a maker's command at the write gate", () => {
  for (const frame of frames) {
    it(`lets the declared frame ${frame} pass`, () => {
      assert.deepEqual(passes(bytes(`01 ${frame}`)), [true, true])
    })
  }

  const forbidden: readonly (readonly [string, string])[] = [
    ['another value', '06 0FA0 0002'],
    ['another register', '06 0FA1 0001'],
    ['the same register and value with another function', '10 0FA0 0001 02 0001'],
    ['a coil that is switched the other way', '05 0007 0000'],
    ['a coil with a value that is none', '05 0007 0001'],
    ['a register as a coil', '05 0FA0 FF00'],
    ['a coil as a register', '06 0007 FF00'],
    ['half of a declared write', '10 0050 0001 02 1234'],
    ['more than a declared write', '10 0050 0003 06 1234FFFE0000'],
    ['its words the other way round', '10 0050 0002 04 FFFE1234'],
    ['a byte count that is not that of the words', '10 0046 0001 04 0001'],
    ['a byte behind it', '06 0FA0 0001 00'],
    ['a command block of ours', `10 044C 0012 24 ${'0000'.repeat(18)}`],
    ['several coils (function 15)', '0F 0007 0001 01 01'],
    ['a mask write (function 22)', '16 0FA0 0000 0001'],
  ]
  for (const [title, frame] of forbidden) {
    it(`stops ${title}`, () => assert.deepEqual(passes(bytes(`01 ${frame}`)), [false, false]))
  }

  it('a device with a block of ours takes that block and its declared frames, and nothing between', () => {
    assert.deepEqual(passes(bytes(`01 10 044C 0012 24 ${'0000'.repeat(18)}`), 1100), [true, true])
    assert.deepEqual(passes(bytes('01 06 0FA0 0001'), 1100), [true, true])
    assert.deepEqual(passes(bytes('01 06 044C 0001'), 1100), [false, false])
  })

  it(`of any bytes only reads and declared frames pass, SEED=${seed}`, () => {
    let writes = 0
    const near = fc
      .tuple(
        fc.constantFrom(...frames),
        fc.array(fc.tuple(fc.nat(11), fc.nat(255)), { maxLength: 2 }),
      )
      .map(([frame, changes]) => {
        const body = bytes(`01 ${frame}`)
        for (const [at, value] of changes) if (at > 0 && at < body.length) body[at] = value
        return body
      })
    const any = fc.uint8Array({ minLength: 6, maxLength: 60 }).map((body) => {
      body[0] = 1
      return body
    })
    const property = fc.property(fc.oneof(near, any), (body) => {
      const right = allowed.has(Buffer.from(body.subarray(1)).toString('hex'))
      const read = (body[1] ?? 0) >= 1 && (body[1] ?? 0) <= 4 && body.length === 6
      if (right) writes += 1
      assert.deepEqual(passes(body), [right || read, right || read])
    })
    fc.assert(property, { seed, numRuns: 20_000 })
    assert.ok(writes > 500, `only ${writes} declared frames were tried`)
  })
})

describe("the driver of a unit with a maker's command", () => {
  let rig: DriverRig
  beforeEach(async () => {
    rig = new DriverRig()
    await rig.server.listen()
  })
  afterEach(() => rig.close())
  const open = (options: { mayWrite?: boolean; declared?: readonly DeclaredWrite[] }) => {
    const { mayWrite = true, declared: writes } = options
    const { commandAt: _, ...path } = modbusPath(rig.server.port, writes && { declared: writes })
    return rig.openOn(
      {
        id: 'boiler.A',
        paths: [path],
        derived: [],
        glance: [],
        scanMs: 200,
        timeoutMs: 60,
        mayWrite,
      },
      path,
    )
  }
  const order = (index: number) => ({
    commandId: 'c1',
    words: [],
    declared: index,
    deadlineMs: clock() + 1000,
  })

  it('sends each declared write as it stands, once', async () => {
    const driver = open({ declared })
    await answered(driver)
    for (const index of declared.keys()) {
      assert.equal((await driver.write(order(index))).fate, 'sent')
    }
    const written = rig.server.writes.map(({ functionCode, address }) => [functionCode, address])
    assert.deepEqual(
      written,
      declared.map(({ functionCode, address }) => [functionCode, address]),
    )
  })

  it('drops what is not declared, a block of ours, and everything in observe-only mode', async () => {
    const driver = open({ declared })
    await answered(driver)
    for (const index of [5, -1, 0.5]) {
      const note = await driver.write(order(index))
      assert.deepEqual(
        [note.fate, note.detail],
        ['dropped', `the profile declares no command ${index}`],
      )
    }
    const { declared: _, ...block } = order(0)
    const ours = await driver.write({ ...block, words: Array.from({ length: 18 }, () => 0) })
    assert.deepEqual([ours.fate, ours.detail], ['dropped', 'this device has no command block'])
    const observed = open({ declared, mayWrite: false })
    await answered(observed)
    assert.match((await observed.write(order(0))).detail, /^observe-only/)
    const without = open({})
    await answered(without)
    assert.match((await without.write(order(0))).detail, /declares no command/)
    assert.deepEqual(rig.server.writes, [])
  })

  it('drops it when the deadline has passed, and never sends it again when nobody acknowledges it', async () => {
    const driver = open({ declared })
    await answered(driver)
    const late = await driver.write({ ...order(0), deadlineMs: clock() - 5 })
    assert.match(late.detail, /^the deadline passed/)
    rig.server.behave = ({ functionCode }) => (functionCode === 6 ? 'silent' : 'answer')
    assert.equal((await driver.write(order(0))).fate, 'uncertain')
    await answered(driver)
    assert.equal(rig.server.writes.length, 1)
  })
})
