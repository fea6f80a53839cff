// Past events, read by a standard client that saw none of them live: alarms and dialogs as they were, audits only for those who may
// receive them, and all of it still there after a restart.

import assert from 'node:assert/strict'
import {
  AttributeIds,
  ContentFilter,
  constructEventFilter,
  ElementOperand,
  FilterOperator,
  type HistoryReadResult,
  ofType,
  ReadEventDetails,
  resolveNodeId,
  SimpleAttributeOperand,
  type Variant,
} from 'node-opcua'
import { temporaryFolder, waitFor } from '../fixture.ts'
import { alarmOf, pairOf, proposedPair } from '../view.ts'
import type { StandardClient } from './client.ts'
import { type HistoryRig, startHistoryRig } from './history-rig.ts'

const names = ['EventType', 'SourceName', 'Message', 'Time', 'ActiveState.Id', 'ConditionName']
type Past = Readonly<Record<string, unknown>>

describe('Past events over OPC UA', function () {
  this.timeout(40_000)
  let rig: HistoryRig
  let anna: StandardClient
  let beganMs: number
  let place: Awaited<ReturnType<typeof temporaryFolder>>

  before(async () => {
    place = await temporaryFolder()
    rig = await startHistoryRig(place.folder)
    anna = rig.anna
    beganMs = rig.beganMs
    const alarm = alarmOf('intake.B:lost', { raisedWallMs: Date.now() })
    rig.rig.show({ alarms: [alarm] })
    rig.rig.show({ alarms: [alarm], pairs: [proposedPair('S-1'), pairOf('filters')] })
    await settled(() => anna.value('Pairs.intake.Switchover.Pending.Active'))
    rig.rig.show({ alarms: [], pairs: [pairOf('intake'), pairOf('filters')] })
    await settled(async () => !(await anna.value('Pairs.intake.Switchover.Pending.Active')))
    await settled(
      async () => (await read(anna, 'i=2253', ofType('AlarmConditionType'))).length === 2,
    )
    await anna.call('Pairs.intake', 'ReleaseLockout', 'not mine to release')
    await anna.session.write({
      nodeId: anna.id('Pairs.intake.Ready'),
      attributeId: AttributeIds.Value,
      value: { value: { dataType: 'Boolean', value: false } },
    })
    // Somebody who refreshes gets the alarms once more; the past does not.
    await anna.refresh(await anna.subscribe())
  })
  after(async () => {
    await rig.stop()
    await place.remove()
  })

  async function settled(holds: () => Promise<unknown>): Promise<void> {
    for (let left = 300; !(await holds()); left -= 1) {
      assert.ok(left > 0, 'it never shows')
      await new Promise((done) => setTimeout(done, 20))
    }
  }

  type Filter = NonNullable<ConstructorParameters<typeof ReadEventDetails>[0]>
  const details = (change: Filter = {}, where?: ReturnType<typeof ofType>) => {
    const filter = constructEventFilter(
      names.map((name) => name.split('.')),
      where,
    )
    filter.selectClauses?.push(
      new SimpleAttributeOperand({
        ...{ attributeId: AttributeIds.NodeId, typeDefinitionId: resolveNodeId('ConditionType') },
        browsePath: null,
      }),
    )
    const [startTime, endTime] = [new Date(beganMs - 60_000), new Date(Date.now() + 60_000)]
    return new ReadEventDetails({ startTime, endTime, numValuesPerNode: 0, filter, ...change })
  }
  const read = async (
    by: StandardClient,
    node = 'i=2253',
    where?: ReturnType<typeof ofType>,
  ): Promise<readonly Past[]> => pastOf(await by.history(details({}, where), node))

  it('are the alarms as they came and went, each change once', async () => {
    const told = (await read(anna)).filter(({ ConditionName: name }) => name === 'intake.B:lost')
    assert.deepEqual(
      told.map((one) => one['ActiveState.Id']),
      [true, false],
    )
    assert.equal(told[0]?.SourceName, 'intake.B')
    assert.match(textOf(told[0]?.Message), /does not answer/)
    assert.match(textOf(told[1]?.Message), /back to normal/)
    assert.match(String(told[0]?.ConditionId), /Alarms\[intake\.B:lost\]/)
  })

  it('are the dialogs that were asked and withdrawn', async () => {
    const dialogs = await read(anna, 'i=2253', ofType('DialogConditionType'))
    assert.ok(dialogs.length >= 2, `${dialogs.length}`)
    assert.match(textOf(dialogs[0]?.Message), /S-1/)
  })

  it('are of the kind that the client asks for', async () => {
    const alarms = await read(anna, 'i=2253', ofType('AlarmConditionType'))
    assert.equal(alarms.length, 2)
    const all = await read(anna)
    assert.ok(all.length > alarms.length)
  })

  it('are those of one pair at the pair', async () => {
    const ofPair = await read(anna, 'Pairs.intake')
    assert.ok(ofPair.length >= 2)
    assert.ok(ofPair.every(({ ConditionName: name }) => String(name).startsWith('intake S-1')))
    assert.equal((await read(anna, 'Pairs.intake.Units.B')).length, 2)
    assert.equal((await read(anna, 'Bumpless')).length, (await read(anna)).length)
  })

  it('are audits only for those who may receive them', async () => {
    const audits = (by: StandardClient) => read(by, 'i=2253', ofType('AuditEventType'))
    assert.deepEqual(await audits(anna), [])
    const supervisor = await rig.rig.client('bert')
    const seen = await audits(supervisor)
    assert.ok(seen.some(({ Message: text }) => /ReleaseLockout.*Bad/.test(textOf(text))))
    assert.ok(seen.some(({ Message: text }) => /write of .*Ready: Bad/.test(textOf(text))))
  })

  it('come newest first when the end lies before the beginning', async () => {
    const forward = (await read(anna)).map(({ Time: time }) => Number(time))
    const [startTime, endTime] = [new Date(Date.now() + 60_000), new Date(beganMs - 60_000)]
    const result = await anna.history(details({ startTime, endTime }), 'i=2253')
    const backward = pastOf(result).map(({ Time: time }) => Number(time))
    assert.deepEqual(backward, forward.toReversed())
    assert.deepEqual(
      forward,
      forward.toSorted((one, other) => one - other),
    )
  })

  it('come page by page', async () => {
    const all: Past[] = []
    let point: Buffer | undefined
    do {
      const page = await anna.history(
        details({ numValuesPerNode: 2 }),
        'i=2253',
        point ? { point } : {},
      )
      assert.ok(pastOf(page).length <= 2)
      all.push(...pastOf(page))
      point = page.continuationPoint?.length > 0 ? page.continuationPoint : undefined
    } while (point !== undefined)
    const whole = await read(anna)
    assert.deepEqual(texts(all), texts(whole))
    assert.equal(all.length, whole.length)
  })

  it('are none where there were none, and refused where there can be none', async () => {
    const [startTime, endTime] = [new Date(0), new Date(1000)]
    const early = await anna.history(details({ startTime, endTime }), 'i=2253')
    assert.equal(early.statusCode.name, 'GoodNoData')
    const variable = await anna.history(details(), 'Pairs.intake.Ready')
    assert.equal(variable.statusCode.name, 'BadHistoryOperationUnsupported')
    const nothing = new ReadEventDetails({ startTime, endTime, filter: { selectClauses: [] } })
    const unselected = await anna.history(nothing, 'i=2253')
    assert.equal(unselected.statusCode.name, 'BadEventFilterInvalid')
    const endless = details()
    const twice = (index: number) => ({
      filterOperator: FilterOperator.And,
      filterOperands: [new ElementOperand({ index }), new ElementOperand({ index })],
    })
    const elements = Array.from({ length: 60 }, (_, index) => twice(Math.min(59, index + 1)))
    endless.filter.whereClause = new ContentFilter({ elements })
    const costly = await anna.history(endless, 'i=2253')
    assert.equal(costly.statusCode.name, 'BadFilterElementInvalid')
  })

  it('are still there after a restart', async () => {
    const before = await read(anna, 'i=2253', ofType('AlarmConditionType'))
    await rig.stop()
    rig = await startHistoryRig(place.folder)
    anna = rig.anna
    await waitFor(() => rig.rig.board.current() !== undefined)
    const after = await read(anna, 'i=2253', ofType('AlarmConditionType'))
    assert.deepEqual(texts(after), texts(before))
    assert.equal(after.length, 2)
  })
})

/** The selected fields of each event, by name. */
function pastOf(result: HistoryReadResult): readonly Past[] {
  assert.ok(result.statusCode.name.startsWith('Good'), result.statusCode.name)
  const { events = [] } = (result.historyData ?? {}) as unknown as {
    readonly events?: readonly { readonly eventFields: readonly Variant[] }[]
  }
  return events.map(({ eventFields }) =>
    Object.fromEntries([...names, 'ConditionId'].map((name, at) => [name, eventFields[at]?.value])),
  )
}

const textOf = (value: unknown): string => (value as { text?: string } | undefined)?.text ?? ''
const texts = (events: readonly Past[]): readonly string[] =>
  events.map(({ Message: text, Time: time }) => `${Number(time)} ${textOf(text)}`)
