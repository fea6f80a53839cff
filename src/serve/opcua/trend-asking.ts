// Questions about the history that the main thread has put to the thread of the server, and their answers. Every question is answered once,
// also when that thread ends.

import type { TrendAnswer, TrendQuestion } from '../history/trend.ts'
import { openQuestions } from '../questions.ts'
import type { ToMain, ToServer } from './messages.ts'

export type TrendAsking = {
  ask(question: TrendQuestion): Promise<TrendAnswer>
  /** For every message of the thread. */
  take(message: ToMain): void
  /** The thread has ended. */
  end(): void
}

/** Of the browsers of a control room; more at once is a fault of somebody. */
const askedMax = 64

export function openTrendAsking(post: (message: ToServer) => void): TrendAsking {
  const asked = openQuestions<TrendAnswer>()
  let over = false
  return {
    ask: (question) => {
      if (over) return Promise.resolve(gone)
      if (asked.count() >= askedMax) return Promise.resolve(busy)
      return asked.ask((id) => post({ kind: 'trend', id, question }))
    },
    take: (message) => {
      if (message.kind === 'trend') asked.answer(message.id, message.answer)
    },
    end: () => {
      over = true
      asked.answerAll(gone)
    },
  }
}

const gone: TrendAnswer = {
  kind: 'failed',
  text: 'the OPC UA server, which keeps it, is starting anew',
}
const busy: TrendAnswer = {
  kind: 'failed',
  text: 'too many questions about the history wait already',
}
