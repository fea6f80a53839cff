// An OPC UA client for the tests of the door: node-opcua's own, used for standard services only, with a folder of certificates of
// its own. What it is shown it names by the NodeIds of the manual.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import {
  AttributeIds,
  type CallMethodResult,
  ClientMonitoredItem,
  type ClientSession,
  type ClientSubscription,
  coerceLocalizedText,
  coerceNodeId,
  constructEventFilter,
  DataType,
  type DataValue,
  type HistoryReadDetails,
  HistoryReadRequest,
  type HistoryReadResult,
  MessageSecurityMode,
  MethodIds,
  type NodeId,
  OPCUACertificateManager,
  OPCUAClient,
  resolveNodeId,
  SecurityPolicy,
  SimpleAttributeOperand,
  type StatusCode,
  setErrorLogger,
  setWarningLogger,
  TimestampsToReturn,
  type UserIdentityInfo,
  UserTokenType,
  Variant,
} from 'node-opcua'

import { itemStatusOver, type Request, statusOver } from './raw-client.ts'

// The client tells of every attempt to come back.
setErrorLogger(() => undefined)
setWarningLogger(() => undefined)

/** Where every client begins. */
export const objectsFolder = resolveNodeId('ObjectsFolder')
export const namespaceUri = 'urn:bumpless:supervisor'

export type ClientOptions = {
  readonly url: string
  readonly pki: string
  readonly user?: string
  readonly password?: string
  /** The person's certificate (DER) and key (PEM), instead of a password. */
  readonly person?: { readonly der: Buffer; readonly key: string }
  readonly policy?: SecurityPolicy
  readonly mode?: MessageSecurityMode
  /** What the client asks for; 30 s by itself. */
  readonly sessionTimeoutMs?: number
  /** How often the client tries to come back. */
  readonly maxRetry?: number
}

export class StandardClient {
  readonly session: ClientSession
  readonly namespace: number
  readonly #client: OPCUAClient
  readonly #manager: OPCUACertificateManager
  /** Every request of the client so far, newest last. */
  readonly sent: Request[]
  #eventItem: ClientMonitoredItem | undefined

  private constructor(
    session: ClientSession,
    client: OPCUAClient,
    manager: OPCUACertificateManager,
    namespace: number,
    sent: Request[],
  ) {
    this.sent = sent
    this.session = session
    this.#client = client
    this.#manager = manager
    this.namespace = namespace
  }

  /** Rejects with the library's error, which names the status code. */
  static async open(options: ClientOptions): Promise<StandardClient> {
    const { url, pki } = options
    const manager = new OPCUACertificateManager({
      rootFolder: pki,
      automaticallyAcceptUnknownCertificate: true,
    })
    await manager.initialize()
    const client = OPCUAClient.create({
      clientCertificateManager: manager,
      securityPolicy: options.policy ?? SecurityPolicy.Basic256Sha256,
      securityMode: options.mode ?? MessageSecurityMode.SignAndEncrypt,
      connectionStrategy: { maxRetry: options.maxRetry ?? 0, initialDelay: 100, maxDelay: 500 },
      endpointMustExist: false,
      requestedSessionTimeout: options.sessionTimeoutMs ?? 30_000,
    })
    const sent: Request[] = []
    client.on('send_request', (request: Request) => void sent.push(request))
    try {
      await client.connect(url)
      const session = await client.createSession(identityOf(options))
      const namespaces = await session.readNamespaceArray()
      return new StandardClient(session, client, manager, namespaces.indexOf(namespaceUri), sent)
    } catch (error) {
      await client.disconnect()
      await manager.dispose()
      throw error
    }
  }

