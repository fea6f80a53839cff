// What the people of a whole-process test do: order, look at what is proposed, confirm, resolve. Each waits for what it needs.

import assert from 'node:assert/strict'
import type { Evidence, PairView } from '../../src/core/view.ts'
import type { Answer, Rig } from './rig.ts'

export type Proposal = { readonly id: string; readonly evidence: Evidence; readonly pair: string }

/** Waits until nothing stands against a switchover of the pair. */
export const untilReady = (rig: Rig, pair = 'intake'): Promise<PairView> =>
  rig.untilPair(`${pair} to be ready`, ({ ready }) => ready, pair)

/** Orders a switchover; it must be accepted. Gives its id. */
export async function prepare(
  rig: Rig,
  to: 'A' | 'B',
  { pair = 'intake', user = 'anna' } = {},
): Promise<string> {
  const order = { pair, to, reason: 'pump seal' }
  const answer = await rig.order('switchovers', order, user)
  assert.equal(answer.status, 201, `${pair} to ${to}: ${JSON.stringify(answer)}`)
  assert.ok(answer.id)
  return answer.id
}

/** Waits for the open proposal of the pair. */
export async function untilProposed(
  rig: Rig,
  pair = 'intake',
  limitMs?: number,
): Promise<Proposal> {
  const { switchover } = await rig.untilPair(
    `a proposal for ${pair}`,
    (view) => view.switchover?.phase === 'proposed' && view.switchover.evidence !== undefined,
    pair,
    limitMs,
  )
  assert.ok(switchover?.evidence)
  return { id: switchover.id, evidence: switchover.evidence, pair }
}

/** Waits until the pair is ready, orders, and waits for the proposal. */
export async function propose(rig: Rig, to: 'A' | 'B', pair = 'intake'): Promise<Proposal> {
  await untilReady(rig, pair)
  await prepare(rig, to, { pair })
  return untilProposed(rig, pair)
}

export function confirm(
  rig: Rig,
  { id, evidence, pair }: Proposal,
  { user = 'anna', more = {} }: { user?: string; more?: object } = {},
): Promise<Answer> {
  const body = { evidenceHash: evidence.hash, typedName: pair, reason: 'agreed', ...more }
  return rig.order(`switchovers/${id}/confirm`, body, user)
}

/** Confirms what is shown, as often as it changes before the answer arrives; an operator would do the same. */
export async function confirmShown(rig: Rig, first: Proposal, user = 'anna'): Promise<void> {
  let shown = first
  for (let tries = 0; tries < 10; tries += 1) {
    const answer = await confirm(rig, shown, { user })
    if (answer.status === 200) return
    assert.equal(answer.code, 'evidence-changed', JSON.stringify(answer))
    assert.ok(answer.evidence)
    shown = { ...shown, evidence: answer.evidence }
  }
  assert.fail('the evidence changed ten times')
}

/** Waits for the end of a switchover and gives how it ended. */
export async function untilEnded(rig: Rig, id: string, pair = 'intake') {
  const { lastEnded } = await rig.untilPair(
    `the end of ${id}`,
    (view) => view.lastEnded.some((one) => one.id === id),
    pair,
  )
  const ended = lastEnded.find((one) => one.id === id)
  assert.ok(ended)
  return ended
}

/** Makes the unit the primary, from the order to the end. */
export async function switchTo(rig: Rig, to: 'A' | 'B', pair = 'intake'): Promise<void> {
  const proposal = await propose(rig, to, pair)
  await confirmShown(rig, proposal)
  const ended = await untilEnded(rig, proposal.id, pair)
  assert.equal(ended.outcome, 'done', ended.text)
  assert.equal(rig.active(pair), to)
}

/** Orders a way out of a stopped switchover, confirms it anew, and gives how it ended. */
export async function resolve(rig: Rig, way: 'retry' | 'restore' | 'adopt', pair = 'intake') {
  const order = { way, reason: 'looked at both units' }
  const answer = await rig.order(`pairs/${pair}/resolve`, order, 'sven')
  assert.equal(answer.status, 200, `${way}: ${JSON.stringify(answer)}`)
  const proposal = await untilProposed(rig, pair)
  assert.equal(proposal.evidence.kind, way)
  await confirmShown(rig, proposal, 'sven')
  return untilEnded(rig, proposal.id, pair)
}
