// Orders on their way from a client to the main thread and back. What the supervisor answers becomes one status code here, the
// same for methods, alarms and dialogs.

import { type ISessionContext, type StatusCode, StatusCodes } from 'node-opcua'
import { openQuestions } from '../questions.ts'
import type { OrderRequest, ToMain } from './messages.ts'
import { answerStatus } from './model.ts'
import type { Given } from './take-order.ts'
import type { Caller, Users } from './users.ts'

export type Orders = {
  /** Gives an order in the name of whoever calls; resolves with the answer, never rejects. */
  give(context: ISessionContext, request: OrderRequest): Promise<Given>
  /** Who calls; undefined for somebody who is not logged in. */
  callerOf(context: ISessionContext): Caller | undefined
  /** The answer of the main thread. */
  answer(id: number, given: Given): void
}

/** Orders of all clients that may wait for an answer; the inbox limits each session further. */
const waitingMax = 128

export function openOrders(users: Users, send: (message: ToMain) => void): Orders {
  const waiting = openQuestions<Given>()
  const callerOf = ({ session }: ISessionContext) => users.callerOf(session)
  return {
    callerOf,
    give: (context, request) => {
      const caller = callerOf(context)
      if (caller === undefined) {
        return Promise.resolve({ code: 'forbidden', text: 'log in first; nothing was done' })
      }
      if (waiting.count() >= waitingMax) {
        return Promise.resolve({ code: 'busy', text: `${waitingMax} orders wait already` })
      }
      const { session } = caller
      return waiting.ask((id) => send({ kind: 'order', id, session, request }))
    },
    answer: waiting.answer,
  }
}

/** The status code of an answer. */
export const statusOf = ({ code }: Given): StatusCode => StatusCodes[answerStatus[code]]
