// Values as text from which exactly the same values come back: JSON, and what JSON would lose. A negative zero, NaN, an infinity
// and `undefined` are written as `{"$":"NaN"}` and the like; an object that has a key `$` of its own as `{"$":[[key,value],...]}`.
// Keys keep their order, because a program may see it.

import assert from 'node:assert/strict'

/** One line of text. Asserts that there are only numbers, texts, booleans, null, undefined, lists and plain objects in it. */
export function toText(value: unknown): string {
  // Nearly everything is JSON as it is, and the engine's own writer is several times faster.
  return isJson(value) ? JSON.stringify(value) : exactText(value)
}

/** True when JSON loses nothing of it, and when nothing in it looks like an escape. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  if (typeof value !== 'object' || value === null) {
    return value === null || typeof value === 'string' || typeof value === 'boolean'
  }
  if (Array.isArray(value)) {
    // Not `every`: it passes over holes, which JSON would fill with null.
    for (const one of value) if (!isJson(one)) return false
    return true
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false
  for (const key in value) {
    if (key === '$' || key === 'toJSON' || !isJson(value[key as keyof typeof value])) return false
  }
  return true
}

function exactText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? String(value) : special(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'undefined':
      return special(value)
    case 'object':
      return value === null ? 'null' : objectText(value)
    default:
      return assert.fail(`a ${typeof value} cannot be recorded`)
  }
}

/** The value of a text that `toText` made. Throws SyntaxError for a text that is no JSON. */
export function fromText(text: string): unknown {
  const value: unknown = JSON.parse(text)
  return text.includes('"$"') ? revived(value) : value
}

const specials: Readonly<Record<string, unknown>> = {
  '-0': -0,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  undefined: undefined,
}

const special = (value: number | undefined): string =>
  `{"$":"${Object.is(value, -0) ? '-0' : String(value)}"}`

function objectText(value: object): string {
  if (Array.isArray(value)) {
    let list = ''
    for (const one of value) list += list === '' ? exactText(one) : `,${exactText(one)}`
    return `[${list}]`
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  assert(prototype === Object.prototype || prototype === null, 'only plain objects can be recorded')
  if (Object.hasOwn(value, '$')) return `{"$":${exactText(Object.entries(value))}}`
  let fields = ''
  for (const [key, one] of Object.entries(value)) {
    fields += `${fields === '' ? '' : ','}${JSON.stringify(key)}:${exactText(one)}`
  }
  return `{${fields}}`
}

function revived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(revived)
  const entries = Object.entries(value)
  const [first] = entries
  if (first?.[0] === '$') return escaped(first[1])
  return Object.fromEntries(entries.map(([key, one]) => [key, revived(one)]))
}

function escaped(inner: unknown): unknown {
  if (typeof inner === 'string' && Object.hasOwn(specials, inner)) return specials[inner]
  if (!Array.isArray(inner)) throw new SyntaxError('an escape that nobody wrote')
  return Object.fromEntries(inner.map((pair: [string, unknown]) => [pair[0], revived(pair[1])]))
}
