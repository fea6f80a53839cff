// The single values inside a Logix tag. Its decorated data names every member; an export without it still has the type of
// the tag and the project's own types.

import { leavesMax } from './type-shape.ts'
import { attribute, childNamed, childrenNamed, type Element, wholeText } from './xml.ts'

export type LogixLeaf = {
  /** What follows the tag's name: `.SP`, `[3].Run`. */
  readonly path: string
  readonly type: string
  readonly radix: string
  readonly description: string
}

type Wrong = { readonly wrong: string }

/** The project's own types by name, in capitals. */
export type LogixTypes = ReadonlyMap<string, Element>

export function logixTypes(controller: Element): LogixTypes {
  const types = childNamed(controller, 'DataTypes')
  return new Map(
    (types === undefined ? [] : childrenNamed(types, 'DataType')).map((type) => [
      attribute(type, 'Name').toUpperCase(),
      type,
    ]),
  )
}

/** In the order of the export; answers with a reason where the values cannot be known or are too many. */
export function logixLeaves(tag: Element, types: LogixTypes): readonly LogixLeaf[] | Wrong {
  const decorated = childrenNamed(tag, 'Data').find(
    (data) => attribute(data, 'Format') === 'Decorated',
  )
  const found = decorated?.children[0]
  const leaves =
    found === undefined
      ? ofType(attribute(tag, 'DataType'), attribute(tag, 'Dimensions'), types)
      : ofData(found, '')
  return limited(leaves, attribute(tag, 'Radix'), attribute(tag, 'DataType'))
}

function limited(
  leaves: Generator<LogixLeaf | Wrong>,
  radix: string,
  type: string,
): readonly LogixLeaf[] | Wrong {
  const taken: LogixLeaf[] = []
  for (const leaf of leaves) {
    if ('wrong' in leaf) return leaf
    if (taken.length === leavesMax) return { wrong: `more than ${leavesMax} elements` }
    taken.push(leaf.radix === '' ? { ...leaf, radix } : leaf)
  }
  if (taken.length === 0) return { wrong: `the type ${type || '(none)'} has no values to read` }
  return taken
}

function* ofData(data: Element, path: string): Generator<LogixLeaf> {
  const type = attribute(data, 'DataType')
  const leaf = { path, type, radix: attribute(data, 'Radix'), description: '' }
  switch (data.name) {
    case 'DataValue':
    case 'DataValueMember':
      yield leaf
      return
    case 'Structure':
    case 'StructureMember':
      if (isText(data)) yield { ...leaf, type: 'STRING' }
      else {
        for (const member of data.children) {
          yield* ofData(member, `${path}.${attribute(member, 'Name')}`)
        }
      }
      return
    case 'Array':
    case 'ArrayMember':
      for (const element of childrenNamed(data, 'Element')) {
        const inner = `${path}${attribute(element, 'Index')}`
        const structure = childNamed(element, 'Structure')
        if (structure === undefined) yield { ...leaf, path: inner }
        else yield* ofData(structure, inner)
      }
  }
}

/** STRING and the strings of other lengths are structures of a length and characters. */
const isText = (data: Element): boolean =>
  childrenNamed(data, 'DataValueMember').some(
    (member) => attribute(member, 'Name') === 'DATA' && attribute(member, 'Radix') === 'ASCII',
  )

const depthMax = 16
const elementary = /^(BOOL|BIT|SINT|INT|DINT|LINT|USINT|UINT|UDINT|ULINT|REAL|LREAL|STRING)$/i

function* ofType(
  type: string,
  dimensions: string,
  types: LogixTypes,
  path = '',
  description = '',
  depth = 0,
): Generator<LogixLeaf | Wrong> {
  const sizes = dimensions.split(/[\s,]+/).map(Number)
  const size = sizes[0] ?? 0
  if (sizes.some((one) => !Number.isInteger(one) || one < 0) || sizes.length > 1) {
    yield { wrong: `an array of ${dimensions} without its values in the export` }
    return
  }
  if (size > 0) {
    for (let index = 0; index < size; index += 1) {
      yield* ofType(type, '', types, `${path}[${index}]`, description, depth + 1)
    }
    return
  }
  if (elementary.test(type)) {
    yield { path, type: type.toUpperCase(), radix: '', description }
    return
  }
  const members = childNamed(types.get(type.toUpperCase()) ?? nothing, 'Members')
  if (members === undefined || depth > depthMax) {
    yield { wrong: `the export has neither the values nor the members of the type ${type}` }
    return
  }
  // Logix packs the bits of a type into hidden members of their own.
  const visible = childrenNamed(members, 'Member').filter(
    (member) => attribute(member, 'Hidden') !== 'true',
  )
  if (visible.length === 0) yield { wrong: `the type ${type} has no members to read` }
  for (const member of visible) {
    const inner = `${path}.${attribute(member, 'Name')}`
    const own = wholeText(childNamed(member, 'Description'))
    const count = attribute(member, 'Dimension')
    yield* ofType(attribute(member, 'DataType'), count, types, inner, own, depth + 1)
  }
}

const nothing: Element = {
  name: '',
  attributes: new Map(),
  children: [],
  text: '',
  place: { line: 1, column: 1 },
}
