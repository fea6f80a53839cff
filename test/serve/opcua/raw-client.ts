// A client of the OPC UA door that keeps to no order: it sends what it likes over a secure channel of its own, and can say again what
// another client has said. Only the channel is the library's.

import assert from 'node:assert/strict'
import {
  CreateSessionResponse,
  MessageSecurityMode,
  type NodeId,
  OPCUACertificateManager,
  OPCUAClient,
  ReadRequest,
  SecurityPolicy,
  StatusCode,
} from 'node-opcua'
import type { Made } from './certificates.ts'

export type Request = { requestHeader: { authenticationToken: NodeId } }
type Response = { readonly responseHeader: { readonly serviceResult: StatusCode } }

export type RawOptions = {
  readonly url: string
  readonly pki: string
  /** Certificate of the application; otherwise the one that the library makes in `pki`. */
  readonly made?: Made
  readonly applicationUri?: string
}

export class RawClient {
  readonly #client: OPCUAClient
  readonly #manager: OPCUACertificateManager

  private constructor(client: OPCUAClient, manager: OPCUACertificateManager) {
    this.#client = client
    this.#manager = manager
  }

  /** Opens the secure channel and nothing else. Rejects with the library's error, which names the status code. */
  static async open({ url, pki, made, applicationUri }: RawOptions): Promise<RawClient> {
    const manager = new OPCUACertificateManager({
      ...{ rootFolder: pki, automaticallyAcceptUnknownCertificate: true },
    })
    await manager.initialize()
    const client = OPCUAClient.create({
      clientCertificateManager: manager,
      ...(made && { certificateFile: made.certificateFile, privateKeyFile: made.keyFile }),
      ...(applicationUri !== undefined && { applicationUri }),
      securityPolicy: SecurityPolicy.Basic256Sha256,
      securityMode: MessageSecurityMode.SignAndEncrypt,
      connectionStrategy: { maxRetry: 0 },
      endpointMustExist: false,
    })
    try {
      await client.connect(url)
      return new RawClient(client, manager)
    } catch (error) {
      await client.disconnect()
      await manager.dispose()
      throw error
    }
  }

  /** Name of the status code with which a request ends. */
  status(request: Request): Promise<string> {
    return statusOver(this.#client, request)
  }

  /** The token of a session that is created and not activated. */
  async create(request: Request): Promise<NodeId> {
    const response = await answerOver(this.#client, request)
    assert.ok(response instanceof CreateSessionResponse)
    return response.authenticationToken
  }

  async close(): Promise<void> {
    await this.#client.disconnect()
    await this.#manager.dispose()
  }
}

/** Sends one request as it stands over the channel of a client; yields the name of the status code. */
export async function statusOver(client: OPCUAClient, request: Request): Promise<string> {
  return (await answerOver(client, request)).responseHeader.serviceResult.name
}

/** The same of the one item that a request is about. */
export async function itemStatusOver(client: OPCUAClient, request: Request): Promise<string> {
  const { results } = (await answerOver(client, request)) as { results?: readonly unknown[] }
  const [first] = results ?? []
  const status =
    first instanceof StatusCode ? first : (first as { statusCode?: unknown }).statusCode
  assert.ok(status instanceof StatusCode)
  return status.name
}

function answerOver(client: OPCUAClient, request: Request): Promise<Response> {
  const { performMessageTransaction } = client as unknown as {
    performMessageTransaction(
      request: Request,
      done: (error: Error | null, response?: Response) => void,
    ): void
  }
  return new Promise((resolve, reject) => {
    performMessageTransaction.call(client, request, (error, response) => {
      const answer = response ?? (error as { response?: Response } | null)?.response
      if (answer === undefined) reject(error)
      else resolve(answer)
    })
  })
}

/** A read of the server's state in a session. */
export function readRequest(token: NodeId): ReadRequest {
  const request = new ReadRequest({ nodesToRead: [{ nodeId: 'i=2259', attributeId: 13 }] })
  request.requestHeader.authenticationToken = token
  return request
}

/** The same request as another client sent it. */
export function again<T extends Request>(request: T): T {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(request)), request)
  copy.requestHeader = Object.assign(
    Object.create(Object.getPrototypeOf(request.requestHeader)),
    request.requestHeader,
  )
  return copy
}
