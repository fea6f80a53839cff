// The OPC UA door as clients meet it: who is let in, what they see and how soon, and that nothing they write changes anything.

import assert from 'node:assert/strict'
import {
  AttributeIds,
  BrowseDirection,
  coerceNodeId,
  DataType,
  MessageSecurityMode,
  NodeClass,
  type NodeId,
  SecurityPolicy,
  StatusCodes,
  Variant,
} from 'node-opcua'
import { removeUser } from '../../../src/serve/users-file.ts'
import { waitFor } from '../fixture.ts'
import { pairOf, unitOf } from '../view.ts'
import { StandardClient } from './client.ts'
import { type DoorRig, startDoorRig } from './door-rig.ts'

describe('The OPC UA door', () => {
  let rig: DoorRig
  let olga: StandardClient

  before(async () => {
    rig = await startDoorRig()
    olga = await rig.client('olga')
    await waitFor(() => rig.board.current() !== undefined)
  })
  after(() => rig.stop())

  const settled = async (name: string, fits: (value: unknown) => boolean): Promise<void> => {
    for (let left = 100; !fits(await olga.value(name)); left -= 1) {
      assert.ok(left > 0, `${name} shows ${await olga.value(name)}`)
      await new Promise((done) => setTimeout(done, 20))
    }
  }

  describe('what it shows', () => {
    it('shows a pair in words and as enumerations', async () => {
      await settled('Pairs.intake.Sentence', (value) => /^intake: A primary/.test(String(value)))
      assert.equal(await olga.value('Pairs.intake.PrimaryUnit'), 1)
      assert.equal(await olga.value('Pairs.intake.SyncVerdict'), 1)
      assert.equal(await olga.value('Pairs.intake.Units.B.Role'), 2)
      assert.equal(await olga.value('Pairs.intake.Tags[LIC301.SP].A'), 2.1)
      assert.equal(await olga.value('Power.ups-1.RuntimeS'), 3120)
    })

    it('says with the status code that a unit cannot be read, and keeps no old value', async () => {
      const lost = unitOf('intake', 'B', { presence: 'lost', role: 'unknown', ageMs: 4_000 })
      rig.show({
        pairs: [
          pairOf('intake', { units: { A: unitOf('intake', 'A'), B: lost } }),
          pairOf('filters'),
        ],
      })
      await settled('Pairs.intake.Units.B.Reachable', (value) => value === false)
      const role = await olga.read('Pairs.intake.Units.B.Role')
      assert.equal(role.statusCode.name, 'BadNoCommunication')
      assert.equal(role.value.value, null)
      assert.equal(await olga.value('Pairs.intake.Units.B.DeviceHealth'), 1)
      const tag = await olga.read('Pairs.intake.Tags[LIC301.SP].B')
      assert.equal(tag.statusCode.name, 'BadNoCommunication')
      rig.show({ pairs: [pairOf('intake'), pairOf('filters')] })
      await settled('Pairs.intake.Units.B.Role', (value) => value === 2)
    })

    it('gives each value the time of the scan behind it', async () => {
      const { sourceTimestamp } = await olga.read('Pairs.intake.Units.A.Role')
      const ageMs = Date.now() - (sourceTimestamp?.getTime() ?? 0)
      assert.ok(ageMs >= 120 && ageMs < 2_000, `${ageMs} ms`)
    })

    it('says what its numbers are measured in', async () => {
      const units = await olga.value('Power.ups-1.ChargePct.EngineeringUnits')
      assert.equal((units as { displayName: { text: string } }).displayName.text, '%')
      const range = (await olga.value('Power.ups-1.ChargePct.EURange')) as {
        low: number
        high: number
      }
      assert.deepEqual([range.low, range.high], [0, 100])
      const tag = await olga.value('Pairs.intake.Tags[LIC301.SP].A.EngineeringUnits')
      assert.equal((tag as { displayName: { text: string } }).displayName.text, 'm')
    })

    it('tells a change within the publishing interval, whatever sampling interval is asked', async () => {
      const subscription = await olga.subscribe(50)
      const { item, told } = await olga.follow(subscription, 'Pairs.intake.Phase', 60_000)
      await waitFor(() => told.length === 1)
      await item.modify({ samplingInterval: 30_000, queueSize: 10, discardOldest: true })
      rig.show({ pairs: [pairOf('intake', { phase: 'preparing' }), pairOf('filters')] })
      await waitFor(
        () => told.length === 2,
        1_000,
        () => `told ${told.length} times`,
      )
      assert.equal(told[1]?.value.value, 1)
      rig.show({ pairs: [pairOf('intake'), pairOf('filters')] })
      await waitFor(() => told.length === 3, 1_000)
      await subscription.terminate()
    })

    it('tells a value that stands only once', async () => {
      const subscription = await olga.subscribe(50)
      const { told } = await olga.follow(subscription, 'Pairs.intake.Ready')
      await new Promise((done) => setTimeout(done, 1_500))
      assert.equal(told.length, 1)
      await subscription.terminate()
    })

    it('is degraded while it runs alone, and says so', async () => {
      const level = await olga.session.read({ nodeId: 'i=2267', attributeId: AttributeIds.Value })
      assert.equal(level.value.value, 199)
      const support = await olga.session.read({ nodeId: 'i=3709', attributeId: AttributeIds.Value })
      assert.equal(support.value.value, 0)
    })
  })

  describe('whom it lets in', () => {
    it('lets nobody in without a name', async () => {
      await assert.rejects(
        rig.client('', { pki: `${rig.folder}/client` }),
        /BadIdentityToken|BadUserAccessDenied|endpoint/i,
      )
      const open = StandardClient.open({ url: rig.door.url, pki: `${rig.folder}/client` })
      await assert.rejects(open, /anonymous|BadIdentityToken/i)
    })

    it('lets no client in that nobody trusts, and keeps its certificate', async () => {
      const stranger = rig.client('anna', { pki: `${rig.folder}/stranger` })
      await assert.rejects(stranger, /BadSecurityChecksFailed|BadCertificateUntrusted/)
      await waitFor(() => rig.audit.some((line) => /OPC UA: .*refused/.test(line)))
    })

    it('offers no connection without encryption unless the plant file says so', async () => {
      const plain = { policy: SecurityPolicy.None, mode: MessageSecurityMode.None }
      await assert.rejects(rig.client('anna', { ...plain, pki: `${rig.folder}/client` }))
    })

    for (const policy of ['Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'] as const) {
      it(`speaks ${policy}`, async () => {
        const client = await rig.client('anna', { policy: SecurityPolicy[policy] })
        assert.match(String(await client.value('Supervisor.Site')), /Westhaven/)
        await client.close()
      })
    }

    it('names wrong passwords in the audit, slows guessing down, and disturbs nobody who is in', async () => {
      for (let attempt = 0; attempt < 4; attempt += 1) {
        const wrong = rig.client('bert', {
          password: 'not the password',
          pki: `${rig.folder}/client`,
        })
        await assert.rejects(wrong, /BadUserAccessDenied/)
      }
      assert.ok(rig.audit.some((line) => /log-in refused for bert/.test(line)))
      const right = rig.client('bert', { pki: `${rig.folder}/client` })
      await assert.rejects(right, /BadUserAccessDenied/, 'the right password has to wait as well')
      assert.match(String(await olga.value('Supervisor.Site')), /Westhaven/)
      assert.ok(!rig.audit.join('\n').includes('not the password'))
    })

    it('ends the session of a person who is removed, and tells the supervisor', async () => {
      const carl = await rig.client('carl')
      assert.match(String(await carl.value('Supervisor.Site')), /Westhaven/)
      removeUser(rig.usersFile, 'carl')
      rig.access.refresh()
      await waitFor(() =>
        rig.orders.some((order) => order.kind === 'session-ended' && order.user === 'carl'),
      )
      // His client goes on trying to come back; that it gets nothing is what counts.
      const got = carl.value('Supervisor.Site').then(
        () => 'a value',
        () => 'nothing',
      )
      const later = new Promise((done) => setTimeout(done, 1_500, 'nothing'))
      assert.equal(await Promise.race([got, later]), 'nothing')
    })
  })

  describe('what may be written', () => {
    it('takes no value for any variable, from nobody', async () => {
      const anna = await rig.client('egon')
      const nodes = await everyNode(anna, coerceNodeId('i=85'))
      assert.ok(nodes.length > 150, `${nodes.length} nodes`)
      for (const attributeId of [AttributeIds.Value, AttributeIds.DisplayName]) {
        const results = await anna.session.write(
          nodes.map((nodeId) => ({
            nodeId,
            attributeId,
            value: { value: new Variant({ dataType: DataType.Boolean, value: true }) },
          })),
        )
        const good = nodes.filter((_node, index) => results[index]?.isGood())
        assert.deepEqual(good.map(String), [])
      }
      await waitFor(() => rig.audit.some((line) => /write of .* by egon/.test(line)))
      const lines = rig.audit.filter((line) => /write of .* by egon/.test(line))
      assert.ok(lines.length <= 25, `${lines.length} lines`)
    })

    it('lets no client call what nobody declared', async () => {
      const egon = await rig.client('egon')
      const methods = (await everyNode(egon, coerceNodeId('i=2253'), NodeClass.Method)).map(String)
      const allowed = ['ns=0;i=11492', 'ns=0;i=12873']
      for (const methodId of methods.filter((one) => !allowed.includes(one))) {
        const { statusCode } = await egon.session.call({
          ...{ objectId: 'i=2253', methodId, inputArguments: [] },
        })
        assert.ok(statusCode.isNotGood(), `${methodId}: ${statusCode.name}`)
        assert.notEqual(statusCode, StatusCodes.BadInternalError, methodId)
      }
    })
  })

  async function everyNode(
    client: StandardClient,
    from: NodeId,
    nodeClass = NodeClass.Variable,
  ): Promise<readonly NodeId[]> {
    const seen = new Set<string>()
    const found: NodeId[] = []
    let front = [from]
    while (front.length > 0 && seen.size < 5_000) {
      const results = await client.session.browse(
        front.map((nodeId) => ({
          ...{ nodeId, browseDirection: BrowseDirection.Forward, includeSubtypes: true },
          ...{ referenceTypeId: 'HierarchicalReferences', nodeClassMask: 0, resultMask: 63 },
        })),
      )
      front = results
        .flatMap(({ references }) => references ?? [])
        .filter(({ nodeId }) => !seen.has(nodeId.toString()) && seen.add(nodeId.toString()))
        .map((reference) => {
          if (reference.nodeClass === nodeClass)
            found.push(coerceNodeId(reference.nodeId.toString()))
          return coerceNodeId(reference.nodeId.toString())
        })
    }
    return found
  }
})
