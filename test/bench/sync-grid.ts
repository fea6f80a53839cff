// The methods that people use without us: a difference counts at once, or when it stands in N of the last M polls.

/** Window lengths M; N runs from 1 to M. 1 of 1 is naive comparison. */
const lengths = [1, 3, 5, 10, 15, 20]

export const gridNames: readonly string[] = lengths.flatMap((length) =>
  Array.from({ length }, (_, index) => `${index + 1}of${length}`),
)

export type Grid = {
  /** Takes one poll and tells which settings began to alarm in it. */
  take(mismatch: boolean): readonly number[]
  /** The settings that alarm now. */
  standing(): readonly number[]
}

export function newGrid(): Grid {
  let history = 0
  const before = lengths.map(() => 0)
  return {
    take(mismatch) {
      history = ((history << 1) | (mismatch ? 1 : 0)) & 0xfffff
      const raised: number[] = []
      let base = 0
      for (const [index, length] of lengths.entries()) {
        const now = ones(history & (2 ** length - 1))
        if (now > (before[index] ?? 0)) raised.push(base + now - 1)
        before[index] = now
        base += length
      }
      return raised
    },
    standing() {
      const first = lengths.map((_, index) => lengths.slice(0, index).reduce((a, b) => a + b, 0))
      return first.flatMap((base, index) =>
        Array.from({ length: before[index] ?? 0 }, (_, count) => base + count),
      )
    },
  }
}

function ones(bits: number): number {
  let count = 0
  for (let left = bits; left > 0; left &= left - 1) count += 1
  return count
}
