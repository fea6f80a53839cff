// Alarms as a SCADA client sees them, by standard services alone: what stands is retained, whoever did something is named, and what is
// over is told once and then gone.

import assert from 'node:assert/strict'
import type { ClientSubscription } from 'node-opcua'
import type { AlarmComment, AlarmView } from '../../../src/core/alarms/shown.ts'
import { waitFor } from '../fixture.ts'
import { alarmOf } from '../view.ts'
import { comment, duration, eventId, type SeenEvent, type StandardClient } from './client.ts'
import { type DoorRig, startDoorRig } from './door-rig.ts'

describe('An alarm at the OPC UA door', () => {
  const id = 'intake.B:lost'
  let rig: DoorRig
  let anna: StandardClient
  let subscription: ClientSubscription
  let seen: SeenEvent[]

  before(async () => {
    rig = await startDoorRig()
    anna = await rig.client('anna')
    subscription = await anna.subscribe()
    seen = await anna.events(subscription)
  })
  after(() => rig.stop())

  const comments: AlarmComment[] = []
  const seenBy = (acknowledgedBy: string): AlarmView => ({
    ...alarmOf(id, { state: 'acknowledged', acknowledged: true, acknowledgedBy }),
    comments: [...comments],
  })
  const takesComments = (): void => {
    rig.answerWith = (order) => {
      if (order.kind === 'comment') {
        comments.push({ by: order.by.name, text: order.comment, wallMs: Date.now() })
        rig.show({ alarms: [seenBy('anna')] })
      }
      return { code: 'accepted', text: 'kept' }
    }
  }

  const of = (name: string): readonly SeenEvent[] =>
    seen.filter((one) => one.ConditionName === name)
  const last = (name = id): SeenEvent => {
    const event = of(name).at(-1)
    assert.ok(event, `no event of ${name}`)
    return event
  }
  const told = (fits: (event: SeenEvent) => boolean, name = id): Promise<void> =>
    waitFor(
      () => of(name).some(fits),
      5_000,
      () => JSON.stringify(of(name)),
    )
  const text = (value: unknown): string => (value as { text?: string }).text ?? ''

  it('is told when it comes, with its source and how urgent it is', async () => {
    rig.show({ alarms: [alarmOf(id)] })
    await told((event) => event.Retain === true)
    const event = last()
    assert.equal(event['ActiveState.Id'], true)
    assert.equal(event['AckedState.Id'], false)
    assert.equal(event.SuppressedOrShelved, false)
    assert.equal(event.Severity, 700)
    assert.equal(event.SourceName, 'intake.B')
    assert.match(text(event.Message), /does not answer/)
    assert.equal(of(id).length, 1, 'each change is one event')
  })

  it('stays retained when it is acknowledged while it stands, and names who did it', async () => {
    rig.answerWith = (order) => {
      if (order.kind === 'acknowledge') {
        comments.push({ by: order.by.name, text: order.comment, wallMs: Date.now() })
        rig.show({ alarms: [seenBy(order.by.name)] })
      }
      return { code: 'accepted', text: 'acknowledged' }
    }
    const status = await anna.onCondition(
      last().ConditionId,
      'Acknowledge',
      eventId(last()),
      comment('seen'),
    )
    assert.equal(status.name, 'Good')
    await told((event) => event['AckedState.Id'] === true && text(event.Comment) === 'seen')
    const event = last()
    assert.equal(event.Retain, true)
    assert.equal(event['ActiveState.Id'], true)
    assert.equal(event.ClientUserId, 'anna')
    const order = rig.orders.find(({ kind }) => kind === 'acknowledge')
    assert.ok(order?.kind === 'acknowledge')
    assert.equal(order.alarm, id)
    assert.match(order.by.via, /^opcua [0-9a-f]{6}$/)
  })

  it('cannot be acknowledged twice, nor by an event that nobody sent', async () => {
    const { ConditionId } = last()
    const again = await anna.onCondition(ConditionId, 'Acknowledge', eventId(last()), comment(''))
    assert.equal(again.name, 'BadConditionBranchAlreadyAcked')
    const invented = { ...last(), EventId: Buffer.alloc(16) }
    const unknown = await anna.onCondition(
      ConditionId,
      'Acknowledge',
      eventId(invented),
      comment(''),
    )
    assert.equal(unknown.name, 'BadEventIdUnknown')
  })

  it('stays retained when it is confirmed, and every door hears of it', async () => {
    takesComments()
    const { ConditionId } = last()
    const status = await anna.onCondition(ConditionId, 'Confirm', eventId(last()), comment('ok'))
    assert.equal(status.name, 'Good')
    await told((event) => event['ConfirmedState.Id'] === true && /ok/.test(text(event.Comment)))
    assert.equal(last().Retain, true)
    assert.deepEqual(comments.at(-1)?.text, 'confirmed: ok')
    const again = await anna.onCondition(ConditionId, 'Confirm', eventId(last()), comment('ok'))
    assert.equal(again.name, 'BadConditionBranchAlreadyConfirmed')
  })

  it('takes a comment, with the name of who made it', async () => {
    takesComments()
    const { ConditionId } = last()
    const status = await anna.onCondition(
      ConditionId,
      'AddComment',
      eventId(last()),
      comment('cable'),
    )
    assert.equal(status.name, 'Good')
    await told((event) => text(event.Comment) === 'cable')
    assert.equal(last().ClientUserId, 'anna')
    assert.equal(last()['ConfirmedState.Id'], true)
  })

  it('says that it is suppressed or out of service, as the supervisor decides', async () => {
    const out = { by: 'bert', reason: 'sensor is broken', wallMs: Date.now() }
    rig.show({ alarms: [{ ...seenBy('anna'), state: 'out of service', outOfService: out }] })
    await told((event) => event['OutOfServiceState.Id'] === true)
    assert.equal(last().SuppressedOrShelved, true)
    assert.equal(last().ClientUserId, 'bert')
    const suppressed = { by: 'intake.B is out of service' }
    rig.show({ alarms: [{ ...seenBy('anna'), state: 'suppressed', suppressed }] })
    await told((event) => event['SuppressedState.Id'] === true)
    assert.equal(last().SuppressedOrShelved, true)
    rig.show({ alarms: [seenBy('anna')] })
    await waitFor(() => last().SuppressedOrShelved === false)
  })

  it('is shelved by the condition itself, and taken back', async () => {
    const { ConditionId } = last()
    const shelved = { by: 'anna', reason: 'shelved', untilWallMs: Date.now() + 60_000 }
    const standing = seenBy('anna')
    rig.answerWith = (order) => {
      if (order.kind === 'shelve') {
        rig.show({ alarms: [order.minutes === 0 ? standing : { ...standing, shelved }] })
      }
      return { code: 'accepted', text: 'done' }
    }
    const early = await anna.onCondition(ConditionId, 'Unshelve')
    assert.equal(early.name, 'BadConditionNotShelved')
    const long = await anna.onCondition(ConditionId, 'TimedShelve', duration(9 * 3_600_000))
    assert.equal(long.name, 'BadShelvingTimeOutOfRange')
    const good = await anna.onCondition(ConditionId, 'TimedShelve', duration(90_000))
    assert.equal(good.name, 'Good')
    await waitFor(() => last().SuppressedOrShelved === true)
    const order = rig.orders.find(({ kind }) => kind === 'shelve')
    assert.ok(order?.kind === 'shelve')
    assert.equal(order.minutes, 2)
    const twice = await anna.onCondition(ConditionId, 'TimedShelve', duration(90_000))
    assert.equal(twice.name, 'BadConditionAlreadyShelved')
    assert.equal((await anna.onCondition(ConditionId, 'Unshelve')).name, 'Good')
    await waitFor(() => last().SuppressedOrShelved === false)
  })

  it('is shelved until it clears, and shown so', async () => {
    const { ConditionId } = last()
    rig.answerWith = (order) => {
      if (order.kind === 'shelve') {
        const { reason, by } = order
        const shelf = { by: by.name, reason, untilWallMs: Date.now() + 60_000, once: true as const }
        const standing = seenBy('anna')
        rig.show({ alarms: [order.minutes === 0 ? standing : { ...standing, shelved: shelf }] })
      }
      return { code: 'accepted', text: 'done' }
    }
    assert.equal((await anna.onCondition(ConditionId, 'OneShotShelve')).name, 'Good')
    await waitFor(() => last().SuppressedOrShelved === true)
    const order = rig.orders.findLast(({ kind }) => kind === 'shelve')
    assert.ok(order?.kind === 'shelve' && order.minutes === 'once')
    assert.equal(text(last()['ShelvingState.CurrentState']), 'OneShotShelved')
    const twice = await anna.onCondition(ConditionId, 'OneShotShelve')
    assert.equal(twice.name, 'BadConditionAlreadyShelved')
    assert.equal((await anna.onCondition(ConditionId, 'Unshelve')).name, 'Good')
    await waitFor(() => last().SuppressedOrShelved === false)
    rig.answerWith = () => ({ code: 'invalid', text: 'it does not stand now' })
    const gone = await anna.onCondition(ConditionId, 'OneShotShelve')
    assert.equal(gone.name, 'BadInvalidArgument')
  })

  it('is taken out of service and put back by a supervisor, and by nobody below', async () => {
    const { ConditionId } = last()
    rig.answerWith = (order) => {
      if (order.kind === 'alarm-out-of-service') {
        const outOfService = { by: order.by.name, reason: order.reason, wallMs: Date.now() }
        rig.show({ alarms: [order.on ? { ...seenBy('anna'), outOfService } : seenBy('anna')] })
      }
      return { code: 'accepted', text: 'done' }
    }
    const before = rig.orders.length
    const denied = await anna.onCondition(ConditionId, 'RemoveFromService')
    assert.equal(denied.name, 'BadUserAccessDenied')
    assert.equal(rig.orders.length, before)
    const bert = await rig.client('bert')
    const out = await bert.onCondition(ConditionId, 'RemoveFromService2', comment('new sensor'))
    assert.equal(out.name, 'Good')
    await waitFor(() => last()['OutOfServiceState.Id'] === true)
    assert.equal(last().ClientUserId, 'bert')
    const order = rig.orders.at(-1)
    assert.ok(order?.kind === 'alarm-out-of-service' && order.on)
    assert.equal(order.reason, 'new sensor')
    assert.equal((await bert.onCondition(ConditionId, 'PlaceInService')).name, 'Good')
    await waitFor(() => last().SuppressedOrShelved === false)
    const suppressed = await bert.onCondition(ConditionId, 'Suppress')
    assert.ok(suppressed.isNotGood(), 'suppression follows from rules')
    await bert.close()
  })

  it('cannot be disabled by a client', async () => {
    const status = await anna.onCondition(last().ConditionId, 'Disable')
    assert.equal(status.name, 'BadUserAccessDenied')
  })

  it('comes again in a refresh while it is retained, and the alarm that is over does not', async () => {
    const other = 'filters.A:frozen'
    rig.show({ alarms: [alarmOf(id), alarmOf(other, { source: 'filters.A', pair: 'filters' })] })
    await told((event) => event.Retain === true, other)
    rig.show({ alarms: [alarmOf(id)] })
    await told((event) => event.Retain === false, other)
    const before = seen.length
    assert.equal((await anna.refresh(subscription)).name, 'Good')
    await waitFor(() => seen.slice(before).length >= 3)
    const names = seen
      .slice(before)
      .map((event) => event.ConditionName)
      .filter(Boolean)
    assert.deepEqual(names, [id])
  })

  it('comes again in the refresh of a single monitored item', async () => {
    const before = seen.length
    assert.equal((await anna.refresh2(subscription)).name, 'Good')
    await waitFor(() => seen.slice(before).length >= 3)
    assert.deepEqual(
      seen
        .slice(before)
        .map((event) => event.ConditionName)
        .filter(Boolean),
      [id],
    )
  })

  it('cannot be acknowledged by an observer', async () => {
    const olga = await rig.client('olga')
    const before = rig.orders.length
    const { ConditionId } = last()
    const status = await olga.onCondition(ConditionId, 'Acknowledge', eventId(last()), comment(''))
    assert.equal(status.name, 'BadUserAccessDenied')
    assert.equal(rig.orders.length, before)
  })

  it('is told once when it is over, settled and no longer retained', async () => {
    rig.show({ alarms: [] })
    await told((event) => event.Retain === false)
    const event = last()
    assert.equal(event['ActiveState.Id'], false)
    assert.equal(event['AckedState.Id'], true)
    const count = of(id).length
    await new Promise((done) => setTimeout(done, 300))
    assert.equal(of(id).length, count)
  })

  it('leaves no branch behind however often it comes and goes', async () => {
    for (let round = 0; round < 20; round += 1) {
      const atMs = Date.now() + round
      rig.show({ alarms: [alarmOf(id, { raisedWallMs: atMs })] })
      await waitFor(() => last()['ActiveState.Id'] === true)
      rig.show({
        alarms: [
          alarmOf(id, {
            raisedWallMs: atMs,
            state: 'returned',
            active: false,
            returnedWallMs: atMs + 1,
          }),
        ],
      })
      await waitFor(() => last()['ActiveState.Id'] === false)
    }
    const branches = of(id).filter(({ BranchId }) => !/^ns=0;i=0$/.test(String(BranchId)))
    assert.equal(branches.length, 0)
    assert.equal(new Set(of(id).map(({ ConditionId }) => String(ConditionId))).size, 1)
  })

  it('has nodes for as many alarms as the plant file says, and the most urgent ones', async () => {
    const many = Array.from({ length: 60 }, (_, index) => alarmOf(`intake.A:test-${index}`))
    const urgent = alarmOf('intake:stopped', { priority: 1 })
    rig.show({ alarms: many })
    await told((event) => event.Retain === true, 'intake.A:test-49')
    assert.equal(of('intake.A:test-50').length, 0)
    assert.ok(rig.audit.some((line) => /10 alarms more than opcua.alarms \(50\)/.test(line)))
    rig.show({ alarms: [urgent, ...many] })
    await told((event) => event.Retain === true, 'intake:stopped')
    await told((event) => event.Retain === false, 'intake.A:test-49')
    assert.match(text(last('intake.A:test-49').Message), /more urgent ones take its place/)
    const before = seen.length
    assert.equal((await anna.refresh(subscription)).name, 'Good')
    await waitFor(() => seen.slice(before).filter(({ Retain }) => Retain === true).length === 50)
    rig.show({ alarms: [] })
    await waitFor(() => last('intake:stopped').Retain === false)
  })
})
