// The types as a file: what is committed is what the program exports, and what a client finds in a running server.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { loadPlant } from '../../../src/config/load.ts'
import { layoutOf } from '../../../src/serve/opcua/layout.ts'
import { typeRows } from '../../../src/serve/opcua/model.ts'
import { nodesetXml } from '../../../src/serve/opcua/nodeset.ts'

describe('The NodeSet of our types', () => {
  let xml: string
  before(async () => {
    xml = await nodesetXml()
  })

  it('is committed as it is exported (bumpless opcua nodeset > config/opcua/bumpless.NodeSet2.xml)', async () => {
    const committed = await readFile('config/opcua/bumpless.NodeSet2.xml', 'utf8')
    assert.ok(committed === xml, 'export it anew')
  })

  it('has every type with every variable and method, by the name in the manual', () => {
    for (const { name, rows, methods } of typeRows) {
      assert.ok(xml.includes(`NodeId="ns=1;s=${name}"`), name)
      for (const member of [...rows, ...methods]) {
        assert.ok(xml.includes(`NodeId="ns=1;s=${name}.${member.name}"`), `${name}.${member.name}`)
      }
    }
  })
})

describe('The layout of the demo plant', () => {
  it('tells numbers, switches and words apart', () => {
    const loaded = loadPlant('config/plant.demo.yaml')
    assert.ok(loaded.ok)
    const intake = layoutOf(loaded.plant).pairs.find(({ name }) => name === 'intake')
    const types = Object.fromEntries(intake?.tags.map(({ name, type }) => [name, type]) ?? [])
    assert.equal(types['LEVEL.PV'], 'Double')
    assert.equal(types['PUMP.RUN'], 'Boolean')
    assert.deepEqual(intake?.units.A.paths, ['lan-1', 'lan-2'])
  })

  it('holds nothing that is secret', () => {
    const loaded = loadPlant('config/plant.demo.yaml')
    assert.ok(loaded.ok)
    assert.ok(!/password|users\.yaml|tcp:/.test(JSON.stringify(layoutOf(loaded.plant))))
  })
})
