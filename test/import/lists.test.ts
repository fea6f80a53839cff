// Whole lists of each kind, as tools export them: what is taken, what is left out, and that the plant file takes the result.

import assert from 'node:assert/strict'
import { faultText } from '../../src/config/source.ts'
import { entryOf, type Given, imported, importedText, loadWith, reasonOf } from './imported.ts'

describe('A CSV list of an OPC server', () => {
  const list = () => imported('intake.csv')

  it('gives registers, types, units and scales', () => {
    assert.deepEqual(entryOf(list(), 'FT302.FLOW').entry, {
      name: 'FT302.FLOW',
      at: 'hr:109',
      type: 'int16',
      class: 'analog',
      tolerance: 1.25,
      units: 'm3/h',
      scale: 0.025,
    })
    assert.equal(entryOf(list(), 'P303.FAULT').entry.at, 'hr:112.1')
    assert.equal(entryOf(list(), 'PLC.HEARTBEAT').entry.at, 'ir:0')
  })

  it('leaves out a second claim on a register and an unknown type, with the line', () => {
    assert.match(reasonOf(list(), 'LIC301.PV_COPY'), /^hr:101 belongs to LIC301.PV already$/)
    assert.match(reasonOf(list(), 'CAMERA'), /^unknown type "Picture"$/)
    assert.deepEqual(
      list().leftOut.map(({ place }) => place.line),
      [15, 16],
    )
  })
})

describe('A German CSV list with titles above its columns', () => {
  const list = () => imported('filterhalle.csv')

  it('is read with its decimal commas and direct addresses', () => {
    assert.deepEqual(entryOf(list(), 'Füllstand_Becken1').entry, {
      name: 'Fuellstand_Becken1',
      at: 'hr:100',
      type: 'int16',
      class: 'analog',
      tolerance: 0.0325,
      units: 'm',
      scale: 0.001,
    })
    assert.equal(entryOf(list(), 'Störung_P1').entry.at, 'hr:105.3')
  })

  it('marks the double word, whose count differs between controllers', () => {
    assert.match(entryOf(list(), 'Mengenzähler').doubts.join(), /in word 212/)
  })

  it('leaves out inputs and lines without an address', () => {
    assert.match(reasonOf(list(), 'Trübung'), /no fixed Modbus register/)
    assert.equal(reasonOf(list(), 'Reserve'), 'no address')
  })
})

describe('A list with a column for the kind of register', () => {
  const list = () => imported('pumpestasjon.txt')

  it('keeps the four kinds apart and takes the word order from the type', () => {
    const places = list().taken.map(({ entry }) => entry.at)
    assert.deepEqual(places, ['ir:0', 'ir:1', 'hr:0', 'hr:2', 'co:0', 'di:7', 'hr:3', 'co:1'])
    assert.equal(entryOf(list(), 'Settpunkt trykk').entry.word_order, 'little')
  })

  it('gives two tags of one name two names', () => {
    const names = list().taken.map(({ entry }) => entry.name)
    assert.deepEqual(
      names.filter((name) => name.startsWith('Pumpe')),
      ['Pumpe_gaar', 'Pumpe_gaar_2'],
    )
  })

  it('says that its numbers are taken as zero-based', () => {
    assert.match(list().notes.join(), /zero-based/)
  })
})