  /** Sends one request as it stands over the client's own connection; yields the name of the status code. */
  status(request: Request): Promise<string> {
    return statusOver(this.#client, request)
  }

  /** The same of a request about one item: the status of that item. */
  itemStatus(request: Request): Promise<string> {
    return itemStatusOver(this.#client, request)
  }

  /** SHA-1 of the server's certificate, 40 hex digits. */
  serverThumbprint(): string {
    const certificate = this.#client.serverCertificate
    assert.ok(certificate !== undefined && !Array.isArray(certificate))
    return createHash('sha1').update(certificate).digest('hex')
  }

  id(name: string): string {
    return `ns=${this.namespace};s=${name}`
  }

  async read(name: string): Promise<DataValue> {
    return this.session.read({ nodeId: this.id(name), attributeId: AttributeIds.Value })
  }

  async value(name: string): Promise<unknown> {
    return (await this.read(name)).value.value
  }

  /** Reads the past of one node: of a name of our namespace, or a NodeId such as `i=2253`. */
  async history(
    historyReadDetails: HistoryReadDetails,
    name: string,
    { point, release = false }: { readonly point?: Buffer; readonly release?: boolean } = {},
  ): Promise<HistoryReadResult> {
    const nodeId = name.startsWith('i=') ? name : this.id(name)
    const response = await this.session.historyRead(
      new HistoryReadRequest({
        ...{ historyReadDetails, timestampsToReturn: TimestampsToReturn.Source },
        releaseContinuationPoints: release,
        nodesToRead: [{ nodeId, ...(point && { continuationPoint: point }) }],
      }),
    )
    const [result] = response.results ?? []
    assert.ok(result, response.responseHeader.serviceResult.name)
    return result
  }

  /** Calls a method with texts and lists of them; `object` and `method` are names of our namespace. */
  async call(
    object: string,
    method: string,
    ...given: readonly (string | readonly string[])[]
  ): Promise<CallMethodResult> {
    return this.session.call({
      objectId: this.id(object),
      methodId: this.id(`${object}.${method}`),
      inputArguments: given.map((value) =>
        typeof value === 'string'
          ? new Variant({ dataType: DataType.String, value })
          : new Variant({ dataType: DataType.String, arrayType: 1, value: [...value] }),
      ),
    })
  }

  async subscribe(publishingMs = 50): Promise<ClientSubscription> {
    return this.session.createSubscription2({
      requestedPublishingInterval: publishingMs,
      requestedLifetimeCount: 600,
      requestedMaxKeepAliveCount: 10,
      maxNotificationsPerPublish: 1000,
      publishingEnabled: true,
      priority: 1,
    })
  }

  /** Every value of a variable from now on, as it is told. */
  async follow(
    subscription: ClientSubscription,
    name: string,
    samplingInterval = 100,
  ): Promise<{ readonly item: ClientMonitoredItem; readonly told: DataValue[] }> {
    return this.followNode(subscription, coerceNodeId(this.id(name)), samplingInterval)
  }

  async followNode(
    subscription: ClientSubscription,
    nodeId: NodeId,
    samplingInterval = 100,
  ): Promise<{ readonly item: ClientMonitoredItem; readonly told: DataValue[] }> {
    const told: DataValue[] = []
    const item = ClientMonitoredItem.create(
      subscription,
      { nodeId, attributeId: AttributeIds.Value },
      { samplingInterval, queueSize: 100, discardOldest: true },
      TimestampsToReturn.Both,
    )
    item.on('changed', (value: DataValue) => void told.push(value))
    await new Promise<void>((resolve, reject) => {
      item.once('initialized', () => resolve())
      item.once('err', (text: string) => reject(new Error(text)))
    })
    return { item, told }
  }

  /** Every event of the server from now on, with the fields of conditions and audits. */
  async events(subscription: ClientSubscription): Promise<SeenEvent[]> {
    const seen: SeenEvent[] = []
    const filter = constructEventFilter(eventFields.map((name) => name.split('.')))
    filter.selectClauses?.push(
      new SimpleAttributeOperand({
        attributeId: AttributeIds.NodeId,
        typeDefinitionId: resolveNodeId('ConditionType'),
        browsePath: null,
      }),
    )
    const item = ClientMonitoredItem.create(
      subscription,
      { nodeId: resolveNodeId('Server'), attributeId: AttributeIds.EventNotifier },
      { samplingInterval: 0, queueSize: 10_000, discardOldest: true, filter },
      TimestampsToReturn.Both,
    )
    this.#eventItem = item
    item.on('changed', (values: readonly Variant[]) => {
      const fields = [...eventFields, 'ConditionId'].map((name, index) => [
        name,
        values[index]?.value,
      ])
      seen.push(Object.fromEntries(fields))
    })
    await new Promise<void>((resolve, reject) => {
      item.once('initialized', () => resolve())
      item.once('err', (text: string) => reject(new Error(text)))
    })
    return seen
  }

  /** Calls a method of a condition by the well-known method of its type. */
  async onCondition(
    condition: unknown,
    method: keyof typeof conditionMethods,
    ...inputs: readonly Variant[]
  ): Promise<StatusCode> {
    const { statusCode } = await this.session.call({
      objectId: coerceNodeId(String(condition)),
      methodId: coerceNodeId(`i=${conditionMethods[method]}`),
      inputArguments: [...inputs],
    })
    return statusCode
  }

  /** The refresh of one monitored item: the one of the last `events`. */
  async refresh2(subscription: ClientSubscription): Promise<StatusCode> {
    const ids = [subscription.subscriptionId, this.#eventItem?.monitoredItemId ?? 0]
    const { statusCode } = await this.session.call({
      objectId: resolveNodeId('ConditionType'),
      methodId: coerceNodeId(`i=${MethodIds.ConditionType_ConditionRefresh2}`),
      inputArguments: ids.map((value) => new Variant({ dataType: DataType.UInt32, value })),
    })
    return statusCode
  }

  async refresh(subscription: ClientSubscription): Promise<StatusCode> {
    const { statusCode } = await this.session.call({
      objectId: resolveNodeId('ConditionType'),
      methodId: coerceNodeId(`i=${MethodIds.ConditionType_ConditionRefresh}`),
      inputArguments: [
        new Variant({ dataType: DataType.UInt32, value: subscription.subscriptionId }),
      ],
    })
    return statusCode
  }

  async close(): Promise<void> {
    await this.session.close().catch(() => undefined)
    await this.#client.disconnect()
    await this.#manager.dispose()
  }
}

function identityOf({ user, password = '', person }: ClientOptions): UserIdentityInfo {
  if (person !== undefined) {
    return {
      type: UserTokenType.Certificate,
      certificateData: person.der,
      privateKey: person.key,
    }
  }
  return user === undefined
    ? { type: UserTokenType.Anonymous }
    : { type: UserTokenType.UserName, userName: user, password }
}

export const eventFields = [
  ...['EventId', 'EventType', 'SourceName', 'Message', 'Severity', 'Time'],
  ...['ConditionName', 'Retain', 'Comment', 'ClientUserId', 'Status', 'BranchId'],
  ...['ActiveState.Id', 'AckedState.Id', 'ConfirmedState.Id', 'SuppressedOrShelved'],
  ...['SuppressedState.Id', 'OutOfServiceState.Id', 'ShelvingState.CurrentState'],
  ...['DialogState.Id', 'Prompt', 'ResponseOptionSet', 'LastResponse'],
] as const

export type SeenEvent = Readonly<Record<(typeof eventFields)[number] | 'ConditionId', unknown>>

export const eventId = (event: SeenEvent): Variant =>
  new Variant({ dataType: DataType.ByteString, value: event.EventId })
export const comment = (text: string): Variant =>
  new Variant({ dataType: DataType.LocalizedText, value: coerceLocalizedText(text) })
export const response = (value: number): Variant => new Variant({ dataType: DataType.Int32, value })
export const duration = (value: number): Variant =>
  new Variant({ dataType: DataType.Double, value })

/** Methods of the standard, each by the number that clients use. */
const conditionMethods = {
  Acknowledge: MethodIds.AcknowledgeableConditionType_Acknowledge,
  Confirm: MethodIds.AcknowledgeableConditionType_Confirm,
  AddComment: MethodIds.ConditionType_AddComment,
  Disable: MethodIds.ConditionType_Disable,
  TimedShelve: MethodIds.ShelvedStateMachineType_TimedShelve,
  OneShotShelve: MethodIds.ShelvedStateMachineType_OneShotShelve,
  RemoveFromService: MethodIds.AlarmConditionType_RemoveFromService,
  RemoveFromService2: MethodIds.AlarmConditionType_RemoveFromService2,
  PlaceInService: MethodIds.AlarmConditionType_PlaceInService,
  Suppress: MethodIds.AlarmConditionType_Suppress,
  Unshelve: MethodIds.ShelvedStateMachineType_Unshelve,
  Respond: MethodIds.DialogConditionType_Respond,
  Respond2: MethodIds.DialogConditionType_Respond2,
} as const

/** Lets in whoever was turned away last, as a person does with `bumpless certs trust`. */
export async function trustRejected(serverPki: string): Promise<void> {
  const rejected = join(serverPki, 'rejected')
  const files = await readdir(rejected)
  assert.ok(files.length > 0, 'nobody was turned away')
  for (const file of files) {
    await rename(join(rejected, file), join(serverPki, 'trusted', 'certs', file))
  }
}
