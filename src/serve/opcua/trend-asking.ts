// Questions about the history that the main thread has put to the thread of the server, and their answers. Every question is answered once,
// also when that thread ends.

import type { TrendAnswer, TrendQuestion } from '../history/trend.ts'
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
  const asked = new Map<number, (answer: TrendAnswer) => void>()
  let count = 0
  let over = false
  return {
    ask: (question) => {
      if (over) return Promise.resolve(gone)
      if (asked.size >= askedMax) return Promise.resolve(busy)
      count += 1
      const id = count
      return new Promise((resolve) => {
        asked.set(id, resolve)
        post({ kind: 'trend', id, question })
      })
    },
    take: (message) => {
      if (message.kind !== 'trend') return
      asked.get(message.id)?.(message.answer)
      asked.delete(message.id)
    },
    end: () => {
      over = true
      for (const resolve of asked.values()) resolve(gone)
      asked.clear()
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
