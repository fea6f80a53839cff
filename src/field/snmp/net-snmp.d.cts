// The part of net-snmp that we use; the package brings no types of its own.

declare module 'net-snmp' {
  /** `value` is a number, a text's or Counter64's bytes, an OID or an address as text, or null. */
  type Varbind = {
    readonly oid: string
    readonly type: number
    readonly value: number | boolean | string | Buffer | null
  }
  type Answered<T> = (error: Error | null, varbinds?: T) => void

  type SessionOptions = {
    readonly version?: number
    readonly port: number
    readonly retries: number
    /** Milliseconds. */
    readonly timeout: number
    /** Refuses an answer about other objects than those asked for. Off by default. */
    readonly reportOidMismatchErrors: true
    /** False refuses a "next" object that does not come after the one asked for. */
    readonly backwardsGetNexts: false
    readonly strictIntRangeChecks: true
    /** Makes the socket; its `send` and its messages are all that a session uses. */
    readonly dgramModule: { createSocket(transport: string): unknown }
  }

  type User = {
    readonly name: string
    readonly level: number
    readonly authProtocol: string
    readonly authKey: string
    readonly privProtocol?: string
    readonly privKey?: string
  }

  class Session {
    get(oids: string[], answered: Answered<Varbind[]>): this
    getNext(oids: string[], answered: Answered<Varbind[]>): this
    close(): this
    on(event: 'error' | 'close', listener: (error?: Error) => void): this
  }

  function createSession(target: string, community: string, options: SessionOptions): Session
  function createV3Session(target: string, user: User, options: SessionOptions): Session

  const Version2c: number
  const SecurityLevel: { readonly authNoPriv: number; readonly authPriv: number }
  const AuthProtocols: { readonly sha: string; readonly sha256: string; readonly sha512: string }
  const PrivProtocols: { readonly aes: string }
  /** Names to numbers and back. */
  const ObjectType: Readonly<Record<string, number>>
  const ErrorStatus: Readonly<Record<number, string>>
  const ResponseInvalidCode: Readonly<Record<number, string>>

  class RequestFailedError extends Error {
    readonly status: number
  }
  class RequestTimedOutError extends Error {}
  class ResponseInvalidError extends Error {
    readonly code: number
  }
}
