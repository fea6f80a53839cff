// What a name and a type say about a value, in three languages, and the tolerance that a range gives.

import assert from 'node:assert/strict'
import { classRules } from '../../src/import/class-rules.ts'
import { classify, nameWords, type Proposal } from '../../src/import/classify.ts'
import type { ListedTag } from '../../src/import/tag-list.ts'

const tag = (name: string, more: Partial<ListedTag> = {}): ListedTag => ({
  name,
  place: { line: 1, column: 1 },
  type: '',
  where: { kind: 'register', area: 'hr', address: 0 },
  description: '',
  units: '',
  doubts: [],
  ...more,
})

const proposed = (name: string, type: string, more: Partial<ListedTag> = {}): Proposal =>
  classify(tag(name, more), type)

const percent = { range: { low: 0, high: 100 } }

const table: readonly (readonly [name: string, type: string, expected: string])[] = [
  ['P101.RUN', 'bit', 'discrete'],
  ['Watchdog_Fault', 'bool', 'discrete'],
  ['Heartbeat', 'bit', 'volatile'],
  ['PLC1_HB', 'uint16', 'volatile'],
  ['ScanTime', 'uint16', 'volatile'],
  ['SCANTIME', 'uint16', 'volatile'],
  ['SYS.Random', 'float32', 'volatile'],
  ['Lebenszeichen', 'int16', 'volatile'],
  ['Livsbit', 'bit', 'volatile'],
  ['Zykluszeit', 'uint16', 'volatile'],
  ['LIC301.SP', 'float32', 'setpoint'],
  ['Level_Setpoint', 'int16', 'setpoint'],
  ['TempSollwert', 'float32', 'setpoint'],
  ['Settpunkt trykk', 'float32', 'setpoint'],
  ['LIC301.Kp', 'float32', 'setpoint'],
  ['TIC5_Ti', 'float32', 'setpoint'],
  ['HiLim', 'float32', 'setpoint'],
  ['Grenzwert_oben', 'float32', 'setpoint'],
  ['PID.I', 'float32', 'integrator'],
  ['FIC1.IntegralSum', 'float32', 'integrator'],
  ['FT302.TOTAL', 'uint32', 'counter'],
  ['PartCount', 'int32', 'counter'],
  ['Mengenzähler', 'uint32', 'counter'],
  ['Driftstimer_P1', 'uint32', 'counter'],
  ['Betriebsstunden', 'uint32', 'counter'],
  ['StartTime', 'uint32', 'timestamp'],
  ['Datum', 'uint32', 'timestamp'],
  ['MODE', 'uint16', 'enum'],
  ['Betriebsart', 'uint16', 'enum'],
  ['BATCH.STEP', 'int32', 'enum'],
  ['Pumpenzustand', 'uint16', 'enum'],
  ['Tilstand', 'uint16', 'enum'],
  ['LEVEL.PV', 'float32', 'analog'],
  ['FlowRate', 'float32', 'analog'],
  ['Füllstand', 'int16', 'analog'],
  ['Trykk innløp', 'int16', 'analog'],
  ['VALVE.OUT', 'float32', 'analog'],
  ['Stellwert', 'float32', 'analog'],
  ['FT302', 'float32', 'analog'],
  ['Temps', 'int16', 'analog'],
  ['FirmwareVersion', 'uint32', 'identity'],
  ['Prüfsumme', 'uint32', 'identity'],
]

describe('Proposed classes', () => {
  for (const [name, type, expected] of table) {
    it(`"${name}" as ${type} is ${expected}`, () => {
      assert.equal(proposed(name, type).class, expected)
    })
  }

  it('a value that nothing is known of is analog and doubtful', () => {
    const { class: tagClass, doubts } = proposed('XYZ_7', 'uint16')
    assert.equal(tagClass, 'analog')
    assert.match(doubts.join(), /neither name nor range/)
  })

  it('a range without a telling name is enough for analog', () => {
    assert.deepEqual(proposed('XYZ_7', 'uint16', percent).doubts, [])
  })

  it('a class that only the description gives is doubtful', () => {
    const { class: tagClass, doubts } = proposed('D4711', 'uint16', { description: 'Pump mode' })
    assert.equal(tagClass, 'enum')
    assert.match(doubts.join(), /description alone/)
  })

  it('an "I" is an integral part only at the end of a name, and even then doubtful', () => {
    assert.equal(proposed('I.Level', 'float32').class, 'analog')
    assert.match(proposed('PID.I', 'float32').doubts.join(), /may also be a current/)
  })

  it('a constant of the program is compared like a setpoint', () => {
    assert.equal(proposed('XYZ', 'float32', { constant: true }).class, 'setpoint')
  })

  it('critical is proposed for setpoints, modes and integral parts only', () => {
    const critical = (name: string, type: string) => proposed(name, type).critical !== undefined
    assert.ok(critical('LIC301.SP', 'float32'))
    assert.ok(critical('MODE', 'uint16'))
    assert.ok(critical('PID.I', 'float32'))
    assert.ok(!critical('LIC301.PV', 'float32'))
    assert.ok(!critical('HiLim', 'float32'))
    assert.ok(!critical('BATCH.STEP', 'uint16'))
  })

  it('every row of the table can be reached by a word of its own', () => {
    for (const rule of classRules) {
      const type = { bool: 'bool', whole: 'uint16', float: 'float32', text: 'string' }
      const words = rule.words.length > 0 ? rule.words : ['anything']
      const reached = rule.kinds.some((kind) =>
        words.some((word) => proposed(`x ${word}`, type[kind]).reason === rule.reason),
      )
      assert.ok(reached, `nothing reaches ${rule.class}: ${words.join(', ')}`)
    }
  })
})

describe('Proposed tolerances', () => {
  it('an analog value gets half a per cent of its span', () => {
    assert.equal(proposed('LEVEL.PV', 'float32', percent).tolerance, 0.5)
    const range = { low: -50, high: 150 }
    assert.equal(proposed('TEMP', 'int16', { range }).tolerance, 1)
  })

  it('a setpoint gets no more than the rounding of its float', () => {
    const { tolerance = 1 } = proposed('LIC301.SP', 'float32', percent)
    assert.ok(tolerance >= 100 - Math.fround(99.999_996) && tolerance < 0.000_02, `${tolerance}`)
    assert.equal(proposed('LIC301.SP', 'int16', percent).tolerance, undefined)
  })

  it('without a range an analog value and a broken setpoint are doubtful', () => {
    assert.match(proposed('LEVEL.PV', 'float32').doubts.join(), /no range/)
    assert.match(proposed('LIC301.SP', 'float32').doubts.join(), /no range/)
    assert.deepEqual(proposed('LIC301.SP', 'int16').doubts, [])
  })

  it('exact classes have none and no doubt', () => {
    for (const [name, type] of [
      ['P1.RUN', 'bit'],
      ['MODE', 'uint16'],
      ['CRC', 'uint32'],
    ] as const) {
      const { tolerance, doubts } = proposed(name, type, percent)
      assert.equal(tolerance, undefined)
      assert.deepEqual(doubts, [])
    }
  })
})

describe('Words of a name', () => {
  it('are divided at signs, digits and capitals', () => {
    assert.deepEqual(nameWords('LIC301.SpLow'), ['lic', 'sp', 'low'])
    assert.deepEqual(nameWords('FT_302/flowPV'), ['ft', 'flow', 'pv'])
    assert.deepEqual(nameWords('PIDOutput'), ['pid', 'output'])
    assert.deepEqual(nameWords('Füllstand_Ü1'), ['füllstand', 'ü'])
  })
})
