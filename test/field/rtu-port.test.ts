// The last line before a serial bus: what may be written there.

import assert from 'node:assert/strict'
import { RtuPort } from '../../src/field/modbus/rtu-port.ts'
import { seal } from './rtu-slave.ts'

const frame = (hex: string): Buffer => seal([...Buffer.from(hex.replaceAll(' ', ''), 'hex')])
const block = (address: string, count: number, unit = '01'): string =>
  `${unit} 10 ${address} 00${count.toString(16).padStart(2, '0')} ${(2 * count).toString(16).padStart(2, '0')} ${'C501'.repeat(count)}`

describe('the port to a serial bus', () => {
  it('lets readings pass, and one command block at the allowed address', () => {
    const port = new RtuPort({ commandAt: 1100 })
    for (const passed of ['01 01 0000 0010', '01 04 FFFF 0001', block('044C', 18)]) {
      port.write(frame(passed))
      assert.deepEqual(port.take(), frame(passed))
    }
    assert.throws(() => port.take(), /no frame/)
  })

  const forbidden: [string, string][] = [
    ['a command block at another address', block('044D', 18)],
    ['a shorter block', block('044C', 17)],
    ['a longer block', block('044C', 19)],
    ['a block of another length than it says', `${block('044C', 18)} 00`],
    ['a block for all units', block('044C', 18, '00')],
    ['a reading of all units', '00 03 044C 0001'],
    ['a single register (function 6)', '01 06 044C 0001'],
    ['a coil (function 5)', '01 05 044C FF00'],
    ['a mask write (function 22)', '01 16 044C 0000 0001'],
    ['a read with a write in it (function 23)', '01 17 0000 0001 044C 0001 02 0000'],
    ['a reading that is longer than one', '01 03 0000 0001 00'],
  ]
  for (const [title, body] of forbidden) {
    it(`stops ${title}`, () => {
      const port = new RtuPort({ commandAt: 1100 })
      assert.throws(() => port.write(frame(body)), { name: 'AssertionError' })
      assert.throws(() => port.take(), /no frame/)
    })
  }

  it('stops every write of a device that must not be written', () => {
    assert.throws(() => new RtuPort({}).write(frame(block('044C', 18))), /must not be written/)
  })
})
