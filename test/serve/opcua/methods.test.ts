// Orders by method call: each becomes the order of the person behind the session, and every refusal says why.

import assert from 'node:assert/strict'
import { coerceNodeId, MessageSecurityMode, SecurityPolicy } from 'node-opcua'
import { password, waitFor } from '../fixture.ts'
import { evidenceOf, pairOf, proposedPair } from '../view.ts'
import type { StandardClient } from './client.ts'
import { type DoorRig, startDoorRig } from './door-rig.ts'

const switchover = 'Pairs.intake.Switchover'

describe('A method at the OPC UA door', () => {
  let rig: DoorRig
  let olga: StandardClient
  let anna: StandardClient
  let bert: StandardClient

  before(async () => {
    rig = await startDoorRig({
      policies: ['None', 'Basic256Sha256'],
    })
    olga = await rig.client('olga')
    anna = await rig.client('anna')
    bert = await rig.client('bert')
  })
  after(() => rig.stop())
  beforeEach(() => {
    rig.answerWith = () => ({ code: 'accepted', text: 'done' })
  })

  const outputs = (result: Awaited<ReturnType<StandardClient['call']>>): unknown[] =>
    (result.outputArguments ?? []).map(({ value }) => value)

  it('orders a switchover for the person who is logged in', async () => {
    rig.answerWith = () => ({ code: 'accepted', text: 'S-7 is being prepared', switchover: 'S-7' })
    const result = await anna.call(switchover, 'Prepare', 'B', 'fan is dead')
    assert.equal(result.statusCode.name, 'Good')
    assert.deepEqual(outputs(result), ['accepted', 'S-7 is being prepared', 'S-7', []])
    const order = rig.orders.at(-1)
    assert.ok(order?.kind === 'prepare')
    const { pair, to, reason, dryRun, by } = order
    assert.deepEqual(
      { pair, to, reason, dryRun },
      { pair: 'intake', to: 'B', reason: 'fan is dead', dryRun: false },
    )
    assert.equal(by.name, 'anna')
    assert.match(by.via, /^opcua [0-9a-f]{6}$/)
  })

  it('lists the obstacles when the gates are not met', async () => {
    const obstacle = {
      gate: 'sync',
      weight: 'hard',
      title: 'in sync',
      value: 'different',
      threshold: '30 s',
      clearsWhen: 'the units agree',
    } as const
    rig.answerWith = () => ({ code: 'obstacles', text: '1 obstacle', obstacles: [obstacle] })
    const result = await anna.call(switchover, 'DryRun', 'B')
    assert.equal(result.statusCode.name, 'BadRequestNotAllowed')
    assert.deepEqual(outputs(result)[3], [
      'in sync: different (wanted: 30 s); clears when the units agree',
    ])
  })

  it('refuses a unit that no pair has, before anybody is asked', async () => {
    const before = rig.orders.length
    const result = await anna.call(switchover, 'Prepare', 'C', 'why not')
    assert.equal(result.statusCode.name, 'BadInvalidArgument')
    assert.match(String(outputs(result)[1]), /expected A or B/)
    assert.equal(rig.orders.length, before)
  })

  it('is refused to an observer, who finds it in the audit', async () => {
    const before = rig.orders.length
    const result = await olga.call(switchover, 'Prepare', 'B', 'because')
    assert.equal(result.statusCode.name, 'BadUserAccessDenied')
    assert.equal(rig.orders.length, before)
    await waitFor(() =>
      rig.audit.some((line) =>
        /call of .*Prepare by olga \(opcua .*BadUserAccessDenied/.test(line),
      ),
    )
  })

  it('is told as an audit event, with the person, to supervisors and to nobody below them', async () => {
    const audited = async (client: StandardClient) => client.events(await client.subscribe())
    const [below, above] = [await audited(anna), await audited(bert)]
    await olga.call(switchover, 'Abort', 'S-7', 'because')
    const ofOlga = (one: { ClientUserId?: unknown; SourceName?: unknown }): boolean =>
      one.ClientUserId === 'olga' && /call of .*Abort/.test(String(one.SourceName))
    await waitFor(() => above.some(ofOlga))
    assert.equal(above.find(ofOlga)?.Status, false)
    assert.ok(!below.some(ofOlga))
  })

  it('needs the role that the table of rights says', async () => {
    assert.equal(
      (await anna.call('Pairs.intake', 'LockOut', 'work on rack 3')).statusCode.name,
      'Good',
    )
    const off = await anna.call('Pairs.intake', 'ReleaseLockout', 'work is done')
    assert.equal(off.statusCode.name, 'BadUserAccessDenied')
    assert.equal(
      (await bert.call('Pairs.intake', 'ReleaseLockout', 'work is done')).statusCode.name,
      'Good',
    )
    const out = await bert.call('Pairs.intake.Units.B', 'TakeOutOfService', 'new power supply')
    assert.equal(out.statusCode.name, 'Good')
    const order = rig.orders.at(-1)
    assert.ok(order?.kind === 'out-of-service' && order.on && order.unit === 'B')
    const reasonless = await bert.call('Pairs.intake.Units.B', 'PutInService', ' ')
    assert.equal(reasonless.statusCode.name, 'BadInvalidArgument')
  })

  it('takes responsibility for gates only as a supervisor, with a reason and their names', async () => {
    const prepare = (client: StandardClient, reason: string, gates: readonly string[]) =>
      client.call(switchover, 'PrepareWithOverrides', 'B', reason, gates)
    const denied = await prepare(anna, 'the batch is over', ['site:no batch running'])
    assert.equal(denied.statusCode.name, 'BadUserAccessDenied')
    const reasonless = await prepare(bert, '', ['site:no batch running'])
    assert.equal(reasonless.statusCode.name, 'BadInvalidArgument')
    const many = await prepare(bert, 'all of them', Array(33).fill('x'))
    assert.match(String(outputs(many)[1]), /at most 32 names of gates/)
    const good = await prepare(bert, 'the batch is over', ['site:no batch running', 'interval'])
    assert.equal(good.statusCode.name, 'Good')
    const order = rig.orders.at(-1)
    assert.ok(order?.kind === 'prepare' && !order.dryRun)
    assert.deepEqual(order.overrides, ['site:no batch running', 'interval'])
  })

  it('resolves a stopped pair as a supervisor, in a way that there is', async () => {
    const resolve = (client: StandardClient, way: string, reason: string, attest: string) =>
      client.call('Pairs.intake', 'Resolve', way, reason, attest)
    const denied = await resolve(anna, 'adopt', 'seen at the rack', '')
    assert.equal(denied.statusCode.name, 'BadUserAccessDenied')
    await waitFor(() => rig.audit.some((line) => /call of .*Resolve by anna \(opcua/.test(line)))
    const wrong = await resolve(bert, 'force', 'seen at the rack', '')
    assert.equal(wrong.statusCode.name, 'BadInvalidArgument')
    assert.match(String(outputs(wrong)[1]), /expected retry, restore, adopt, resume/)
    assert.equal((await resolve(bert, 'adopt', '', '')).statusCode.name, 'BadInvalidArgument')
    const good = await resolve(bert, 'adopt', 'seen at the rack', 'B drives the valve')
    assert.equal(good.statusCode.name, 'Good')
    const order = rig.orders.at(-1)
    assert.ok(order?.kind === 'resolve')
    assert.deepEqual(
      [order.pair, order.way, order.reason, order.attest],
      ['intake', 'adopt', 'seen at the rack', 'B drives the valve'],
    )
    await resolve(bert, 'resume', 'after the restart', '')
    const plain = rig.orders.at(-1)
    assert.ok(plain?.kind === 'resolve' && plain.attest === undefined)
  })

  it('ends the re-qualification of a unit as a supervisor, with a reason', async () => {
    const unit = 'Pairs.intake.Units.B'
    const denied = await anna.call(unit, 'Qualified', 'card replaced')
    assert.equal(denied.statusCode.name, 'BadUserAccessDenied')
    assert.equal((await bert.call(unit, 'Qualified', '')).statusCode.name, 'BadInvalidArgument')
    assert.equal((await bert.call(unit, 'Qualified', 'card replaced')).statusCode.name, 'Good')
    const order = rig.orders.at(-1)
    assert.ok(order?.kind === 'qualified')
    assert.deepEqual([order.unit, order.by.name], ['B', 'bert'])
  })

  it('says in its arguments what each of them is', async () => {
    const found = await argumentsOf(olga, 'Pairs.intake.Resolve')
    assert.deepEqual(
      found.map(({ name }) => name),
      ['Way', 'Reason', 'Attest'],
    )
    for (const { description } of found) assert.ok((description.text ?? '').length > 5)
  })

  async function argumentsOf(client: StandardClient, method: string) {
    const { inputArguments } = await client.session.getArgumentDefinition(
      coerceNodeId(client.id(method)),
    )
    return inputArguments
  }

  describe('Confirm', () => {
    const confirm = (client: StandardClient, ...more: readonly string[]) => {
      const texts = ['S-8', 'e1', ...more]
      return client.call(switchover, 'Confirm', ...texts, ...Array(7 - texts.length).fill(''))
    }

    it('brings the evidence, the typed name and the reason', async () => {
      const result = await confirm(anna, 'intake', 'fan is dead')
      assert.equal(result.statusCode.name, 'Good')
      const order = rig.orders.at(-1)
      assert.ok(order?.kind === 'confirm')
      assert.equal(order.evidenceHash, 'e1')
      assert.equal(order.typedName, 'intake')
      assert.equal(order.reason, 'fan is dead')
      assert.equal(order.reauthenticated, false)
      assert.equal(order.approver, undefined)
    })

    it('says that the password was given again, and who approves', async () => {
      await confirm(anna, '', '', password, 'carl', password)
      const order = rig.orders.at(-1)
      assert.ok(order?.kind === 'confirm')
      assert.equal(order.reauthenticated, true)
      assert.equal(order.approver?.name, 'carl')
    })

    it('takes no second person who is the first', async () => {
      const before = rig.orders.length
      const result = await confirm(anna, '', '', '', 'anna', password)
      assert.equal(result.statusCode.name, 'BadUserAccessDenied')
      assert.match(String(outputs(result)[1]), /must have another account/)
      assert.equal(rig.orders.length, before)
    })

    it('takes no wrong password, and never writes one down', async () => {
      const before = rig.orders.length
      const result = await confirm(anna, '', '', 'guessed it wrong')
      assert.equal(result.statusCode.name, 'BadUserAccessDenied')
      assert.equal(rig.orders.length, before)
      assert.ok(!rig.audit.join('\n').includes('guessed it wrong'))
    })

    it('says what has changed when the evidence is no longer the same', async () => {
      const difference = ['role of B: was standby, is unknown']
      rig.answerWith = () => ({ code: 'evidence-changed', text: 'judge the new one', difference })
      const result = await confirm(anna)
      assert.equal(result.statusCode.name, 'BadNoMatch')
      assert.deepEqual(outputs(result)[3], difference)
    })

    it('takes no password over a connection that does not encrypt', async () => {
      const plain = await rig.client('anna', {
        policy: SecurityPolicy.None,
        mode: MessageSecurityMode.None,
      })
      const before = rig.orders.length
      const result = await confirm(plain, '', '', password)
      assert.equal(result.statusCode.name, 'BadSecurityModeInsufficient')
      assert.equal(rig.orders.length, before)
    })
  })

  it('is answered by what the Pending variables show', async () => {
    rig.show({ pairs: [proposedPair('S-9', { evidence: evidenceOf('e9') }), pairOf('filters')] })
    const pending = `${switchover}.Pending`
    for (let left = 100; (await olga.value(`${pending}.ProposalId`)) !== 'S-9'; left -= 1) {
      assert.ok(left > 0)
      await new Promise((done) => setTimeout(done, 20))
    }
    assert.equal(await olga.value(`${pending}.EvidenceHash`), 'e9')
    assert.equal(await olga.value(`${pending}.Active`), true)
    assert.equal(await olga.value(`${pending}.Target`), 2)
    const expires = (await olga.value(`${pending}.ExpiresAt`)) as Date
    const leftMs = expires.getTime() - Date.now()
    assert.ok(leftMs > 50_000 && leftMs < 61_000, `${leftMs} ms`)
    await anna.call(switchover, 'Reject', 'S-9', 'not now')
    const order = rig.orders.at(-1)
    assert.ok(order?.kind === 'reject')
    assert.equal(order.switchover, 'S-9')
  })
})
