// A tolerant look at a file whose shape may be wrong in places, and what rules find there: rules that compare one place with
// another still work on every part that is right.

import type { KeyPath } from './source.ts'

/** A value and the way to it; the value may be anything, or undefined. */
export type Tree = { readonly path: KeyPath; readonly value: unknown }

export const top = (value: unknown): Tree => ({ path: [], value })

export function field(tree: Tree, key: string): Tree {
  const { value } = tree
  const own = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
  return { path: [...tree.path, key], value: own ? Reflect.get(value, key) : undefined }
}

/** The entries of a list; none when it is not a list. */
export const each = (tree: Tree): readonly Tree[] =>
  Array.isArray(tree.value)
    ? tree.value.map((value: unknown, index) => ({ path: [...tree.path, index], value }))
    : []

export const textOf = (tree: Tree): string | undefined =>
  typeof tree.value === 'string' ? tree.value : undefined

export const numberOf = (tree: Tree): number | undefined =>
  typeof tree.value === 'number' ? tree.value : undefined

/** A fault or a warning at a place of the plant file. */
export type Finding = {
  readonly at: Tree
  readonly message: string
  readonly warning?: true
}

/** Places with the same text after `key`; every one but the first is a fault that names the first. */
export function repeated(
  places: readonly Tree[],
  say: (first: Tree, place: Tree) => string,
  key: (place: Tree) => string | undefined = textOf,
): readonly Finding[] {
  const first = new Map<string, Tree>()
  return places.flatMap((place) => {
    const text = key(place)
    if (text === undefined) return []
    const before = first.get(text)
    if (before === undefined) {
      first.set(text, place)
      return []
    }
    return [{ at: place, message: say(before, place) }]
  })
}
