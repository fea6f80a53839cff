// No setting of any variable by any client changes anything: everything that can be found is written to and called by the strongest role, and
// nothing answers Good, moves, or reaches the supervisor.

import assert from 'node:assert/strict'
import {
  AddNodesRequest,
  AddReferencesRequest,
  AttributeIds,
  CreateSubscriptionRequest,
  DataType,
  DeleteNodesRequest,
  DeleteReferencesRequest,
  DeleteSubscriptionsRequest,
  HistoryUpdateRequest,
  ModifySubscriptionRequest,
  NodeClass,
  SetPublishingModeRequest,
  type StatusCode,
  TransferSubscriptionsRequest,
  Variant,
  type WriteValueOptions,
} from 'node-opcua'
import { waitFor } from '../fixture.ts'
import { everyNode, type FoundNode } from './address-space.ts'
import type { StandardClient } from './client.ts'
import { type DoorRig, startDoorRig } from './door-rig.ts'
import type { Request } from './raw-client.ts'

describe('Nothing that a client sets at the OPC UA door changes anything', function () {
  this.timeout(120_000)
  let rig: DoorRig
  let egon: StandardClient
  let nodes: readonly FoundNode[]
  before(async () => {
    rig = await startDoorRig()
    egon = await rig.client('egon')
    await waitFor(() => rig.board.current() !== undefined)
    nodes = await everyNode(egon.session)
  })
  afterEach(() => assert.deepEqual(rig.orders, [], 'nothing reached the supervisor'))
  after(() => rig.stop())

  const ours = ({ id }: FoundNode): boolean => id.namespace === egon.namespace
  const variables = (): readonly FoundNode[] =>
    nodes.filter(({ nodeClass }) => nodeClass === NodeClass.Variable)
  async function inTurn<T, R>(
    all: readonly T[],
    work: (some: readonly T[]) => Promise<R[]>,
  ): Promise<R[]> {
    const results: R[] = []
    for (let from = 0; from < all.length; from += 1_000) {
      results.push(...(await work(all.slice(from, from + 1_000))))
    }
    return results
  }
  const write = (values: readonly WriteValueOptions[]): Promise<StatusCode[]> =>
    inTurn(values, (some) => egon.session.write([...some]))
  const valuesOf = (some: readonly FoundNode[]) =>
    inTurn(some, (part) =>
      egon.session.read(part.map(({ id }) => ({ nodeId: id, attributeId: AttributeIds.Value }))),
    )

  it('finds every namespace, the standard one included', () => {
    assert.ok(nodes.length > 5_000, `${nodes.length} nodes`)
    assert.ok(variables().filter(ours).length > 150)
    assert.deepEqual([...new Set(nodes.map(({ id }) => id.namespace))].sort(), [0, 1, 2, 3])
  })

  it('takes another value for no variable, and shows the same one after it', async () => {
    const all = variables()
    const before = await valuesOf(all)
    const results = await write(
      all.map(({ id: nodeId }, index) => ({
        ...{ nodeId, attributeId: AttributeIds.Value },
        value: { value: another(before[index]?.value) },
      })),
    )
    assert.equal(results.length, all.length)
    assert.deepEqual(
      named(all, results, (status) => status.isGood()),
      [],
    )
    const after = await valuesOf(all)
    const moved = all.filter((node, index) => {
      const [one, other] = [before[index]?.value, after[index]?.value]
      return ours(node) && one?.toString() !== other?.toString() && !moving.test(node.name)
    })
    assert.deepEqual(
      moved.map(({ name }) => name),
      [],
    )
  })

  for (const [attribute, value] of attributes()) {
    it(`takes no other ${attribute} for any node`, async () => {
      const results = await write(
        nodes.map(({ id: nodeId }) => ({
          ...{ nodeId, attributeId: AttributeIds[attribute], value: { value: new Variant(value) } },
        })),
      )
      assert.deepEqual(
        named(nodes, results, (status) => status.isGood()),
        [],
      )
    })
  }

  it('calls no method that is not ours but those that only tell again what can be seen', async () => {
    const methods = nodes.filter(
      (node) => !ours(node) && node.nodeClass === NodeClass.Method && node.id.namespace !== 1,
    )
    assert.ok(methods.length > 100, `${methods.length} methods`)
    const mayCall = await inTurn(methods, (some) =>
      egon.session.read(
        some.map(({ id }) => ({ nodeId: id, attributeId: AttributeIds.UserExecutable })),
      ),
    )
    const open = methods.filter((_node, index) => mayCall[index]?.value.value !== false)
    assert.deepEqual(open.map(({ id }) => id.toString()).sort(), tellAgain)
    const wrong: string[] = []
    for (const { id, name, parents } of methods) {
      if (tellAgain.includes(id.toString())) continue
      for (const objectId of parents) {
        for (const inputArguments of [[], guesses()]) {
          const { statusCode } = await egon.session.call({
            ...{ objectId, methodId: id, inputArguments },
          })
          if (!refusals.includes(statusCode.name)) {
            wrong.push(`${objectId} ${name}: ${statusCode.name}`)
          }
        }
      }
    }
    assert.deepEqual(wrong, [])
  })

  it('calls no method of ours on a type instead of a pair', async () => {
    const methods = nodes.filter((node) => ours(node) && node.nodeClass === NodeClass.Method)
    const onTypes = methods.filter(({ id }) => /^\w+Type\./.test(String(id.value)))
    assert.ok(onTypes.length >= 10, `${onTypes.length} methods`)
    for (const { id, parents } of onTypes) {
      for (const objectId of parents) {
        const called = { objectId, methodId: id, inputArguments: [] }
        const { statusCode } = await egon.session.call(called)
        assert.ok(statusCode.isNotGood(), `${id}: ${statusCode.name}`)
      }
    }
  })

  it('has no service that adds or deletes nodes and references, or changes the past', async () => {
    for (const Service of [
      ...[AddNodesRequest, DeleteNodesRequest, AddReferencesRequest, DeleteReferencesRequest],
      HistoryUpdateRequest,
    ]) {
      assert.equal(await egon.status(inSession(egon, new Service({}))), 'BadServiceUnsupported')
    }
    await waitFor(() => rig.audit.some((line) => /HistoryUpdate .*BadServiceUnsup/.test(line)))
  })

  it('leaves the subscription of somebody else alone', async () => {
    const anna = await rig.client('anna')
    // In a session of its own: the journal has heard enough of the other one.
    const egonAgain = await rig.client('egon')
    const { subscriptionId } = await anna.subscribe(100)
    const ids = { subscriptionIds: [subscriptionId] }
    const transfer = new TransferSubscriptionsRequest({ ...ids, sendInitialValues: true })
    assert.equal(await egonAgain.itemStatus(inSession(egonAgain, transfer)), 'BadUserAccessDenied')
    await waitFor(() => rig.audit.some((line) => /transfer of subscription .* by egon/.test(line)))
    const modify = new ModifySubscriptionRequest({
      subscriptionId,
      requestedPublishingInterval: 9e9,
    })
    assert.equal(await egonAgain.status(inSession(egonAgain, modify)), 'BadSubscriptionIdInvalid')
    for (const request of [
      new SetPublishingModeRequest({ ...ids, publishingEnabled: false }),
      new DeleteSubscriptionsRequest(ids),
    ]) {
      assert.equal(
        await egonAgain.itemStatus(inSession(egonAgain, request)),
        'BadSubscriptionIdInvalid',
      )
    }
    const own = new CreateSubscriptionRequest({ requestedPublishingInterval: 100 })
    assert.equal(
      await egonAgain.status(inSession(egonAgain, own)),
      'Good',
      'the requests as such are right',
    )
  })

  function inSession<T extends Request>(client: StandardClient, request: T): T {
    const { requestHeader } = client.sent.at(-1) ?? {}
    assert.ok(requestHeader)
    request.requestHeader.authenticationToken = requestHeader.authenticationToken
    return request
  }
})

