// What the demo prepares before it starts anything: its plant file, its ports, its refusals.

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { demoMark, demoPlantText, demoPorts, portFault } from '../../src/cli/demo-plant.ts'
import { loadPlant } from '../../src/config/load.ts'
import { bumpless } from './command.ts'

const shipped = resolve(import.meta.dirname, '../../config/plant.demo.yaml')

describe('the demo', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bumpless-demo-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('supervises the shipped plant on the ports and in the folder that were asked for', async () => {
    const place = {
      dataFolder: folder,
      httpPort: 18_123,
      opcuaPort: 18_127,
      basePort: 16_060,
      controlPort: 18_124,
    }
    const file = join(folder, 'plant.yaml')
    await writeFile(file, demoPlantText(await readFile(shipped, 'utf8'), place))
    const loaded = loadPlant(file)
    assert.ok(loaded.ok, JSON.stringify(loaded))
    const { plant } = loaded
    assert.equal(plant.http.port, 18_123)
    assert.equal(plant.opcua?.port, 18_127)
    assert.deepEqual(plant.journalCopies, [join(folder, 'journal-a'), join(folder, 'journal-b')])
    assert.equal(plant.usersFile, join(folder, 'users.yaml'))
    const ports = Object.values(plant.devices).flatMap((device) =>
      device.paths.map(({ address }) => Number(new URL(address).port)),
    )
    const announced = demoPorts(place).map(({ port }) => port)
    assert.ok(ports.every((port) => port >= 16_060 && announced.includes(port)))
    assert.equal(new Set(ports).size, 14)
  })

  it('says which port is in use, and starts nothing', async () => {
    const other = createServer()
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const address = other.address()
    assert.ok(address && typeof address === 'object')
    const place = {
      dataFolder: folder,
      httpPort: address.port,
      basePort: 16_060,
      controlPort: 18_124,
      opcuaPort: 18_127,
    }
    const fault = await portFault(place)
    const words = ['demo', '--data', folder, '--port', String(address.port)]
    const { code, error } = await bumpless({ PATH: process.env.PATH, HOME: folder }, words)
    await new Promise((done) => other.close(done))
    assert.match(
      fault ?? '',
      new RegExp(`port.* ${address.port} for bumpless \\(--port\\) is in use`),
    )
    assert.equal(code, 1)
    assert.match(error, /is in use.*choose other ports/)
  })

  it('deletes nothing in a folder that is not its own', async () => {
    const own = join(folder, 'plant.yaml')
    await writeFile(own, 'site: a real plant\n')
    const ports = [
      '--port',
      '18125',
      '--opcua-port',
      '18128',
      '--control-port',
      '18126',
      '--base-port',
      '16080',
    ]
    const { code, error } = await bumpless({ PATH: process.env.PATH, HOME: folder }, [
      ...['demo', '--fresh', '--data', folder],
      ...ports,
    ])
    assert.equal(code, 1)
    assert.match(error, /is not the demo's; choose another folder/)
    assert.equal(await readFile(own, 'utf8'), 'site: a real plant\n')
    assert.match(demoMark, /^# /)
  })
})
