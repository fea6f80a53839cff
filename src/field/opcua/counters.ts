// How often what happened on one OPC UA path since the start: for the metrics and for people who look for the cause.

import type { Fault } from '../../core/image.ts'
import { libraryMessages } from './library.ts'

export type OpcUaCounters = {
  /** Sessions that were opened. */
  connections: number
  /** Scans and glances that were answered, and those that failed, by fault. */
  answers: number
  readonly faults: Record<Fault, number>
  /** Scans that read back what the subscription should have brought, because it was silent. */
  fallbacks: number
  /** Times that the server refused to make a subscription. */
  subscriptionRefusals: number
  /** Subscriptions that were given up and made anew. */
  subscriptionRebuilds: number
  /** Values that stood still in the subscription while the server read otherwise. */
  differences: number
  /** Warnings and errors that the library did not print; of all paths together. */
  readonly libraryMessages: number
}

export const newOpcUaCounters = (): OpcUaCounters => ({
  connections: 0,
  answers: 0,
  faults: {
    unreachable: 0,
    timeout: 0,
    'connection-lost': 0,
    exception: 0,
    'bad-answer': 0,
    'not-asked': 0,
  },
  fallbacks: 0,
  subscriptionRefusals: 0,
  subscriptionRebuilds: 0,
  differences: 0,
  get libraryMessages() {
    return libraryMessages()
  },
})
