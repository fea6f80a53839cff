// What the variables of a UPS on a NUT server mean.

import assert from 'node:assert/strict'
import type { Value } from '../../src/core/image.ts'
import type { NutSignal } from '../../src/core/plant.ts'
import { nutValue } from '../../src/field/nut/values.ts'
import { nutSignal, nutToken } from './ups-devices.ts'

describe('a NUT variable', () => {
  const unknown = (why: string): Value => ({ unknown: why })
  const status = (text: string) => ({ 'ups.status': text })
  const both = unknown('the UPS says on mains and on battery at once')
  const waiting = unknown('the NUT server waits for the first data of the UPS')
  const rows: [string, NutSignal, Record<string, string>, Value][] = [
    ['is a number', nutSignal('x'), { 'battery.charge': '97.5' }, 97.5],
    ['may be negative', nutSignal('x'), { 'battery.charge': '-0.25' }, -0.25],
    ['is scaled', nutSignal('x', { scale: 60 }), { 'battery.charge': '2' }, 120],
    [
      'is moved by its offset',
      nutSignal('x', { scale: 0.1, offset: -4 }),
      { 'battery.charge': '229' },
      18.9,
    ],
    [
      'may mean not known',
      nutSignal('x', { unknownWhen: [-1] }),
      { 'battery.charge': '-1' },
      unknown('reads -1, which means not known'),
    ],
    [
      'may have a name',
      nutSignal('x', { type: 'uint16', names: { 2: 'low' } }),
      { 'battery.charge': '2.0' },
      'low',
    ],
    [
      'is unknown without a name',
      nutSignal('x', { names: { 2: 'low' } }),
      { 'battery.charge': '3' },
      unknown('reads 3, has no name'),
    ],
    [
      'is not known when it is not reported',
      nutSignal('x'),
      {},
      unknown('not reported by this UPS'),
    ],
    [
      'is no number with a comma',
      nutSignal('x'),
      { 'battery.charge': '97,5' },
      unknown('reads "97,5", expected a number'),
    ],
    [
      'is no number with its unit',
      nutSignal('x'),
      { 'battery.charge': '97 %' },
      unknown('reads "97 %", expected a number'),
    ],
    [
      'is no number when empty',
      nutSignal('x'),
      { 'battery.charge': '' },
      unknown('reads "", expected a number'),
    ],
    [
      'is no number as NaN',
      nutSignal('x'),
      { 'battery.charge': 'NaN' },
      unknown('reads "NaN", expected a number'),
    ],
    [
      'is no number in hexadecimal',
      nutSignal('x'),
      { 'battery.charge': '0x61' },
      unknown('reads "0x61", expected a number'),
    ],
    [
      'is no number with an exponent',
      nutSignal('x'),
      { 'battery.charge': '1e3' },
      unknown('reads "1e3", expected a number'),
    ],
    [
      'must be whole where that is asked',
      nutSignal('x', { type: 'uint16' }),
      { 'battery.charge': '1.5' },
      unknown('reads 1.5, expected a whole number'),
    ],
    [
      'must fit its type',
      nutSignal('x', { type: 'uint16' }),
      { 'battery.charge': '70000' },
      unknown('reads 70000, outside 0 to 65535'),
    ],
    [
      'is a text',
      nutSignal('x', { type: 'string', variable: 'ups.mfr' }),
      { 'ups.mfr': 'Acme "Q" ' },
      'Acme "Q"',
    ],
    [
      'is no text with control characters',
      nutSignal('x', { type: 'string', variable: 'ups.mfr' }),
      { 'ups.mfr': 'A\u0007' },
      unknown('is not readable text'),
    ],
    [
      'shows the whole status as a text',
      nutSignal('x', { type: 'string', variable: 'ups.status' }),
      status('OL CHRG'),
      'OL CHRG',
    ],
    ['has a word', nutToken('x', 'OL'), status('OL CHRG'), true],
    ['has no other word', nutToken('x', 'OB'), status('OL CHRG'), false],
    ['has whole words only', nutToken('x', 'CHRG'), status('OL DISCHRG'), false],
    ['may hold words that nobody knows', nutToken('x', 'OL'), status('HEATING OL'), true],
    ['may say a word twice', nutToken('x', 'OB'), status('OB OFF OB'), true],
    ['is not known while NUT waits for the UPS', nutToken('x', 'OL'), status('WAIT'), waiting],
    [
      'is not known while NUT waits, whatever else it says',
      nutToken('x', 'LB'),
      status('OL WAIT'),
      waiting,
    ],
    ['is neither on mains when it says both', nutToken('x', 'OL'), status('OL OB'), both],
    ['nor on battery', nutToken('x', 'OB'), status('OB LB OL'), both],
    ['though its battery may be low then', nutToken('x', 'LB'), status('OB LB OL'), true],
    [
      'is not known when the status is empty',
      nutToken('x', 'OL'),
      status('  '),
      unknown('the status is empty'),
    ],
  ]
  for (const [title, signal, variables, expected] of rows) {
    it(title, () =>
      assert.deepEqual(nutValue(signal, new Map(Object.entries(variables))), expected),
    )
  }
})
