// How the practice plant refuses a request of a person or a test: one line that says what is wrong,
// the words that would have been right and the nearest of them.

export class RefusedRequest extends Error {
  readonly exists: readonly string[]
  readonly nearest: string | undefined

  constructor(line: string, exists: readonly string[] = [], nearest?: string) {
    super(line)
    this.name = 'RefusedRequest'
    this.exists = exists
    this.nearest = nearest
  }
}

/** The refusal of a word that does not exist, with those that do and the nearest of them. */
export function unknownWord(what: string, word: string, exists: readonly string[]): RefusedRequest {
  const nearest = nearestWord(word, exists)
  const hint = nearest ? `did you mean '${nearest}'? ` : ''
  const line = `unknown ${what} '${word}'; ${hint}there are: ${exists.join(', ')}`
  return new RefusedRequest(line, exists, nearest)
}

/** The object that a request body must be. */
export function recordIn(value: unknown, expected: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new RefusedRequest(`expected ${expected}`)
}

/** The word with the fewest letters to change, if those are at most half of it. */
function nearestWord(word: string, exists: readonly string[]): string | undefined {
  const ranked = exists
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .sort((left, right) => left.distance - right.distance)
  const best = ranked[0]
  return best && best.distance <= best.candidate.length / 2 ? best.candidate : undefined
}

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1]
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter.toLowerCase() === other.toLowerCase() ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
