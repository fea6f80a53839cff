// Questions to another thread that wait for their answers. Each has a number of its own and is answered once; an answer to a number that
// nobody waits for any more is nothing.

export type Questions<Answer> = {
  /** `put` sends the question with its number. */
  ask(put: (id: number) => void): Promise<Answer>
  answer(id: number, answer: Answer): void
  /** The same answer for whoever still waits: the other thread is gone. */
  answerAll(answer: Answer): void
  /** So many wait. */
  count(): number
}

export function openQuestions<Answer>(): Questions<Answer> {
  const waiting = new Map<number, (answer: Answer) => void>()
  let newest = 0
  const answer = (id: number, given: Answer): void => {
    waiting.get(id)?.(given)
    waiting.delete(id)
  }
  return {
    ask: (put) => {
      newest += 1
      const id = newest
      const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve))
      put(id)
      return answered
    },
    answer,
    answerAll: (given) => {
      for (const id of [...waiting.keys()]) answer(id, given)
    },
    count: () => waiting.size,
  }
}