describe('A PLCopen project', () => {
  const list = () => imported('dosing.xml')

  it('gives variables with an address under the name of their program', () => {
    assert.equal(entryOf(list(), 'PLC_PRG.DoseLevel').entry.at, 'hr:100')
    assert.equal(entryOf(list(), 'PLC_PRG.DoseLevel').from.description, 'Level <tank> in mm')
    assert.equal(entryOf(list(), 'PLC_PRG.DoseSP').entry.at, 'hr:102')
    assert.equal(entryOf(list(), 'GVL.Heartbeat').entry.class, 'volatile')
  })

  it('takes arrays and structures apart, member by member', () => {
    const places = list()
      .taken.filter(({ from }) => from.name.startsWith('PLC_PRG.Pumps[1]'))
      .map(({ entry }) => [entry.name, entry.at, entry.type])
    assert.deepEqual(places, [
      ['PLC_PRG.Pumps.1.Run', 'hr:128.0', 'bit'],
      ['PLC_PRG.Pumps.1.Speed', 'hr:130', 'float32'],
      ['PLC_PRG.Pumps.1.Hours', 'hr:132', 'uint32'],
      ['PLC_PRG.Pumps.1.Mode', 'hr:134', 'int16'],
    ])
    assert.equal(entryOf(list(), 'PLC_PRG.Temps[3]').entry.at, 'hr:112')
  })

  it('gives an enumeration its words', () => {
    const { names } = entryOf(list(), 'PLC_PRG.Step').entry
    assert.deepEqual(names, { 0: 'Manual', 1: 'Automatic', 2: 'Cascade' })
  })

  it('leaves out what has no address, no layout or no end', () => {
    assert.equal(reasonOf(list(), 'PLC_PRG.Local'), 'no address')
    assert.match(reasonOf(list(), 'PLC_PRG.Timer'), /function block/)
    assert.match(reasonOf(list(), 'PLC_PRG.Loop'), /contains itself/)
    assert.match(reasonOf(list(), 'GVL.Huge'), /more than 10000 elements/)
    assert.match(reasonOf(list(), 'PLC_PRG.Started'), /a date with time/)
  })

  it('takes addresses from a mapping file first', () => {
    const mapped = imported('dosing.xml', { map: 'dosing-map.csv' })
    assert.equal(entryOf(mapped, 'PLC_PRG.Local').entry.at, 'hr:500')
    assert.equal(entryOf(mapped, 'PLC_PRG.Sensor').entry.at, 'ir:3')
    assert.equal(entryOf(mapped, 'PLC_PRG.Temps[2]').entry.at, 'ns=2;s=Temps[2]')
  })

  it('with types that nest without bound ends at once', () => {
    const types = Array.from({ length: 40 }, (_, level) => {
      const next = level === 39 ? '<INT/>' : `<derived name="T${level + 1}"/>`
      const member = (name: string) => `<variable name="${name}"><type>${next}</type></variable>`
      return `<dataType name="T${level}"><baseType><struct>${member('a')}${member('b')}</struct></baseType></dataType>`
    }).join('')
    const variable =
      '<variable name="x" address="%MW0"><type><derived name="T0"/></type></variable>'
    const text = `<project><types><dataTypes>${types}</dataTypes></types><globalVars>${variable}</globalVars></project>`
    assert.match(reasonOf(importedText(text), 'x'), /more than 10000 elements/)
  })
})

describe('A Rockwell export', () => {
  const list = (given: Given = {}) => imported('mixer.L5X', given)

  it('proposes a node for every single value, down to the members', () => {
    assert.equal(entryOf(list(), 'LT101_PV').entry.at, 'ns=2;s=LT101_PV')
    assert.equal(entryOf(list(), 'Motors[1].Speed').entry.at, 'ns=2;s=Motors[1].Speed')
    assert.equal(entryOf(list(), 'Agitator.Run').from.description, 'Motor runs')
    assert.equal(entryOf(list(), 'LIC101.SP').from.description, 'Setpoint of the operator')
    assert.equal(entryOf(list(), 'Program:Main.Watchdog').entry.class, 'volatile')
    assert.equal(entryOf(list(), 'Batch_Name').entry.type, 'string')
    assert.match(list().notes.join(), /a proposal for each/)
  })

  it('leaves out aliases, closed tags and types without values', () => {
    assert.equal(reasonOf(list(), 'Level_Alias'), 'an alias for LT101_PV')
    assert.match(reasonOf(list(), 'Secret'), /external access is None/)
    assert.match(reasonOf(list(), 'Msg'), /type MESSAGE/)
  })

  it('with a mapping file takes only what stands in it', () => {
    const mapped = list({ map: 'mixer-map.csv' })
    const places = mapped.taken.map(({ entry }) => [entry.name, entry.at])
    assert.deepEqual(places, [
      ['LT101_PV', 'hr:0'],
      ['LIC101.SP', 'hr:2'],
      ['Motors.1.Run', 'co:16'],
      ['Program:Main.Watchdog', 'hr:50'],
    ])
    assert.equal(reasonOf(mapped, 'Recipe_Step'), 'not in the mapping file')
  })
})

describe('The tags of every list', () => {
  const lists: readonly (readonly [string, Given, 'modbus' | 'opcua'])[] = [
    ['intake.csv', {}, 'modbus'],
    ['filterhalle.csv', {}, 'modbus'],
    ['pumpestasjon.txt', {}, 'modbus'],
    ['dosing.xml', {}, 'modbus'],
    ['mixer.L5X', { map: 'mixer-map.csv' }, 'modbus'],
    ['mixer.L5X', {}, 'opcua'],
  ]
  for (const [name, given, reachedBy] of lists) {
    it(`load in a plant file without a fault: ${name} over ${reachedBy}`, () => {
      const conversion = imported(name, given)
      const result = loadWith(conversion, reachedBy)
      if (!result.ok) assert.fail(result.faults.map(faultText).join('\n'))
      const [pair] = result.plant.pairs
      const names = conversion.taken.map(({ entry }) => entry.name)
      assert.deepEqual(
        pair?.tags.map((tag) => tag.name),
        names,
      )
    })
  }
})
