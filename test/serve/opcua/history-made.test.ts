// What is made of the past, read by a standard client: aggregates, values at given times, what the server says of itself, and who may
// not read at all.

import assert from 'node:assert/strict'
import {
  AggregateFunction,
  BrowseDirection,
  coerceNodeId,
  type DataValue,
  HistoryReadRequest,
  type HistoryReadResult,
  type ISessionContext,
  type OPCUAServer,
  ReadAtTimeDetails,
  ReadProcessedDetails,
  ReadRawModifiedDetails,
  TimestampsToReturn,
} from 'node-opcua'
import { serveHistory } from '../../../src/serve/opcua/history/service.ts'
import type { StandardClient } from './client.ts'
import { dataOf, type HistoryRig, numbersOf, startHistoryRig, tag } from './history-rig.ts'

type Configuration = NonNullable<
  ConstructorParameters<typeof ReadProcessedDetails>[0]
>['aggregateConfiguration']

describe('What is made of the past', function () {
  this.timeout(30_000)
  let rig: HistoryRig
  let anna: StandardClient
  let raw: readonly DataValue[]

  before(async () => {
    rig = await startHistoryRig()
    anna = rig.anna
    for (const value of [3, 5, 4, 12]) await rig.showTag(value)
    const details = new ReadRawModifiedDetails({
      ...{ startTime: new Date(rig.beganMs - 1000), endTime: new Date(Date.now() + 60_000) },
      ...{ numValuesPerNode: 0, returnBounds: false, isReadModified: false },
    })
    raw = dataOf(await anna.history(details, tag))
  })
  after(() => rig.stop())

  const timeOf = (value: DataValue | undefined): number => value?.sourceTimestamp?.getTime() ?? 0
  /** From the first value that was shown to the last. */
  const stretch = () => ({
    startTime: new Date(timeOf(raw.at(-4))),
    endTime: new Date(timeOf(raw.at(-1)) + 1),
  })

  const processed = (
    aggregate: AggregateFunction,
    name = tag,
    aggregateConfiguration: Configuration = { useServerCapabilitiesDefaults: true },
    processingInterval = 0,
  ): Promise<HistoryReadResult> =>
    anna.history(
      new ReadProcessedDetails({
        ...{ ...stretch(), processingInterval, aggregateType: [coerceNodeId(aggregate)] },
        aggregateConfiguration,
      }),
      name,
    )

  const numbers: readonly (readonly [AggregateFunction, number])[] = [
    [AggregateFunction.Average, 6],
    [AggregateFunction.Minimum, 3],
    [AggregateFunction.Maximum, 12],
    [AggregateFunction.Count, 4],
    [AggregateFunction.Range, 9],
    [AggregateFunction.Start, 3],
    [AggregateFunction.End, 12],
    [AggregateFunction.Interpolative, 3],
    [AggregateFunction.NumberOfTransitions, 4],
  ]
  for (const [aggregate, value] of numbers) {
    it(`is right: ${AggregateFunction[aggregate]}`, async () => {
      const result = await processed(aggregate)
      assert.equal(result.statusCode.name, 'Good')
      assert.deepEqual(numbersOf(dataOf(result)), [value])
    })
  }

  it('weighs values by the time that they stood', async () => {
    const [result] = dataOf(await processed(AggregateFunction.TimeAverage))
    const four = raw.slice(-4)
    const area = four.slice(0, 3).reduce((sum, value, index) => {
      return sum + value.value.value * (timeOf(four[index + 1]) - timeOf(value))
    }, 12)
    const widthMs = timeOf(four[3]) + 1 - timeOf(four[0])
    assert.ok(Math.abs(result?.value.value - area / widthMs) < 1e-9)
    assert.equal(result?.statusCode.toString().includes('HistorianCalculated'), true)
    assert.equal(timeOf(result), timeOf(four[0]))
  })

  it('comes interval by interval, over several pages where there are many', async () => {
    const { startTime } = stretch()
    const details = new ReadProcessedDetails({
      ...{ startTime, endTime: new Date(startTime.getTime() + 12_000), processingInterval: 1 },
      aggregateType: [coerceNodeId(AggregateFunction.Interpolative)],
      aggregateConfiguration: { useServerCapabilitiesDefaults: true },
    })
    const first = await anna.history(details, tag)
    assert.equal(dataOf(first).length, 10_000)
    const second = await anna.history(details, tag, { point: first.continuationPoint })
    assert.equal(dataOf(second).length, 2_000)
    assert.ok(!second.continuationPoint || second.continuationPoint.length === 0)
  })

  const refusals: readonly (readonly [string, () => Promise<HistoryReadResult>, string])[] = [
    [
      'an aggregate that is not offered',
      () => processed(AggregateFunction.WorstQuality),
      'BadAggregateNotSupported',
    ],
    [
      'the average of a word',
      () => processed(AggregateFunction.Average, 'Pairs.intake.Phase'),
      'BadAggregateNotSupported',
    ],
    [
      'shares that contradict each other',
      () => processed(AggregateFunction.TimeAverage2, tag, shares(10, 20)),
      'BadAggregateInvalidInputs',
    ],
    [
      'an interval that runs the wrong way',
      () => processed(AggregateFunction.Average, tag, undefined, -5),
      'BadAggregateInvalidInputs',
    ],
  ]
  const shares = (percentDataBad: number, percentDataGood: number): Configuration => ({
    ...{ useServerCapabilitiesDefaults: false, treatUncertainAsBad: true },
    ...{ percentDataBad, percentDataGood, useSlopedExtrapolation: false },
  })
  for (const [what, ask, status] of refusals) {
    it(`refuses ${what}`, async () => {
      assert.equal((await ask()).statusCode.name, status)
    })
  }

  it('refuses a list of aggregates that does not fit the list of nodes', async () => {
    const response = await anna.session.historyRead(
      new HistoryReadRequest({
        historyReadDetails: new ReadProcessedDetails({ ...stretch(), aggregateType: [] }),
        timestampsToReturn: TimestampsToReturn.Source,
        nodesToRead: [{ nodeId: anna.id(tag) }],
      }),
    )
    assert.equal(response.results?.[0]?.statusCode.name, 'BadAggregateListMismatch')
  })

  it('knows the value at any time: an entry, what stood, or nothing', async () => {
    const four = raw.slice(-4)
    const reqTimes = [timeOf(four[1]), timeOf(four[3]) - 1, rig.beganMs - 60_000]
    const details = new ReadAtTimeDetails({
      reqTimes: reqTimes.map((time) => new Date(time)),
      useSimpleBounds: false,
    })
    const values = dataOf(await anna.history(details, tag))
    assert.deepEqual(numbersOf(values), [5, 4, null])
    assert.deepEqual(
      values.map(({ statusCode }) => statusCode.toString().replace(/ .*/, '')),
      ['Good', 'Good#HistorianInterpolated', 'BadNoData'],
    )
  })

  it('counts how often a word changed, and hands it back as the word it is', async () => {
    const role = 'Pairs.intake.Units.A.Role'
    const changes = await processed(AggregateFunction.NumberOfTransitions, role)
    assert.deepEqual(numbersOf(dataOf(changes)), [0])
    const stood = await processed(AggregateFunction.Interpolative, role)
    assert.deepEqual(numbersOf(dataOf(stood)), [3], 'primary')
  })

  it('names exactly the aggregates that work, in both places of the standard', async () => {
    for (const folder of ['i=11201', 'i=2997']) {
      const { references } = await anna.session.browse({
        ...{ nodeId: folder, browseDirection: BrowseDirection.Forward },
        ...{ referenceTypeId: 'i=33', includeSubtypes: true, resultMask: 63 },
      })
      assert.ok(references && references.length > 15, `${references?.length} in ${folder}`)
      for (const { nodeId, browseName } of references) {
        const result = await processed(Number(nodeId.value))
        assert.equal(result.statusCode.name, 'Good', String(browseName.name))
      }
    }
  })

  it('says truly what can be done with the history', async () => {
    const said = async (id: string) => (await anna.session.read({ nodeId: id })).value.value
    assert.equal(await said('i=11193'), true, 'data can be read')
    assert.equal(await said('i=11242'), true, 'events can be read')
    assert.equal(await said('i=11273'), 10_000, 'values in one answer')
    for (const id of [11196, 11197, 11198, 11199, 11200, 11281, 11282, 11283, 11502]) {
      assert.equal(await said(`i=${id}`), false, `i=${id}`)
    }
  })

  it('is refused to somebody whose role may not read it', async () => {
    const details = new ReadRawModifiedDetails({ startTime: new Date(0), endTime: new Date() })
    const node = { nodeClass: 2, nodeId: coerceNodeId('ns=3;s=x') }
    const server = { engine: {} } as OPCUAServer
    const context = { checkPermission: () => false } as unknown as ISessionContext
    serveHistory(server, {
      history: undefined as never,
      addressSpace: { findNode: () => node } as never,
      ...{ targets: new Map(), notifiers: new Set(), rootNotifier: '' },
    })
    const [result] = await server.engine.historyRead(
      context,
      new HistoryReadRequest({
        ...{ historyReadDetails: details, timestampsToReturn: TimestampsToReturn.Source },
        nodesToRead: [{ nodeId: node.nodeId }],
      }),
    )
    assert.equal(result?.statusCode.name, 'BadUserAccessDenied')
  })
})
