// Questions to another thread: each answered once, also when that thread is gone.

import assert from 'node:assert/strict'
import { openQuestions } from '../../src/serve/questions.ts'

describe('questions to another thread', () => {
  it('are answered by their numbers, in any order, each once', async () => {
    const questions = openQuestions<string>()
    const sent: number[] = []
    const [first, second] = [1, 2].map(() => questions.ask((id) => sent.push(id)))
    assert.deepEqual(sent, [1, 2])
    questions.answer(2, 'b')
    questions.answer(1, 'a')
    questions.answer(1, 'too late')
    assert.deepEqual(await Promise.all([first, second]), ['a', 'b'])
    assert.equal(questions.count(), 0)
  })
  it('may be answered while they are put', async () => {
    const questions = openQuestions<string>()
    assert.equal(await questions.ask((id) => questions.answer(id, 'at once')), 'at once')
  })
  it('all get one answer when nobody is there any more to give another', async () => {
    const questions = openQuestions<string>()
    const asked = [1, 2, 3].map(() => questions.ask(() => undefined))
    assert.equal(questions.count(), 3)
    questions.answerAll('gone')
    assert.deepEqual(await Promise.all(asked), ['gone', 'gone', 'gone'])
  })
})
