// The services of a client's session as they are on the wire, without the library's subscriptions around them: for tests that ask for
// what no well-made client would, and for clients that must cost little.

import {
  type ClientSession,
  type CreateMonitoredItemsRequest,
  type CreateMonitoredItemsResponse,
  type CreateSubscriptionRequest,
  type CreateSubscriptionResponse,
  DeleteSubscriptionsRequest,
  type ModifyMonitoredItemsRequest,
  type ModifyMonitoredItemsResponse,
  type PublishResponse,
} from 'node-opcua'

export type RawSession = {
  createSubscription(request: CreateSubscriptionRequest): Promise<CreateSubscriptionResponse>
  deleteSubscriptions(...ids: readonly number[]): Promise<void>
  createMonitoredItems(request: CreateMonitoredItemsRequest): Promise<CreateMonitoredItemsResponse>
  modifyMonitoredItems(request: ModifyMonitoredItemsRequest): Promise<ModifyMonitoredItemsResponse>
  publish(subscriptionAcknowledgements: readonly Acknowledgement[]): Promise<PublishResponse>
}

type Acknowledgement = { readonly subscriptionId: number; readonly sequenceNumber: number }

/** What the library's session can do, but does not say in its types. */
type Hidden = Omit<RawSession, 'deleteSubscriptions' | 'publish'> & {
  deleteSubscriptions(request: DeleteSubscriptionsRequest): Promise<unknown>
  publish(
    request: { subscriptionAcknowledgements: readonly Acknowledgement[] },
    done: (error: Error | null, response?: PublishResponse) => void,
  ): void
}

export function rawSession(session: ClientSession): RawSession {
  const hidden = session as ClientSession & Hidden
  return {
    createSubscription: (request) => hidden.createSubscription(request),
    deleteSubscriptions: async (...subscriptionIds) => {
      await hidden.deleteSubscriptions(
        new DeleteSubscriptionsRequest({ subscriptionIds: [...subscriptionIds] }),
      )
    },
    createMonitoredItems: (request) => hidden.createMonitoredItems(request),
    modifyMonitoredItems: (request) => hidden.modifyMonitoredItems(request),
    publish: (subscriptionAcknowledgements) =>
      new Promise((resolve, reject) => {
        hidden.publish({ subscriptionAcknowledgements }, (error, response) => {
          if (response === undefined) reject(error ?? new Error('no response'))
          else resolve(response)
        })
      }),
  }
}
