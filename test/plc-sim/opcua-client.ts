// An OPC UA client for the tests of the practice plant, with a PKI folder of its own: reads and
// writes nodes by their names in docs/protocols.md section 7.
import {
  AttributeIds,
  type ClientSession,
  DataType,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  type UserIdentityInfo,
  UserTokenType,
  VariantArrayType,
} from 'node-opcua'

const URI = 'urn:bumpless:plc-sim'

export type Access = { readonly secured?: boolean; readonly password?: string }

export class OpcUaHand {
  readonly session: ClientSession
  readonly #client: OPCUAClient
  readonly #certificates: OPCUACertificateManager
  readonly #namespace: number

  private constructor(
    session: ClientSession,
    client: OPCUAClient,
    certificates: OPCUACertificateManager,
    namespace: number,
  ) {
    this.session = session
    this.#client = client
    this.#certificates = certificates
    this.#namespace = namespace
  }

  /** Connects to a port of this machine. Rejects when the server refuses. */
  static async open(port: number, pki: string, access: Access = {}): Promise<OpcUaHand> {
    const certificates = new OPCUACertificateManager({
      rootFolder: pki,
      automaticallyAcceptUnknownCertificate: true,
    })
    const client = OPCUAClient.create({
      clientCertificateManager: certificates,
      securityPolicy: access.secured ? SecurityPolicy.Basic256Sha256 : SecurityPolicy.None,
      securityMode: access.secured ? MessageSecurityMode.SignAndEncrypt : MessageSecurityMode.None,
      connectionStrategy: { maxRetry: 0, initialDelay: 100 },
      keepPendingSessionsOnDisconnect: false,
    })
    const user: UserIdentityInfo =
      access.password === undefined
        ? { type: UserTokenType.Anonymous }
        : { type: UserTokenType.UserName, userName: 'operator', password: access.password }
    try {
      await client.connect(`opc.tcp://127.0.0.1:${port}`)
      const session = await client.createSession(user)
      const namespaces = await session.readNamespaceArray()
      return new OpcUaHand(session, client, certificates, namespaces.indexOf(URI))
    } catch (error) {
      await client.disconnect()
      await certificates.dispose()
      throw error
    }
  }

  /** Values by name, typed arrays as plain ones; the status name in place of a bad value. */
  async read(...names: string[]): Promise<unknown[]> {
    const answers = await this.session.read(names.map((name) => ({ nodeId: this.node(name) })))
    return answers.map(({ statusCode, value }) => {
      if (statusCode.isNotGood()) return statusCode.name
      return value.value instanceof Uint16Array ? [...value.value] : value.value
    })
  }

  /** Writes whole numbers: a list as an array of UInt16. Returns the name of the status. */
  async write(name: string, value: number | readonly number[]): Promise<string> {
    const words =
      typeof value === 'number'
        ? { dataType: DataType.UInt16, value }
        : {
            dataType: DataType.UInt16,
            arrayType: VariantArrayType.Array,
            value: Uint16Array.from(value),
          }
    const status = await this.session.write({
      nodeId: this.node(name),
      attributeId: AttributeIds.Value,
      value: { value: words },
    })
    return status.name
  }

  node(name: string): string {
    return `ns=${this.#namespace};s=${name}`
  }

  async close(): Promise<void> {
    await this.#client.disconnect()
    await this.#certificates.dispose()
  }
}
