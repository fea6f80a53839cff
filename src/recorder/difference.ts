// What changed from one value to the next, so that a recording holds only that. Two values whose difference is undefined are the
// same bit for bit: the same keys in the same order, -0 apart from 0, NaN equal to NaN.

/**
 * A list of one element replaces the whole value; an object goes on inside, key by key. Inside a list the key `#` is its new
 * length, and an element beyond the old length is told against the old first one.
 */
export type Difference = readonly [unknown] | { readonly [key: string]: Difference }

/** Undefined when the two are the same. */
export function differenceOf(before: unknown, after: unknown): Difference | undefined {
  if (Object.is(before, after)) return undefined
  if (!isObject(before) || !isObject(after)) return [after]
  if (Array.isArray(before) || Array.isArray(after)) {
    return Array.isArray(before) && Array.isArray(after) ? inList(before, after) : [after]
  }
  return inFields(before, after)
}

/** The value after a difference; what did not change stays the very same object. */
export function applied(before: unknown, difference: Difference | undefined): unknown {
  if (difference === undefined) return before
  if (isWhole(difference)) return difference[0]
  if (!isObject(before)) throw new SyntaxError('a difference inside a value that has no inside')
  if (Array.isArray(before)) {
    const length = wholeOf(difference['#'])
    if (typeof length !== 'number') throw new SyntaxError('a difference of a list without length')
    return Array.from({ length }, (_, index) =>
      applied(before[index < before.length ? index : 0], difference[index]),
    )
  }
  return Object.fromEntries(
    Object.entries(before).map(([key, value]) => [
      key,
      Object.hasOwn(difference, key) ? applied(value, difference[key]) : value,
    ]),
  )
}

/** The places at which two values differ, with both sides; at most `most` of them. */
export function placesOf(
  before: unknown,
  after: unknown,
  most: number,
): readonly { readonly place: string; readonly before: unknown; readonly after: unknown }[] {
  const found: { place: string; before: unknown; after: unknown }[] = []
  const look = (one: unknown, other: unknown, place: string): void => {
    if (found.length >= most || differenceOf(one, other) === undefined) return
    if (!isObject(one) || !isObject(other)) {
      found.push({ place, before: one, after: other })
      return
    }
    const keys = new Set([...Object.keys(one), ...Object.keys(other)])
    const known = found.length
    for (const key of keys) look(one[key], other[key], place === '' ? key : `${place}.${key}`)
    // Only the order of the keys differs.
    if (found.length === known && found.length < most) {
      found.push({ place, before: Object.keys(one).join(), after: Object.keys(other).join() })
    }
  }
  look(before, after, '')
  return found
}

type Fields = { readonly [key: string]: unknown }

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const isWhole = (difference: Difference): difference is readonly [unknown] =>
  Array.isArray(difference)
const wholeOf = (difference: Difference | undefined): unknown =>
  difference !== undefined && isWhole(difference) ? difference[0] : undefined

function inList(before: readonly unknown[], after: readonly unknown[]): Difference | undefined {
  const changes: [string, Difference][] = []
  for (let index = 0; index < after.length; index += 1) {
    const change = differenceOf(before[index < before.length ? index : 0], after[index])
    if (change !== undefined) changes.push([String(index), change])
  }
  if (changes.length === 0 && before.length === after.length) return undefined
  return Object.fromEntries([['#', [after.length]], ...changes])
}

function inFields(before: Fields, after: Fields): Difference | undefined {
  const keys = Object.keys(after)
  const known = Object.keys(before)
  if (keys.length !== known.length) return [after]
  const changes: [string, Difference][] = []
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? ''
    if (key !== known[index]) return [after]
    const change = differenceOf(before[key], after[key])
    if (change !== undefined) changes.push([key, change])
  }
  return changes.length === 0 ? undefined : Object.fromEntries(changes)
}
