// The limits of the OPC UA door, and how it ends: a full server says so, and a planned stop tells the clients before it comes.

import assert from 'node:assert/strict'
import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  AttributeIds,
  ClientMonitoredItem,
  coerceNodeId,
  type DataValue,
  TimestampsToReturn,
} from 'node-opcua'
import { keepNewest } from '../../../src/serve/opcua/prune-rejected.ts'
import { temporaryFolder, waitFor } from '../fixture.ts'
import { pairOf, unitOf } from '../view.ts'
import { type DoorRig, startDoorRig } from './door-rig.ts'

describe('The limits of the OPC UA door', () => {
  let rig: DoorRig
  before(async () => {
    rig = await startDoorRig({ sessionsMax: 3, connectionsMax: 10 })
  })
  after(() => rig.stop())

  it('has room for so many sessions; one more is refused, and those that are in stay in', async () => {
    const olga = await rig.client('olga')
    await rig.client('anna')
    await rig.client('bert')
    const pki = { pki: `${rig.folder}/client` }
    await assert.rejects(rig.client('carl', pki), /BadTooManySessions/)
    await waitFor(() => rig.audit.some((line) => /CreateSession .*BadTooManySessions/.test(line)))
    assert.match(String(await olga.value('Supervisor.Site')), /Westhaven/)
    await olga.close()
    const carl = await rig.client('carl')
    assert.match(String(await carl.value('Supervisor.Site')), /Westhaven/)
    await carl.close()
  })

  it('tells of its ServiceLevel live, and of the end before it comes', async () => {
    const olga = await rig.client('olga')
    const subscription = await olga.subscribe(50)
    const levels: unknown[] = []
    const item = ClientMonitoredItem.create(
      subscription,
      { nodeId: coerceNodeId('i=2267'), attributeId: AttributeIds.Value },
      { samplingInterval: 100, queueSize: 100, discardOldest: true },
      TimestampsToReturn.Both,
    )
    item.on('changed', ({ value }: DataValue) => void levels.push(value.value))
    await waitFor(() => levels.at(-1) === 199)
    const lost = unitOf('intake', 'B', { presence: 'lost' })
    rig.show({
      pairs: [
        pairOf('intake', { units: { A: unitOf('intake', 'A'), B: lost } }),
        pairOf('filters'),
      ],
    })
    await waitFor(
      () => levels.at(-1) === 150,
      2_000,
      () => levels.join(),
    )
    const startedMs = Date.now()
    const closed = rig.door.close()
    await waitFor(
      () => levels.at(-1) === 0,
      2_000,
      () => levels.join(),
    )
    const back = await olga.session.read({ nodeId: 'i=12885', attributeId: AttributeIds.Value })
    const awayMs = (back.value.value as Date).getTime() - startedMs
    assert.ok(awayMs > 59_000 && awayMs < 62_000, `${awayMs} ms`)
    await closed
  })
})

describe('An OPC UA door on a port that is taken', () => {
  it('says in one line what to do', async () => {
    const rig = await startDoorRig()
    try {
      const { port } = rig.settings
      const pattern = new RegExp(`127.0.0.1:${port} is in use by another program.*opcua.listen`)
      await assert.rejects(startDoorRig({ port }), pattern)
    } finally {
      await rig.stop()
    }
  })
})

describe('The folder of clients that were turned away', () => {
  it('keeps the newest and no more than that', async () => {
    const { folder, remove } = await temporaryFolder()
    try {
      for (let index = 0; index < 12; index += 1) {
        const file = join(folder, `${index}.pem`)
        await writeFile(file, '')
        await utimes(file, 1_000 + index, 1_000 + index)
      }
      await keepNewest(folder, 3)
      assert.deepEqual((await readdir(folder)).sort(), ['10.pem', '11.pem', '9.pem'])
      await keepNewest(folder, 3)
      assert.equal((await readdir(folder)).length, 3)
      await keepNewest(join(folder, 'not there'), 3)
    } finally {
      await remove()
    }
  })
})

describe('A fault inside the OPC UA server', () => {
  it('ends no supervision: the server is started again, and clients come back', async function () {
    this.timeout(90_000)
    const rig = await startDoorRig()
    try {
      const olga = await rig.client('olga')
      const session = (await olga.value('Supervisor.Site')) as string
      assert.match(session, /Westhaven/)
      // Nothing that the supervisor makes, and enough to let the thread fall.
      const broken = pairOf('intake', { tags: [null as never] })
      rig.show({ pairs: [broken, pairOf('filters')] })
      await waitFor(() =>
        rig.audit.some((line) => /ended by a fault and is started again/.test(line)),
      )
      rig.show({ pairs: [pairOf('intake'), pairOf('filters')] })
      await waitFor(() => rig.orders.some(({ kind }) => kind === 'session-ended'))
      const cycle = rig.board.current()?.view.cycle ?? 0
      const again = await back(rig)
      assert.match(String(await again.value('Supervisor.Site')), /Westhaven/)
      assert.ok((rig.board.current()?.view.cycle ?? 0) > cycle + 50, 'the cycles went on')
    } finally {
      await rig.stop()
    }
  })

  async function back(rig: DoorRig) {
    for (let left = 60; ; left -= 1) {
      const client = await rig
        .client('anna', { pki: `${rig.folder}/client` })
        .catch(() => undefined)
      if (client !== undefined) return client
      assert.ok(left > 0, 'the server did not come back')
      await new Promise((done) => setTimeout(done, 500))
    }
  }
})
