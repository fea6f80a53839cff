// The supervisor is killed without warning at every boundary of a switchover, and started again. Whatever it was about to do, it
// does not go on by itself, and never are both units active.

import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { type Boundary, boundaries } from './boundaries.ts'
import { type Line, readCopy, untilRecord } from './journal-file.ts'
import { confirmShown, prepare, resolve, switchTo, untilProposed, untilReady } from './persons.ts'
import { patienceMs, type Rig } from './rig.ts'
import { sideBySide } from './side-by-side.ts'

/** Nothing may be written for this long after the restart. */
const quietMs = 3000
/** A read has to settle an unknown outcome within this time of the ready line. */
const settledWithinMs = 8000
/** A controller judges what stands in its registers within two scans of 10 ms; whatever was on the wire has then arrived. */
const wireEmptyMs = 200

describe('A supervisor that is killed', function () {
  this.timeout(180_000)
  sideBySide(
    boundaries.map((boundary) => ({
      name: `${boundary.name} leaves the plant safe, writes nothing by itself, and lets people go on`,
      tell: (rig) => killAndRestart(boundary, rig),
    })),
    // More supervisors that start at once keep each other from reaching the moment.
    4,
  )
})

async function killAndRestart(boundary: Boundary, rig: Rig): Promise<void> {
  await untilReady(rig)
  const old = await runInto(boundary, rig)
  await pause(wireEmptyMs)
  assertLast(boundary, rig)
  const { writeFrames } = rig.truth()
  assert.equal(rig.active(), boundary.active, 'who is active when the supervisor is dead')
  await rig.restart()
  await assertHeld(boundary, rig, old)
  assert.equal(rig.truth().writeFrames, writeFrames, 'written after the restart')
  await goOn(boundary, rig)
}

/** Orders, confirms and aborts as the boundary wants, kills at the boundary, and gives the switchover that was open. */
async function runInto(boundary: Boundary, rig: Rig): Promise<{ id: string; hash: string }> {
  const hit = untilHit(boundary, rig).then(async () => {
    rig.service.signal('SIGKILL')
    await rig.service.ended
  })
  const id = await prepare(rig, 'B').catch(async (fault) => {
    // The kill may come before the answer does; the first switchover of a new journal has this name.
    await ifAlive(rig)(fault)
    return 'intake-1'
  })
  let hash = '0'
  if (boundary.confirmed) {
    const proposal = await untilProposed(rig)
    hash = proposal.evidence.hash
    if (boundary.aborted) {
      // The abort has to arrive between the SELECT and its judgement: the unit answers late.
      await rig.fault('intake.A', 'slow', { ms: 150 })
      void untilRecord(rig.journal, ({ kind }) => kind === 'select-intent', patienceMs)
        .then(() => rig.waitFor('the SELECT', () => rig.real().units.A.selected))
        .then(() => rig.order(`switchovers/${id}/abort`, { reason: 'not now' }))
        .catch(() => undefined)
    }
    await confirmShown(rig, proposal).catch(ifAlive(rig))
  }
  await hit
  await rig.plant.clearFault()
  return { id, hash }
}

/** A request that the kill cut off is what the test wants; anything else is not. */
const ifAlive = (rig: Rig) => async (fault: unknown) => {
  const end = await Promise.race([rig.service.ended, pause(1000)])
  if (end === undefined) throw fault
}

async function untilHit({ hit, name }: Boundary, rig: Rig): Promise<void> {
  if ('record' in hit) {
    assert.ok(await untilRecord(rig.journal, hit.record, patienceMs), `never came to: ${name}`)
    return
  }
  const endMs = performance.now() + patienceMs
  while (!hit.units(rig.real().units)) {
    assert.ok(performance.now() < endMs, `never came to: ${name}`)
    await pause(2)
  }
}

const tellsOfOthers = ['verdict', 'alarm', 'access', 'role', 'note']

function lastLine(rig: Rig): Line | undefined {
  return readCopy(rig.journal).findLast(({ kind }) => !tellsOfOthers.includes(kind))
}

function assertLast({ last, unit }: Boundary, rig: Rig): void {
  const line = lastLine(rig)
  assert.ok(line && last.includes(line.kind), `the last record is ${line?.kind}: ${line?.text}`)
  if (unit !== undefined) assert.equal(line.data.unit, unit)
}

async function assertHeld(
  { operated, fate }: Boundary,
  rig: Rig,
  old: { id: string; hash: string },
): Promise<void> {
  const sinceMs = performance.now()
  const { writeFrames } = rig.truth()
  const pair = await rig.pair()
  assert.ok(pair.held, 'the pair is held')
  assert.equal(pair.phase, operated ? 'stopped' : 'idle')
  assert.equal(pair.ready, false)
  const late = await rig.order(`switchovers/${old.id}/confirm`, {
    evidenceHash: old.hash,
    typedName: 'intake',
  })
  assert.ok([404, 410].includes(late.status), `a void proposal: ${JSON.stringify(late)}`)
  const order = { pair: 'intake', to: 'B', reason: 'once more' }
  assert.ok([409, 422].includes((await rig.order('switchovers', order)).status), 'a held pair')
  if (fate !== undefined) {
    const leftMs = settledWithinMs - (performance.now() - sinceMs)
    await rig.untilPair('the outcome to be settled', (now) => !now.unknownOutcome, 'intake', leftMs)
  }
  assert.equal(settledFate(rig), fate, 'what a read after the restart found')
  await pause(Math.max(0, quietMs - (performance.now() - sinceMs)))
  assert.equal(rig.truth().writeFrames, writeFrames, 'written while the pair is held')
}

/** The fate of an OPERATE that the restarted supervisor read from the unit; undefined when it had nothing to find out. */
function settledFate(rig: Rig): unknown {
  const records = readCopy(rig.journal)
  const start = records.findLastIndex(({ kind }) => kind === 'start')
  const settled = records.slice(start).filter(({ kind }) => kind === 'outcome')
  return settled.find(({ data }) => data.opcode === 'OPERATE')?.data.fate
}

/** A supervisor looks at the units, decides, and the pair works again. */
async function goOn({ operated, active }: Boundary, rig: Rig): Promise<void> {
  if (!operated) {
    const order = { way: 'resume', reason: 'looked at both units' }
    const answer = await rig.order('pairs/intake/resolve', order, 'sven')
    assert.equal(answer.status, 200, answer.text)
  } else {
    const ended = await resolve(rig, active === 'nobody' ? 'retry' : 'adopt')
    assert.equal(ended.outcome, 'done', ended.text)
  }
  assert.equal(rig.active(), active === 'nobody' ? 'B' : active)
  await switchTo(rig, rig.active() === 'A' ? 'B' : 'A')
}
