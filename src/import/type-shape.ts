// Arrays and structures taken apart into single values, each with the byte at which it stands. Members follow one another,
// each at a multiple of its own size: so CODESYS and its relatives lay them out, and a doubt says that others need not.

import { readType } from './data-types.ts'

export type TypeShape =
  | { readonly kind: 'elementary'; readonly type: string }
  | { readonly kind: 'enumeration'; readonly names: Readonly<Record<string, string>> }
  | { readonly kind: 'array'; readonly of: TypeShape; readonly ranges: readonly IndexRange[] }
  | { readonly kind: 'structure'; readonly members: readonly Member[] }
  | { readonly kind: 'unknown'; readonly reason: string }
export type IndexRange = { readonly low: number; readonly high: number }
export type Member = {
  readonly name: string
  readonly shape: TypeShape
  readonly description: string
}

/** One value inside a shape; `path` is what follows the variable's name: `[3].SP`. */
export type Leaf = {
  readonly path: string
  readonly type: string
  readonly byte: number
  readonly names?: Readonly<Record<string, string>>
  readonly description: string
}
type Wrong = { readonly wrong: string }

/** An array could announce any number of elements in a few bytes of text. */
export const leavesMax = 10_000

/** The values of a shape in the order of memory, or why they cannot be told apart. */
export function leavesOf(shape: TypeShape): readonly Leaf[] | Wrong {
  const size = layoutOf(shape)
  if ('wrong' in size) return size
  if (size.leaves > leavesMax) return { wrong: `more than ${leavesMax} elements` }
  return [...walk(shape, { path: '', byte: 0, description: '' })]
}

type Layout = { readonly bytes: number; readonly alignment: number; readonly leaves: number }

// Types are shared between their uses, and a few lines of them can nest to any number of members: each is measured once.
const measured = new WeakMap<TypeShape, Layout | Wrong>()

function layoutOf(shape: TypeShape): Layout | Wrong {
  const known = measured.get(shape)
  if (known !== undefined) return known
  const layout = measure(shape)
  measured.set(shape, layout)
  return layout
}

function measure(shape: TypeShape): Layout | Wrong {
  if (shape.kind === 'unknown') return { wrong: shape.reason }
  if (shape.kind === 'enumeration') return { bytes: 2, alignment: 2, leaves: 1 }
  if (shape.kind === 'elementary') return elementaryLayout(shape.type)
  if (shape.kind === 'array') {
    const element = layoutOf(shape.of)
    if ('wrong' in element) return element
    const count = countOf(shape.ranges)
    return {
      bytes: element.bytes * count,
      alignment: element.alignment,
      leaves: element.leaves * count,
    }
  }
  let bytes = 0
  let alignment = 1
  let leaves = 0
  for (const member of shape.members) {
    const layout = layoutOf(member.shape)
    if ('wrong' in layout) return { wrong: `.${member.name}: ${layout.wrong}` }
    bytes = aligned(bytes, layout.alignment) + layout.bytes
    alignment = Math.max(alignment, layout.alignment)
    leaves += layout.leaves
  }
  return { bytes: aligned(bytes, alignment), alignment, leaves }
}

const countOf = (ranges: readonly IndexRange[]): number =>
  ranges.reduce((count, { low, high }) => count * (high - low + 1), 1)

const aligned = (byte: number, alignment: number): number => Math.ceil(byte / alignment) * alignment

/** Characters of a string that names no length (IEC tools agree on it). */
const charactersDefault = 80

function elementaryLayout(written: string): Layout | Wrong {
  const read = readType(written)
  if ('wrong' in read) return read
  const { type, characters } = read
  if (type === 'string') {
    return { bytes: (characters ?? charactersDefault) + 1, alignment: 1, leaves: 1 }
  }
  const bytes = type === 'bool' ? 1 : Number(/\d+$/.exec(type)?.[0] ?? 16) / 8
  return { bytes, alignment: bytes, leaves: 1 }
}

type At = { readonly path: string; readonly byte: number; readonly description: string }

function* walk(shape: TypeShape, at: At): Generator<Leaf> {
  if (shape.kind === 'elementary') yield { ...at, type: shape.type }
  if (shape.kind === 'enumeration') yield { ...at, type: 'INT', names: shape.names }
  if (shape.kind === 'array') yield* walkArray(shape, at)
  if (shape.kind === 'structure') yield* walkMembers(shape.members, at)
}

function* walkArray(shape: TypeShape & { kind: 'array' }, at: At): Generator<Leaf> {
  const layout = layoutOf(shape.of)
  if ('wrong' in layout) return
  const count = countOf(shape.ranges)
  for (let element = 0; element < count; element += 1) {
    const index = indexOf(element, shape.ranges)
    const byte = at.byte + element * layout.bytes
    yield* walk(shape.of, { ...at, path: `${at.path}[${index}]`, byte })
  }
}

// The last index runs fastest.
function indexOf(element: number, ranges: readonly IndexRange[]): string {
  let rest = element
  return ranges
    .toReversed()
    .map(({ low, high }) => {
      const index = low + (rest % (high - low + 1))
      rest = Math.floor(rest / (high - low + 1))
      return index
    })
    .toReversed()
    .join(',')
}

function* walkMembers(members: readonly Member[], at: At): Generator<Leaf> {
  let byte = at.byte
  for (const { name, shape, description } of members) {
    const layout = layoutOf(shape)
    if ('wrong' in layout) return
    byte = aligned(byte, layout.alignment)
    yield* walk(shape, { path: `${at.path}.${name}`, byte, description })
    byte += layout.bytes
  }
}
