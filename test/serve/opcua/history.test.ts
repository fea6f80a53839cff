// Standard clients read the past over real sockets: raw values forward and backward, page by page, with bounds; who may not, and what
// there is none of.

import assert from 'node:assert/strict'
import {
  AttributeIds,
  BrowseDirection,
  HistoryReadRequest,
  type HistoryReadResult,
  HistoryUpdateRequest,
  ReadRawModifiedDetails,
  TimestampsToReturn,
} from 'node-opcua'
import type { StandardClient } from './client.ts'
import { dataOf, type HistoryRig, numbersOf, startHistoryRig, tag } from './history-rig.ts'

describe('The past over OPC UA', function () {
  this.timeout(30_000)
  let rig: HistoryRig
  let anna: StandardClient
  let beganMs: number

  before(async () => {
    rig = await startHistoryRig()
    anna = rig.anna
    beganMs = rig.beganMs
    for (const value of [1, 2, 3, 4, 5, 6, 7]) await rig.showTag(value)
  })
  after(() => rig.stop())

  const raw = (change: ConstructorParameters<typeof ReadRawModifiedDetails>[0] = {}) =>
    new ReadRawModifiedDetails({
      ...{ startTime: new Date(beganMs - 1000), endTime: new Date(Date.now() + 60_000) },
      ...{ numValuesPerNode: 0, returnBounds: false, isReadModified: false, ...change },
    })

  it('is announced at the variables that have one, and at no other', async () => {
    const attribute = async (name: string, attributeId: AttributeIds) =>
      (await anna.session.read({ nodeId: anna.id(name), attributeId })).value.value
    assert.equal(await attribute(tag, AttributeIds.Historizing), true)
    assert.equal(await attribute(tag, AttributeIds.UserAccessLevel), 5)
    assert.equal(await attribute('Pairs.intake.Sentence', AttributeIds.Historizing), false)
    assert.equal(await attribute('Pairs.intake.Sentence', AttributeIds.UserAccessLevel), 1)
    const { references } = await anna.session.browse({
      ...{ nodeId: anna.id(tag), browseDirection: BrowseDirection.Forward },
      ...{ referenceTypeId: 'i=56', includeSubtypes: true, resultMask: 63 },
    })
    assert.deepEqual(
      references?.map(({ browseName }) => browseName.name),
      ['HA Configuration'],
    )
  })

  it('holds each value that was shown, with its time, oldest first', async () => {
    const result = await anna.history(raw(), tag)
    assert.equal(result.statusCode.name, 'Good')
    const values = dataOf(result)
    assert.deepEqual(numbersOf(values).slice(-7), [1, 2, 3, 4, 5, 6, 7])
    const times = values.map(({ sourceTimestamp }) => sourceTimestamp?.getTime() ?? 0)
    assert.deepEqual(
      times,
      times.toSorted((one, other) => one - other),
    )
    assert.ok(times.every((at) => at >= beganMs - 60_000 && at <= Date.now()))
  })

  it('comes page by page, and each page has a point that serves once', async () => {
    const details = raw({ numValuesPerNode: 3 })
    const all: (number | null)[] = []
    let point: Buffer | undefined
    let spent: Buffer | undefined
    do {
      const result = await anna.history(details, tag, point ? { point } : {})
      assert.equal(result.statusCode.name, 'Good')
      assert.ok(dataOf(result).length <= 3)
      all.push(...numbersOf(dataOf(result)))
      spent = point
      point = result.continuationPoint?.length > 0 ? result.continuationPoint : undefined
    } while (point !== undefined)
    assert.deepEqual(all, numbersOf(dataOf(await anna.history(raw(), tag))))
    assert.ok(spent)
    const again = await anna.history(details, tag, { point: spent })
    assert.equal(again.statusCode.name, 'BadContinuationPointInvalid')
  })

  it('forgets a point that is released', async () => {
    const { continuationPoint: point } = await anna.history(raw({ numValuesPerNode: 1 }), tag)
    const released = await anna.history(raw(), tag, { point, release: true })
    assert.equal(released.statusCode.name, 'Good')
    assert.equal(dataOf(released).length, 0)
    const { statusCode } = await anna.history(raw(), tag, { point })
    assert.equal(statusCode.name, 'BadContinuationPointInvalid')
  })

  it('comes backward when the end lies before the beginning', async () => {
    const [startTime, endTime] = [new Date(Date.now() + 60_000), new Date(beganMs - 1000)]
    const values = numbersOf(dataOf(await anna.history(raw({ startTime, endTime }), tag)))
    assert.deepEqual(values.slice(0, 7), [7, 6, 5, 4, 3, 2, 1])
  })

  it('names the values that bound it, and says where there is none', async () => {
    const values = dataOf(await anna.history(raw({ returnBounds: true }), tag))
    assert.equal(values[0]?.statusCode.name, 'BadBoundNotFound')
    assert.equal(values.at(-1)?.statusCode.name, 'BadBoundNotFound')
    assert.equal(values.length, dataOf(await anna.history(raw(), tag)).length + 2)
  })

  it('says that there is nothing where nothing was kept', async () => {
    const [startTime, endTime] = [new Date(0), new Date(1000)]
    const result = await anna.history(raw({ startTime, endTime }), tag)
    assert.equal(result.statusCode.name, 'GoodNoData')
    assert.equal(dataOf(result).length, 0)
  })

  const refusals: readonly (readonly [string, () => Promise<HistoryReadResult>, string])[] = [
    ['a question with one time and no number', () => askedFor(1), 'BadHistoryOperationInvalid'],
    ['values that were changed', () => askedFor(2), 'BadHistoryOperationUnsupported'],
    ['a variable without a past', () => askedFor(3), 'BadHistoryOperationUnsupported'],
    ['a node that is not there', () => askedFor(4), 'BadNodeIdUnknown'],
  ]
  const askedFor = (which: number): Promise<HistoryReadResult> => {
    const noEnd = new Date(Date.UTC(1601, 0, 1))
    if (which === 1) return anna.history(raw({ endTime: noEnd }), tag)
    if (which === 2) return anna.history(raw({ isReadModified: true }), tag)
    return anna.history(raw(), which === 3 ? 'Pairs.intake.Sentence' : 'Pairs.nowhere')
  }
  for (const [what, ask, status] of refusals) {
    it(`refuses ${what} and answers the rest of the request`, async () => {
      assert.equal((await ask()).statusCode.name, status)
    })
  }

  it('answers each node of a request by itself', async () => {
    const names = [tag, 'Pairs.nowhere', 'Pairs.intake.Phase']
    const { results } = await anna.session.historyRead(
      new HistoryReadRequest({
        ...{ historyReadDetails: raw(), timestampsToReturn: TimestampsToReturn.Both },
        nodesToRead: names.map((name) => ({ nodeId: anna.id(name) })),
      }),
    )
    const statuses = results?.map(({ statusCode }) => statusCode.name)
    assert.deepEqual(statuses, ['Good', 'BadNodeIdUnknown', 'Good'])
  })

  it('is written by nobody', async () => {
    // The client has no call for it.
    const session = anna.session as unknown as {
      performMessageTransaction(request: HistoryUpdateRequest): Promise<unknown>
    }
    const request = new HistoryUpdateRequest({ historyUpdateDetails: [] })
    const answer = await session.performMessageTransaction(request).then(String, String)
    assert.match(answer, /BadServiceUnsupported/)
  })
})