/** What moves by itself, in our own namespace. */
const moving = /Age|RoundTrip|Late|StartedAt|Sentence|Time|Expires/

/** GetMonitoredItems, ResendData, ConditionRefresh, ConditionRefresh2: they tell the caller's own session what it may see anyway. */
const tellAgain = ['ns=0;i=11492', 'ns=0;i=12873', 'ns=0;i=12912', 'ns=0;i=3875']
/** Arguments are looked at before the right to call; neither comes as far as the method. */
const refusals = [
  ...['BadUserAccessDenied', 'BadMethodInvalid', 'BadNodeIdUnknown', 'BadInternalError'],
  ...['BadArgumentsMissing', 'BadTooManyArguments', 'BadInvalidArgument', 'BadNodeIdInvalid'],
]

const named = (
  nodes: readonly FoundNode[],
  results: readonly StatusCode[],
  fits: (status: StatusCode) => boolean,
): readonly string[] =>
  nodes.flatMap(({ id, name }, index) => {
    const status = results[index]
    return status !== undefined && fits(status) ? [`${id} ${name}: ${status.name}`] : []
  })

/** Something else of the same type. */
function another(variant: Variant | undefined): Variant {
  const { dataType = DataType.Null, value } = variant ?? {}
  if (dataType === DataType.Null) return new Variant({ dataType: DataType.Int32, value: 1 })
  const other =
    typeof value === 'boolean'
      ? !value
      : typeof value === 'number'
        ? value > 0
          ? value - 1
          : value + 1
        : typeof value === 'string'
          ? `${value}x`
          : value
  return new Variant({ ...variant, value: other })
}

function attributes() {
  const text = { dataType: DataType.LocalizedText, value: { text: 'changed' } }
  const byte = { dataType: DataType.Byte, value: 255 }
  const bits = { dataType: DataType.UInt32, value: 0xffff_ffff }
  return [
    ['DisplayName', text],
    ['Description', text],
    ['BrowseName', { dataType: DataType.QualifiedName, value: { name: 'changed' } }],
    ['WriteMask', bits],
    ['AccessLevel', byte],
    ['UserAccessLevel', byte],
    ['EventNotifier', byte],
    ['Executable', { dataType: DataType.Boolean, value: true }],
    ['RolePermissions', { dataType: DataType.ExtensionObject, arrayType: 1, value: [] }],
  ] as const
}

const guesses = (): Variant[] => [
  new Variant({ dataType: DataType.UInt32, value: 1 }),
  new Variant({ dataType: DataType.UInt32, value: 1 }),
]
