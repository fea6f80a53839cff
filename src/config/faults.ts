// Turns what the schema finds into sentences for people: what is wrong, what was expected, and which word was probably meant.

import type { z } from 'zod'
import { laterKey } from './later.ts'
import type { ConfigFault, KeyPath, Source } from './source.ts'
import { knownKeys } from './walk.ts'

type Issue = z.core.$ZodIssue

/** Checks a file against its schema. Every fault is reported, each once. */
export function shapeFaults(schema: z.ZodType, source: Source): readonly ConfigFault[] {
  const result = schema.safeParse(source.value)
  if (result.success) return []
  const issues = result.error.issues.flatMap((issue) => flatten(issue, source.value))
  const unknown = issues.flatMap((issue) => unknownKeys(schema, issue))
  const explained = new Set(unknown.flatMap(({ path, meant }) => standsFor(path, meant)))
  return [
    ...unknown.map(({ path, message }) => source.fault(path, message, 'key')),
    ...issues
      .filter((issue) => issue.code !== 'unrecognized_keys')
      .filter(
        (issue) => !(isMissing(issue, source.value) && explained.has(JSON.stringify(issue.path))),
      )
      .map((issue) => source.fault(keyPath(issue.path), sentence(issue, source.value))),
  ]
}

type UnknownKey = {
  readonly path: KeyPath
  readonly message: string
  readonly meant?: string | undefined
}

function unknownKeys(schema: z.ZodType, issue: Issue): readonly UnknownKey[] {
  if (issue.code !== 'unrecognized_keys') return []
  const place = keyPath(issue.path)
  const known = knownKeys(schema, place)
  return issue.keys.map((key) => {
    const path = [...place, key]
    const later = laterKey(path)
    if (later !== undefined) return { path, message: later.text, meant: later.instead }
    const meant = nearest(key, known)
    if (meant === undefined) {
      return { path, message: `unknown key "${key}"; expected ${oneOf(known)}` }
    }
    return { path, message: `unknown key "${key}"; did you mean "${meant}"?`, meant }
  })
}

// A misspelled key also makes the right one missing: that is the same fault, and is told once.
const standsFor = (path: KeyPath, meant: string | undefined): readonly string[] =>
  meant === undefined ? [] : [JSON.stringify([...path.slice(0, -1), meant])]

// A value that may have two shapes is judged by the shape that it has.
function flatten(issue: Issue, root: unknown): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const branch = issue.errors.find(
    (issues) => !issues.some(({ path, code }) => path.length === 0 && code === 'invalid_type'),
  )
  const value = valueAt(root, keyPath(issue.path))
  if (branch === undefined || typeof value !== 'object') return [issue]
  return branch.flatMap((inner) => nested(issue, inner, root))
}

const nested = (outer: Issue, inner: Issue, root: unknown): readonly Issue[] =>
  flatten({ ...inner, path: [...outer.path, ...inner.path] }, root)

const isMissing = (issue: Issue, root: unknown): boolean =>
  valueAt(root, keyPath(issue.path)) === undefined

function sentence(issue: Issue, root: unknown): string {
  const path = keyPath(issue.path)
  const value = valueAt(root, path)
  if (value === undefined && issue.code !== 'custom') return `missing; expected ${expected(issue)}`
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${expected(issue)}, found ${shown(value)}`
    case 'too_small':
    case 'too_big':
      return sizeSentence(issue, value)
    case 'invalid_value': {
      const words = issue.values.map(String)
      const meant = typeof value === 'string' ? nearest(value, words) : undefined
      const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
      return `expected ${oneOf(words)}, found ${shown(value)}${hint}`
    }
    case 'invalid_format':
    case 'custom':
    case 'invalid_union':
      return `${issue.message}, found ${shown(value)}`
    case 'invalid_key':
      return `the key "${String(path.at(-1))}" is wrong; expected ${issue.issues[0]?.message ?? issue.message}`
    default:
      return issue.message
  }
}

function sizeSentence(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  value: unknown,
): string {
  // Sentences of our own begin in lower case; the library's do not.
  if (/^[a-z]/.test(issue.message)) return issue.message
  const limit =
    issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`
  if (typeof value === 'string') return `must have ${limit} characters`
  if (Array.isArray(value)) return `must have ${limit} entries, found ${value.length}`
  return `must be ${limit}, found ${shown(value)}`
}

function expected(issue: Issue): string {
  if (issue.code === 'invalid_type') {
    const words: Record<string, string> = {
      string: 'text',
      number: 'a number',
      int: 'a whole number',
      boolean: 'true or false',
      array: 'a list',
      object: 'keys and values',
      record: 'keys and values',
    }
    return words[issue.expected] ?? issue.expected
  }
  if (issue.code === 'invalid_value') return oneOf(issue.values.map(String))
  return issue.message.replace(/^expected /, '')
}

function shown(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'keys and values'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

const keyPath = (path: readonly PropertyKey[]): KeyPath =>
  path.map((key) => (typeof key === 'number' ? key : String(key)))

function valueAt(root: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    root,
  )
}

/** `hold, operator or window`. */
export const oneOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

/** The word that was probably meant: at most a third of its letters away (swapped neighbours count once). */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase().replaceAll('-', '_')
  const scored = known
    .map((candidate) => ({
      candidate,
      away: distance(lower, candidate.replaceAll('-', '_').toLowerCase()),
    }))
    .filter(({ candidate, away }) => away <= Math.max(1, Math.floor(candidate.length / 3)))
    .toSorted((a, b) => a.away - b.away)
  return scored[0]?.candidate
}

// Optimal string alignment distance; only the last three rows of the table are kept.
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 10) return Number.POSITIVE_INFINITY
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(cell(row, j) + 1, cell(next, j - 1) + 1, cell(row, j - 1) + change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, cell(before, j - 2) + 1)
      }
      next.push(best)
    }
    before = row
    row = next
  }
  return cell(row, b.length)
}

const cell = (row: readonly number[], column: number): number =>
  row[column] ?? Number.POSITIVE_INFINITY
