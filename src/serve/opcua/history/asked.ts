// What every kind of history read is given and gives back.

import type {
  AddressSpace,
  HistoryReadRequest,
  HistoryReadResult,
  ISessionContext,
  StatusCode,
} from 'node-opcua'
import type { History } from '../../history/history.ts'
import type { Target } from '../space.ts'

export type ServiceParts = {
  readonly history: History
  readonly addressSpace: AddressSpace
  /** Variables by their NodeId, each with the name under which it is kept. */
  readonly targets: ReadonlyMap<string, NamedTarget>
  /** NodeIds of the objects that tell of their past events, and which of them tells of all. */
  readonly notifiers: ReadonlySet<string>
  readonly rootNotifier: string
}
export type NamedTarget = Target & { readonly name: string }

/** One node of a request. */
export type Asked = {
  readonly parts: ServiceParts
  readonly context: ISessionContext
  readonly request: HistoryReadRequest
  /** Its place in the request. */
  readonly index: number
  readonly nodeId: string
  /** Values that the answer may hold for this node. */
  readonly pageMax: number
}

/** What one read brought, and what is left of it. */
export type Found<Rest> = {
  readonly result: ConstructorParameters<typeof HistoryReadResult>[0] & object
  readonly rest?: Rest
}

/** Values and events that one answer holds of one node. */
export const valuesMax = 10_000

export const status = (statusCode: StatusCode): Found<never> => ({ result: { statusCode } })
