// An operator at a SCADA client: the whole service and a practice plant, operated by standard OPC UA services alone, and judged by the
// truth of the practice plant.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { ClientSubscription } from 'node-opcua'
import { bumpless } from '../cli/command.ts'
import {
  comment,
  eventId,
  response,
  type SeenEvent,
  StandardClient,
} from '../serve/opcua/client.ts'
import { untilReady } from './persons.ts'
import { assertNeverBothActive, password, type Rig, startRig } from './rig.ts'
import { freePort } from './service.ts'

describe('An operator at a SCADA client', function () {
  this.timeout(90_000)
  let rig: Rig
  let url: string
  let anna: StandardClient
  let subscription: ClientSubscription
  let seen: SeenEvent[]
  const clients: StandardClient[] = []

  before(async () => {
    const opcuaPort = await freePort()
    url = `opc.tcp://127.0.0.1:${opcuaPort}`
    const policy = { typed_name: false, second_person: false, reauthenticate: false }
    rig = await startRig({ opcuaPort, policy })
    await assert.rejects(open('anna'), /BadSecurityChecksFailed/)
    await trustTheClient()
    anna = await rig.waitFor('the client is let in', () => open('anna').catch(() => undefined))
    subscription = await anna.subscribe(100)
    seen = await anna.events(subscription)
  })
  after(async () => {
    for (const client of clients) await client.close()
    await rig.stop()
  })
  afterEach(() => assertNeverBothActive(rig))

  async function open(user: string): Promise<StandardClient> {
    const pki = join(rig.folder, 'client')
    const client = await StandardClient.open({ url, pki, user, password })
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

  const prompt = (fits: (event: SeenEvent) => boolean = () => true): SeenEvent | undefined =>
    seen.findLast(
      (event) => event['DialogState.Id'] === true && event.Retain === true && fits(event),
    )

  it('sees the pair as it is', async () => {
    await untilReady(rig)
    await rig.waitFor('ready over OPC UA', () => anna.value('Pairs.intake.Ready'))
    assert.equal(await anna.value('Pairs.intake.PrimaryUnit'), 1)
    assert.equal(await anna.value('Pairs.intake.SyncVerdict'), 1)
    const level = (await anna.value('Pairs.intake.Tags[LEVEL.PV].A')) as number
    const { process } = rig.real()
    assert.ok(Number.isFinite(level) && process !== undefined, String(level))
  })

  it('orders a switchover, answers the dialog, and the role moves', async () => {
    const ordered = await anna.call('Pairs.intake.Switchover', 'Prepare', 'B', 'pump seal')
    assert.equal(ordered.statusCode.name, 'Good', String(ordered.outputArguments?.[1]?.value))
    const asked = await rig.waitFor('the dialog asks', () => prompt())
    assert.equal(rig.active(), 'A', 'nothing moves before the answer')
    const status = await anna.onCondition(asked.ConditionId, 'Respond', response(0))
    assert.equal(status.name, 'Good')
    await rig.waitFor('B drives the process', () => rig.active() === 'B')
    await rig.waitFor(
      'B is shown as primary',
      async () => (await anna.value('Pairs.intake.PrimaryUnit')) === 2,
    )
    const second = await anna.onCondition(asked.ConditionId, 'Respond', response(0))
    assert.equal(second.name, 'BadDialogNotActive')
    const { data } = await confirmation()
    assert.match(String(data.via), /^opcua /)
  })

  it('brings it back by method calls', async () => {
    await untilReady(rig)
    const switchover = 'Pairs.intake.Switchover'
    const ordered = await anna.call(switchover, 'Prepare', 'A', 'seal is new')
    assert.equal(ordered.statusCode.name, 'Good', String(ordered.outputArguments?.[1]?.value))
    const pending = `${switchover}.Pending`
    await rig.waitFor('the proposal is shown', () => anna.value(`${pending}.Active`))
    const id = String(await anna.value(`${pending}.ProposalId`))
    const stale = await anna.call(switchover, 'Confirm', id, '0'.repeat(32), '', '', '', '', '')
    assert.equal(stale.statusCode.name, 'BadNoMatch')
    const confirmed = await rig.waitFor('the confirmation counts', async () => {
      const hash = String(await anna.value(`${pending}.EvidenceHash`))
      const result = await anna.call(switchover, 'Confirm', id, hash, '', '', '', '', '')
      return result.statusCode.name === 'Good'
    })
    assert.ok(confirmed)
    await rig.waitFor('A drives the process', () => rig.active() === 'A')
  })

  it('withdraws the dialog when somebody answers in the terminal', async () => {
    await untilReady(rig)
    const known = new Set(seen.map(({ ConditionId }) => String(ConditionId)))
    await anna.call('Pairs.intake.Switchover', 'Prepare', 'B', 'once more')
    const asked = await rig.waitFor('the dialog asks', () =>
      prompt(({ ConditionId }) => !known.has(String(ConditionId))),
    )
    const { switchover } = await rig.pair()
    const answer = await rig.order(
      `switchovers/${switchover?.id}/reject`,
      { reason: 'not now' },
      'bert',
    )
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

  it('acknowledges an alarm, and the terminal shows it', async () => {
    const fault = await rig.fault('intake.B', 'crash')
    const alarm = await rig.waitFor('the alarm comes', () =>
      seen.findLast(
        (event) => event.ConditionName === 'intake.B:lost' && event['ActiveState.Id'] === true,
      ),
    )
    const status = await anna.onCondition(
      alarm.ConditionId,
      'Acknowledge',
      eventId(alarm),
      comment('seen'),
    )
    assert.equal(status.name, 'Good')
    const listed = await bumpless(await rig.environment('olga'), ['alarms', '--json'])
    const { alarms = [] } = {
      alarms: JSON.parse(listed.out) as { id: string; acknowledgedBy?: string }[],
    }
    assert.equal(alarms.find(({ id }) => id === 'intake.B:lost')?.acknowledgedBy, 'anna')
    await rig.plant.clearFault(fault)
  })

  it('is turned away as an observer, and the journal says so', async () => {
    const olga = await open('olga')
    const result = await olga.call('Pairs.intake.Switchover', 'Prepare', 'B', 'because')
    assert.equal(result.statusCode.name, 'BadUserAccessDenied')
    await rig.waitFor('the journal says so', async () => {
      const told = await bumpless(await rig.environment('olga'), ['journal', '--json'])
      return /call of [^"]*Prepare by olga \(opcua/.test(told.out)
    })
  })

  async function confirmation() {
    const told = await bumpless(await rig.environment('anna'), ['journal', '--json'])
    const records = told.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; data: Record<string, unknown> })
    const found = records.find(({ kind }) => kind === 'confirmation')
    assert.ok(found)
    return found
  }
})
