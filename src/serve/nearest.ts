// "Did you mean": the name that lies closest to what a person typed.

/**
 * The nearest of the names, when it is near enough to be meant: at most two letters, or half of what was typed, inserted,
 * removed or replaced. Capital letters do not count. Of two that are equally near, the first.
 */
function nearest(typed: string, names: readonly string[]): string | undefined {
  const wanted = typed.toLowerCase().slice(0, 100)
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(wanted.length / 2))
  for (const name of names) {
    const distance = distanceOf(wanted, name.toLowerCase())
    if (distance > bestDistance || (distance === bestDistance && best !== undefined)) continue
    best = name
    bestDistance = distance
  }
  return best
}

/** One sentence for a name that does not exist. */
export function unknownName(what: string, typed: string, names: readonly string[]): string {
  const shown = typed.slice(0, 100)
  const near = nearest(typed, names)
  if (near !== undefined) return `there is no ${what} "${shown}"; did you mean ${near}?`
  return `there is no ${what} "${shown}"; there are: ${names.join(', ') || 'none'}`
}

// Levenshtein, one row at a time.
function distanceOf(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...left].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= right.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (right[column - 1] === letter ? 0 : 1)
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[right.length] ?? 0
}
