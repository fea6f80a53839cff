// The units of the practice plant on a serial line, asked by a client that shares nothing with them, and byte by byte.

import assert from 'node:assert/strict'
import modbusSerial from 'modbus-serial'
import { SerialPort } from 'serialport'
import type { Registers } from '../../plc-sim/modbus-frames.ts'
import { openSerialSlave } from '../../plc-sim/rtu.ts'
import { until } from '../field/devices.ts'
import { PtyPair } from '../field/pty-pair.ts'

type Slave = Awaited<ReturnType<typeof openSerialSlave>>

/** Ten registers from 100 on, which hold what was written, at first `first` and the following numbers. */
function registersFrom(first: number): Registers {
  const words = Array.from({ length: 10 }, (_, index) => first + index)
  const has = (address: number, count: number): boolean =>
    address >= 100 && address + count <= 100 + words.length
  return {
    read: (address, count) =>
      has(address, count) ? words.slice(address - 100, address - 100 + count) : undefined,
    write: (address, written) => {
      if (!has(address, written.length)) return false
      words.splice(address - 100, written.length, ...written)
      return true
    },
  }
}

/** Reading register 100 of unit 11, and the answer 1000. */
const readingOf100 = '0b0300640001c57f'
const answerFrom100 = '0b030203e820fb'

describe('the practice plant on a serial line', () => {
  let pair: PtyPair
  let slave: Slave
  const ends: (() => Promise<unknown>)[] = []

  beforeEach(async () => {
    pair = await PtyPair.open()
    const devices = new Map([
      [11, registersFrom(1000)],
      [12, registersFrom(2000)],
    ])
    slave = await openSerialSlave(pair.theirs, devices)
  })
  afterEach(async () => {
    for (const end of ends.splice(0)) await end()
    await slave.close()
    await pair.close()
  })

  it('answers for each unit with its own registers, and takes writes', async () => {
    const client = new modbusSerial.default()
    await client.connectRTUBuffered(pair.ours, { baudRate: 115_200 })
    ends.push(() => new Promise((resolve) => client.close(resolve)))
    client.setTimeout(2000)
    for (const [unit, first] of [
      [11, 1000],
      [12, 2000],
    ] as const) {
      client.setID(unit)
      assert.deepEqual((await client.readHoldingRegisters(100, 3)).data, [
        first,
        first + 1,
        first + 2,
      ])
    }
    client.setID(11)
    await client.writeRegisters(104, [7, 8, 9])
    assert.deepEqual((await client.readHoldingRegisters(103, 5)).data, [1003, 7, 8, 9, 1007])
    await assert.rejects(client.readHoldingRegisters(200, 1), /exception 2/)
    await assert.rejects(client.writeRegisters(108, [1, 2, 3]), /exception 2/)
    assert.deepEqual(slave.frames, { read: 4, write: 2 })
  })

  it('leaves unanswered what is for others or spoilt, and answers the next request', async () => {
    const { say, said } = await openRaw(pair.ours)
    const wrongSum = '0b0300640001c57e'
    const otherUnit = '0d0300640001c519'
    for (const unanswered of [wrongSum, otherUnit, 'ff00ff', '0b03']) {
      await say(unanswered)
      await new Promise((resolve) => setTimeout(resolve, 80))
      assert.equal(said(), '')
    }
    await say(readingOf100)
    await until('an answer', () => said() === answerFrom100)
  })

  it('takes a request in pieces, and two at once', async () => {
    const { say, said } = await openRaw(pair.ours)
    await say(readingOf100.slice(0, 6))
    await say(readingOf100.slice(6))
    await until('an answer', () => said() === answerFrom100)
    await say(readingOf100.repeat(2))
    await until('two more answers', () => said() === answerFrom100.repeat(3))
  })

  it('ends quietly when the line hangs up', async () => {
    await pair.cut()
    await slave.close()
  })

  it('says what is wrong with a line that is not there', async () => {
    await assert.rejects(openSerialSlave('/dev/no-such-line', new Map()), /no-such-line/)
  })

  async function openRaw(path: string) {
    const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false })
    await new Promise((resolve) => port.open(resolve))
    ends.push(() => new Promise((resolve) => port.close(resolve)))
    let received = ''
    port.on('data', (bytes: Buffer) => {
      received += bytes.toString('hex')
    })
    return {
      say: (hex: string) => new Promise((resolve) => port.write(Buffer.from(hex, 'hex'), resolve)),
      said: () => received,
    }
  }
})
