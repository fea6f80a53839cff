// Every way in which tag lists write an address, and the register or node that it is.

import assert from 'node:assert/strict'
import { type Dialect, readAddress, whereText } from '../../src/import/addresses.ts'

const read = (text: string, bit?: boolean, dialect: Dialect = 'schneider'): string => {
  const found = readAddress(text, bit, dialect)
  if ('wrong' in found) return `no: ${found.wrong}`
  return `${whereText(found.where)}${found.doubt === undefined ? '' : ' ?'}`
}

const sure: readonly (readonly [written: string, place: string])[] = [
  ['hr:100', 'hr:100'],
  ['HR:100', 'hr:100'],
  ['hr:100.15', 'hr:100.15'],
  ['hr:100.4-7', 'hr:100.4-7'],
  ['di:3', 'di:3'],
  ['40001', 'hr:0'],
  ['49999', 'hr:9998'],
  ['400001', 'hr:0'],
  ['465536', 'hr:65535'],
  ['4x00101', 'hr:100'],
  ['4:0101', 'hr:100'],
  ['40101.3', 'hr:100.3'],
  ['400101.03', 'hr:100.3'],
  ['30001', 'ir:0'],
  ['300010', 'ir:9'],
  ['10001', 'di:0'],
  ['00001', 'co:0'],
  ['000017', 'co:16'],
  ['%MW100', 'hr:100'],
  ['%mw100', 'hr:100'],
  ['%MW100.3', 'hr:100.3'],
  ['%MW100:X3', 'hr:100.3'],
  ['%MF100', 'hr:100'],
  ['%M5', 'co:5'],
  ['ns=2;s=LIC301.SP', 'ns=2;s=LIC301.SP'],
  ['ns=4;i=6001', 'ns=4;i=6001'],
  ['i=2258', 'i=2258'],
]

const doubtful: readonly (readonly [written: string, place: string])[] = [
  ['100', 'hr:100 ?'],
  ['100.3', 'hr:100.3 ?'],
  ['0x0064', 'hr:100 ?'],
  ['%MX10.3', 'hr:5.3 ?'],
  ['%MX11.3', 'hr:5.11 ?'],
  ['%MD100', 'hr:100 ?'],
]

const refused: readonly (readonly [written: string, why: RegExp])[] = [
  ['40000', /one-based/],
  ['465537', /one-based/],
  ['hr:70000', /0 to 65535/],
  ['zz:1', /unknown area "zz"/],
  ['40101.16', /bit 16 is out of range/],
  ['00001.3', /single bits/],
  ['99999', /out of range/],
  ['DB10.DBW4', /is no address; expected hr:100, 40101, %MW100/],
  ['%IW3', /no fixed Modbus register/],
  ['%SW61', /no fixed Modbus register/],
  ['%MB7', /no direct address|no register of its own/],
  ['%MX10.8', /a byte has 0 to 7/],
  ['ns=2;s=', /expected a node such as/],
  ['', /is no address/],
]

describe('Addresses of a tag list', () => {
  for (const [written, place] of [...sure, ...doubtful]) {
    it(`"${written}" is ${place}`, () => {
      assert.equal(read(written), place)
    })
  }

  for (const [written, why] of refused) {
    it(`"${written}" is refused and the reason says what was expected`, () => {
      assert.match(read(written), why)
    })
  }

  it('a number that would be a coil is a register when its type is no single bit, and doubtful', () => {
    assert.equal(read('10001', true), 'di:0')
    assert.equal(read('10001', false), 'hr:10001 ?')
    assert.equal(read('00100', false), 'hr:100 ?')
  })

  it('a double word is counted in its own size where IEC tools wrote the list', () => {
    assert.equal(read('%MD50', false, 'iec'), 'hr:100 ?')
    assert.equal(read('%ML50', false, 'iec'), 'hr:200 ?')
    assert.equal(read('%MW50', false, 'iec'), 'hr:50')
  })
})
