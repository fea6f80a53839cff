// An OPC UA client for the tests of the door: node-opcua's own, used for standard services only, with a folder of certificates of
// its own. What it is shown it names by the NodeIds of the manual.

import assert from 'node:assert/strict'
import { readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import {
  AttributeIds,
  type CallMethodResult,
  ClientMonitoredItem,
  type ClientSession,
  type ClientSubscription,
  coerceNodeId,
  DataType,
  type DataValue,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  TimestampsToReturn,
  UserTokenType,
  Variant,
} from 'node-opcua'

export const namespaceUri = 'urn:bumpless:supervisor'

export type ClientOptions = {
  readonly url: string
  readonly pki: string
  readonly user?: string
  readonly password?: string
  readonly policy?: SecurityPolicy
  readonly mode?: MessageSecurityMode
}

export class StandardClient {
  readonly session: ClientSession
  readonly namespace: number
  readonly #client: OPCUAClient
  readonly #manager: OPCUACertificateManager

  private constructor(
    session: ClientSession,
    client: OPCUAClient,
    manager: OPCUACertificateManager,
    namespace: number,
  ) {
    this.session = session
    this.#client = client
    this.#manager = manager
    this.namespace = namespace
  }

  /** Rejects with the library's error, which names the status code. */
  static async open(options: ClientOptions): Promise<StandardClient> {
    const { url, pki, user, password = '' } = options
    const manager = new OPCUACertificateManager({
      rootFolder: pki,
      automaticallyAcceptUnknownCertificate: true,
    })
    await manager.initialize()
    const client = OPCUAClient.create({
      clientCertificateManager: manager,
      securityPolicy: options.policy ?? SecurityPolicy.Basic256Sha256,
      securityMode: options.mode ?? MessageSecurityMode.SignAndEncrypt,
      connectionStrategy: { maxRetry: 0, initialDelay: 100 },
      endpointMustExist: false,
      requestedSessionTimeout: 30_000,
    })
    try {
      await client.connect(url)
      const session = await client.createSession(
        user === undefined
          ? { type: UserTokenType.Anonymous }
          : { type: UserTokenType.UserName, userName: user, password },
      )
      const namespaces = await session.readNamespaceArray()
      return new StandardClient(session, client, manager, namespaces.indexOf(namespaceUri))
    } catch (error) {
      await client.disconnect()
      await manager.dispose()
      throw error
    }
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

  /** Calls a method with texts; `object` and `method` are names of our namespace. */
  async call(
    object: string,
    method: string,
    ...texts: readonly string[]
  ): Promise<CallMethodResult> {
    return this.session.call({
      objectId: this.id(object),
      methodId: this.id(`${object}.${method}`),
      inputArguments: texts.map((value) => new Variant({ dataType: DataType.String, value })),
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
    const told: DataValue[] = []
    const item = ClientMonitoredItem.create(
      subscription,
      { nodeId: coerceNodeId(this.id(name)), attributeId: AttributeIds.Value },
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

  async close(): Promise<void> {
    await this.session.close().catch(() => undefined)
    await this.#client.disconnect()
    await this.#manager.dispose()
  }
}

/** Lets in whoever was turned away last, as a person does with `bumpless certs trust`. */
export async function trustRejected(serverPki: string): Promise<void> {
  const rejected = join(serverPki, 'rejected')
  const files = await readdir(rejected)
  assert.ok(files.length > 0, 'nobody was turned away')
  for (const file of files) {
    await rename(join(rejected, file), join(serverPki, 'trusted', 'certs', file))
  }
}
