// A SCADA client that knows the standard and nothing of us: it finds everything by names from the Objects folder, uses no service or method
// number that is not in the standard, and is judged by the truth of the practice plant.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type ClientSubscription, type DataValue, Variant } from 'node-opcua'
import { bumpless } from '../cli/command.ts'
import { everyNode } from '../serve/opcua/address-space.ts'
import {
  comment,
  eventId,
  response,
  type SeenEvent,
  StandardClient,
} from '../serve/opcua/client.ts'
import { openWire, type Wire } from '../serve/opcua/wire.ts'
import { callAt, nodeAt, valueAt } from './by-names.ts'
import { untilReady } from './persons.ts'
import { assertNeverBothActive, password, type Rig, startRig } from './rig.ts'
import { freePort } from './service.ts'

describe('A client that knows only the standard', function () {
  this.timeout(90_000)
  let rig: Rig
  let wire: Wire
  let anna: StandardClient
  let bert: StandardClient
  let subscription: ClientSubscription
  let seen: SeenEvent[]
  let primary: readonly DataValue[]
  const clients: StandardClient[] = []

  before(async () => {
    const opcuaPort = await freePort()
    const policy = { typed_name: false, second_person: false, reauthenticate: false }
    rig = await startRig({ opcuaPort, policy })
    wire = await openWire(opcuaPort)
    await assert.rejects(open('anna'), /BadSecurityChecksFailed/)
    await trustTheClient()
    anna = await rig.waitFor('the client is let in', () => open('anna').catch(() => undefined))
    bert = await open('bert')
    subscription = await anna.subscribe(100)
    seen = await anna.events(subscription)
    const node = await nodeAt(anna.session, ...pair, 'PrimaryUnit')
    primary = (await anna.followNode(subscription, node)).told
    await untilReady(rig)
  })
  after(async () => {
    for (const client of clients) await client.close()
    await wire.close()
    await rig.stop()
  })
  afterEach(() => assertNeverBothActive(rig))

  const pair = ['Bumpless', 'Pairs', 'intake'] as const
  const switchover = [...pair, 'Switchover'] as const

  async function open(user: string): Promise<StandardClient> {
    const pki = join(rig.folder, 'client')
    const client = await StandardClient.open({ url: wire.url, pki, user, password, maxRetry: 50 })
    clients.push(client)
    return client
  }
  /** As a person does it, at a terminal. */
  async function trustTheClient(): Promise<void> {
    const pki = ['--pki', join(rig.folder, 'opcua')]
    const listed = await bumpless(process.env, ['certs', 'list', '--json', ...pki])
    const certs = JSON.parse(listed.out) as { standing: string; thumbprint: string }[]
    const turnedAway = certs.filter(({ standing }) => standing === 'rejected')
    assert.equal(turnedAway.length, 1, listed.out)
    const words = ['certs', 'trust', turnedAway[0]?.thumbprint.slice(0, 8) ?? '', ...pki]
    const trusted = await bumpless(process.env, words)
    assert.equal(trusted.code, 0, trusted.error)
  }

  const toldPrimary = (): unknown => primary.at(-1)?.value.value
  const dialog = (): SeenEvent | undefined =>
    seen.findLast(
      (event) =>
        event['DialogState.Id'] === true &&
        event.Retain === true &&
        !seen.some(
          (later) =>
            String(later.ConditionId) === String(event.ConditionId) && later.Retain === false,
        ),
    )
  async function journal(): Promise<string> {
    return (await bumpless(await rig.environment('olga'), ['journal', '--json'])).out
  }

  it('gets a proposal as a dialog event, answers it, and sees the role move', async () => {
    const ordered = await callAt(anna.session, [...switchover, 'Prepare'], ['B', 'pump seal'])
    assert.equal(ordered.statusCode.name, 'Good', String(ordered.outputArguments?.[1]?.value))
    const asked = await rig.waitFor('the dialog event', dialog)
    assert.equal(asked.SourceName, 'intake')
    assert.equal(rig.active(), 'A', 'nothing moves before the answer')
    const status = await anna.onCondition(asked.ConditionId, 'Respond', response(0))
    assert.equal(status.name, 'Good')
    await rig.waitFor('B drives the process', () => rig.active() === 'B')
    await rig.waitFor('the subscription tells it', () => toldPrimary() === 2)
    const second = await bert.onCondition(asked.ConditionId, 'Respond', response(0))
    assert.equal(second.name, 'BadDialogNotActive', 'a second person answers too late')
    assert.match(await journal(), /"kind":"confirmation"[^\n]*"via":"opcua [0-9a-f]{6}"/)
  })

  it('does the same by the methods that it finds', async () => {
    await untilReady(rig)
    const ordered = await callAt(anna.session, [...switchover, 'Prepare'], ['A', 'seal is new'])
    assert.equal(ordered.statusCode.name, 'Good', String(ordered.outputArguments?.[1]?.value))
    const id = String(ordered.outputArguments?.[2]?.value)
    const pending = [...switchover, 'Pending'] as const
    await rig.waitFor('the proposal is shown', () => valueAt(anna.session, ...pending, 'Active'))
    assert.equal(await valueAt(anna.session, ...pending, 'ProposalId'), id)
    const stale = [id, '0'.repeat(32), '', '', '', '', '']
    const refused = await callAt(anna.session, [...switchover, 'Confirm'], stale)
    assert.equal(refused.statusCode.name, 'BadNoMatch', 'other evidence was shown')
    await rig.waitFor('the confirmation counts', async () => {
      const hash = String(await valueAt(anna.session, ...pending, 'EvidenceHash'))
      const given = [id, hash, '', '', '', '', '']
      const { statusCode } = await callAt(anna.session, [...switchover, 'Confirm'], given)
      return statusCode.name === 'Good'
    })
    await rig.waitFor('A drives the process', () => rig.active() === 'A')
    await rig.waitFor('the subscription tells it', () => toldPrimary() === 1)
  })

  it('is told that the dialog is withdrawn when somebody answers at another door', async () => {
    await untilReady(rig)
    await callAt(anna.session, [...switchover, 'Prepare'], ['B', 'once more'])
    const asked = await rig.waitFor('the dialog event', dialog)
    const { switchover: proposed } = await rig.pair()
    const reject = `switchovers/${proposed?.id}/reject`
    const answer = await rig.order(reject, { reason: 'not now' }, 'bert')
    assert.equal(answer.status, 200, answer.text)
    await rig.waitFor('the dialog is withdrawn', () =>
      seen.some(
        (event) =>
          String(event.ConditionId) === String(asked.ConditionId) &&
          event.Retain === false &&
          event.ClientUserId === 'bert',
      ),
    )
    const late = await anna.onCondition(asked.ConditionId, 'Respond', response(0))
    assert.equal(late.name, 'BadDialogNotActive')
    assert.equal(rig.active(), 'A')
  })

  it('is refused as an observer, and the refusal is in the journal', async () => {
    const olga = await open('olga')
    const frames = rig.truth().writeFrames
    const result = await callAt(olga.session, [...switchover, 'Prepare'], ['B', 'because'])
    assert.equal(result.statusCode.name, 'BadUserAccessDenied')
    await rig.waitFor('the journal says so', async () =>
      /call of [^"]*Prepare by olga \(opcua [0-9a-f]{6}\) refused: BadUserAccessDenied/.test(
        await journal(),
      ),
    )
    assert.equal(rig.truth().writeFrames, frames)
  })

  it('acknowledges an alarm that is then acknowledged in the terminal', async () => {
    await rig.fault('ups-2', 'comms_lost')
    const alarm = await rig.waitFor('the alarm', () =>
      seen.findLast((event) => /ups-lost$/.test(String(event.ConditionName))),
    )
    const acknowledge = [eventId(alarm), comment('seen')]
    const status = await anna.onCondition(alarm.ConditionId, 'Acknowledge', ...acknowledge)
    assert.equal(status.name, 'Good')
    const listed = await bumpless(await rig.environment('olga'), ['alarms', '--json'])
    const alarms = JSON.parse(listed.out) as { id: string; acknowledgedBy?: string }[]
    assert.equal(alarms.find(({ id }) => id === alarm.ConditionName)?.acknowledgedBy, 'anna')
  })

  it('is shown exactly the retained conditions by a refresh after it was cut off', async () => {
    wire.sever()
    await rig.fault('ups-1', 'comms_lost')
    await rig.waitFor('the alarm of ups-1', async () =>
      (await retained()).includes('ups-1:ups-lost'),
    )
    wire.mend()
    await rig.waitFor('the client is back', () =>
      valueAt(anna.session, 'Bumpless', 'Supervisor', 'Site').catch(() => undefined),
    )
    const before = seen.length
    await rig.waitFor('a refresh', async () => {
      const status = await anna.refresh(subscription).catch(() => undefined)
      return status?.name === 'Good'
    })
    const start = 'ns=0;i=2787'
    const end = 'ns=0;i=2788'
    const from = await rig.waitFor('the end of the refresh', () => {
      const fresh = seen.slice(before)
      const ended = fresh.findLastIndex(({ EventType }) => String(EventType) === end)
      return ended < 0 ? false : fresh.slice(0, ended)
    })
    const began = from.findLastIndex(({ EventType }) => String(EventType) === start)
    const shown = from.slice(began + 1)
    assert.ok(shown.every(({ Retain }) => Retain === true))
    assert.deepEqual(
      shown.map(({ ConditionName }) => String(ConditionName)).sort(),
      await retained(),
    )
  })

  it('sets every variable that it finds, and no command leaves', async () => {
    const frames = rig.truth().writeFrames
    const active = rig.active()
    const nodes = (await everyNode(anna.session)).filter(
      ({ id }) => id.namespace === anna.namespace,
    )
    const variables = nodes.filter(({ nodeClass }) => nodeClass === 2)
    assert.ok(variables.length > 100, `${variables.length} variables`)
    const values = await anna.session.read(
      variables.map(({ id }) => ({ nodeId: id, attributeId: 13 })),
    )
    const results = await anna.session.write(
      variables.map(({ id: nodeId }, index) => ({
        ...{ nodeId, attributeId: 13, value: { value: values[index]?.value ?? new Variant() } },
      })),
    )
    assert.ok(results.every((status) => status.isNotGood()))
    assert.equal(rig.truth().writeFrames, frames, 'no frame that writes has reached a unit')
    assert.equal(rig.active(), active)
  })

  /** What stands or waits for somebody, as the supervisor knows it. */
  async function retained(): Promise<readonly string[]> {
    const { alarms } = await rig.view()
    return alarms
      .filter(({ active, acknowledged }) => active || !acknowledged)
      .map(({ id }) => id)
      .sort()
  }
})
