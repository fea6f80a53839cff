// The prompt as a standard client sees it: a dialog that asks, is answered once, and is withdrawn when somebody else answered or the
// evidence has changed.

import assert from 'node:assert/strict'
import type { ClientSubscription } from 'node-opcua'
import type { PairView } from '../../../src/core/view.ts'
import { waitFor } from '../fixture.ts'
import { evidenceOf, pairOf, proposedPair } from '../view.ts'
import { comment, response, type SeenEvent, type StandardClient } from './client.ts'
import { type DoorRig, startDoorRig } from './door-rig.ts'

const free = { typedName: false, reason: false, reauthentication: false, secondPerson: false }

describe('The prompt at the OPC UA door', () => {
  let rig: DoorRig
  let anna: StandardClient
  let olga: StandardClient
  let subscription: ClientSubscription
  let seen: SeenEvent[]

  before(async () => {
    rig = await startDoorRig()
    anna = await rig.client('anna')
    olga = await rig.client('olga')
    subscription = await anna.subscribe()
    seen = await anna.events(subscription)
  })
  after(() => rig.stop())

  const text = (value: unknown): string => (value as { text?: string } | undefined)?.text ?? ''
  const of = (id: string): readonly SeenEvent[] =>
    seen.filter(({ ConditionName }) => ConditionName === `intake ${id}`)
  const asked = async (id: string, count = 1): Promise<SeenEvent> => {
    await waitFor(() => of(id).filter(({ Retain }) => Retain === true).length >= count)
    const event = of(id).findLast(({ Retain }) => Retain === true)
    assert.ok(event)
    return event
  }
  const withdrawn = async (id: string): Promise<SeenEvent> => {
    await waitFor(() => of(id).some(({ Retain }) => Retain === false), 5_000)
    const event = of(id).findLast(({ Retain }) => Retain === false)
    assert.ok(event)
    return event
  }
  const show = (pair: PairView): void => rig.show({ pairs: [pair, pairOf('filters')] })
  const confirmedBy = (id: string, name: string): PairView =>
    pairOf('intake', {
      phase: 'confirmed',
      switchover: { ...required(proposedPair(id)), phase: 'confirmed', confirmedBy: name },
    })

  it('asks with the question, the risks and the answers that it can take', async () => {
    show(proposedPair('S-1', { needs: free }))
    const event = await asked('S-1')
    assert.match(text(event.Prompt), /Make B the primary of intake\? .*Risks: outputs are held/)
    assert.deepEqual((event.ResponseOptionSet as object[]).map(text), ['Confirm', 'Reject'])
    assert.equal(event['DialogState.Id'], true)
    assert.equal(event.SourceName, 'intake')
    assert.match(
      String(event.ConditionId),
      /s=Pairs.intake.Switchover.ConfirmationDialog\[S-1.1\]$/,
    )
  })

  it('cannot be answered by an observer, and the journal hears of the attempt', async () => {
    const { ConditionId } = await asked('S-1')
    const status = await olga.onCondition(ConditionId, 'Respond', response(0))
    assert.equal(status.name, 'BadUserAccessDenied')
    assert.deepEqual(
      rig.orders.filter(({ kind }) => kind === 'confirm'),
      [],
    )
    await waitFor(() =>
      rig.audit.some((line) => /by olga \(opcua .*BadUserAccessDenied/.test(line)),
    )
  })

  it('takes no answer that it did not offer', async () => {
    const { ConditionId } = await asked('S-1')
    const status = await anna.onCondition(ConditionId, 'Respond', response(7))
    assert.equal(status.name, 'BadDialogResponseInvalid')
  })

  it('is confirmed with the evidence that it showed, and says who answered', async () => {
    const { ConditionId } = await asked('S-1')
    rig.answerWith = () => {
      show(confirmedBy('S-1', 'anna'))
      return { code: 'accepted', text: 'confirmed' }
    }
    assert.equal((await anna.onCondition(ConditionId, 'Respond', response(0))).name, 'Good')
    const order = rig.orders.find(({ kind }) => kind === 'confirm')
    assert.ok(order?.kind === 'confirm')
    assert.equal(order.switchover, 'S-1')
    assert.equal(order.evidenceHash, 'e1')
    assert.equal(order.by.name, 'anna')
    const event = await withdrawn('S-1')
    assert.match(text(event.Message), /confirmed by anna/)
    assert.equal(event.ClientUserId, 'anna')
    assert.equal(event['DialogState.Id'], false)
  })

  it('is over for whoever answers second', async () => {
    const { ConditionId } = await asked('S-1')
    const status = await anna.onCondition(ConditionId, 'Respond', response(0))
    assert.equal(status.name, 'BadDialogNotActive')
  })

  it('is withdrawn when somebody answers at another door', async () => {
    show(proposedPair('S-2', { needs: free }))
    const { ConditionId } = await asked('S-2')
    show(pairOf('intake', { lastEnded: [rejected('S-2', 'bert')] }))
    const event = await withdrawn('S-2')
    assert.match(text(event.Message), /rejected by bert/)
    assert.equal(event.ClientUserId, 'bert')
    const status = await anna.onCondition(ConditionId, 'Respond', response(0))
    assert.equal(status.name, 'BadDialogNotActive')
  })

  it('asks anew when the evidence changes, and the old prompt takes no answer', async () => {
    show(proposedPair('S-3', { needs: free }))
    const old = await asked('S-3')
    show(proposedPair('S-3', { needs: free, evidence: evidenceOf('e2', { revision: 2 }) }))
    const now = await asked('S-3', 2)
    assert.notEqual(String(old.ConditionId), String(now.ConditionId))
    const status = await anna.onCondition(old.ConditionId, 'Respond', response(0))
    assert.equal(status.name, 'BadDialogNotActive')
  })

  it('offers only the rejection where more is needed than a dialog can carry', async () => {
    show(proposedPair('S-4', { needs: { ...free, secondPerson: true } }))
    const event = await asked('S-4')
    assert.deepEqual((event.ResponseOptionSet as object[]).map(text), ['Reject'])
    assert.match(text(event.Prompt), /needs a second person: call Switchover.Confirm/)
    rig.answerWith = () => ({ code: 'accepted', text: 'rejected' })
    assert.equal((await anna.onCondition(event.ConditionId, 'Respond', response(0))).name, 'Good')
    assert.equal(rig.orders.at(-1)?.kind, 'reject')
  })

  it('takes the reason from the comment of Respond2', async () => {
    show(proposedPair('S-5', { needs: { ...free, reason: true } }))
    const { ConditionId } = await asked('S-5')
    rig.answerWith = () => ({ code: 'accepted', text: 'confirmed' })
    const status = await anna.onCondition(
      ConditionId,
      'Respond2',
      response(0),
      comment('fan is dead'),
    )
    assert.equal(status.name, 'Good')
    const order = rig.orders.at(-1)
    assert.ok(order?.kind === 'confirm')
    assert.equal(order.reason, 'fan is dead')
  })

  it('comes again in a refresh after a new connection, and nothing that was answered does', async () => {
    show(proposedPair('S-6', { needs: free }))
    await asked('S-6')
    const again = await rig.client('anna')
    const other = await again.subscribe()
    const replayed = await again.events(other)
    assert.equal((await again.refresh(other)).name, 'Good')
    await waitFor(() => replayed.length >= 3)
    const names = replayed.map(({ ConditionName }) => ConditionName).filter(Boolean)
    assert.deepEqual(names, ['intake S-6'])
  })

  function required(pair: PairView) {
    assert.ok(pair.switchover)
    return pair.switchover
  }
  const rejected = (id: string, by: string) => ({
    ...({
      id,
      kind: 'planned',
      to: 'B',
      outcome: 'aborted',
      by,
      endedWallMs: Date.now(),
      steps: [],
    } as const),
    text: `rejected by ${by} (http 4f2a)`,
  })
})
