// What a chart is given of the history, against values worked out by hand.

import assert from 'node:assert/strict'
import { readProcessed } from '../../../src/serve/history/processed.ts'
import { readTrend } from '../../../src/serve/history/trend.ts'
import { arraySource, sample } from './array-source.ts'

const source = arraySource(
  [
    sample(0, 5),
    sample(1_200, 9),
    sample(1_500, 4),
    sample(3_000, null, 'BadNoCommunication'),
    sample(5_000, 6),
  ],
  6_000,
)
const question = { series: ['x'], fromMs: 0, toMs: 6_000, stretches: 6 }

describe('a chart of the history', () => {
  it('has the lowest and the highest of each stretch, and holes where nothing was known', async () => {
    const answer = await readTrend(async (one) => {
      assert.equal(one.kind, 'processed')
      return one.kind === 'processed'
        ? { kind: 'results', page: readProcessed(source, one.processed, one.pageMax) }
        : { kind: 'failed', text: 'another question' }
    }, question)
    assert.deepEqual(answer, {
      kind: 'trend',
      series: [
        {
          name: 'x',
          points: [
            [0, 5],
            [1_000, 4],
            [1_500, 9],
            [2_000, 4],
            [3_000, null],
            [4_000, null],
            [5_000, 6],
          ],
        },
      ],
    })
  })
  it('says why when the history cannot be read', async () => {
    const failed = { kind: 'failed', text: 'the disk refuses' } as const
    assert.deepEqual(await readTrend(async () => failed, question), failed)
  })
})
