// The types of a PLCopen XML project: what stands in a variable's `type` element, with the project's own types looked up.

import { type IndexRange, leavesMax, type Member, type TypeShape } from './type-shape.ts'
import {
  attribute,
  childNamed,
  childrenNamed,
  type Element,
  everyElement,
  wholeText,
} from './xml.ts'

/** The project's own types by name, in capitals: IEC names have no case. */
export type ProjectTypes = {
  readonly elements: ReadonlyMap<string, Element>
  /** Those that were asked for; undefined while one is being made, so that a type inside itself is noticed. */
  readonly shapes: Map<string, TypeShape | undefined>
}

export function projectTypes(root: Element): ProjectTypes {
  const elements = new Map<string, Element>()
  for (const element of everyElement(root)) {
    const base = element.name === 'dataType' ? childNamed(element, 'baseType') : undefined
    if (base !== undefined) elements.set(attribute(element, 'name').toUpperCase(), base)
  }
  return { elements, shapes: new Map() }
}

/** The shape of what stands in a `type` or `baseType` element. */
export function shapeIn(holder: Element | undefined, types: ProjectTypes): TypeShape {
  const element = holder?.children[0]
  if (element === undefined) return { kind: 'unknown', reason: 'it names no type' }
  switch (element.name) {
    case 'derived':
      return derived(attribute(element, 'name'), types)
    case 'array':
      return arrayShape(element, types)
    case 'struct':
      return { kind: 'structure', members: membersOf(element, types) }
    case 'enum':
      return enumeration(element)
    case 'subrangeSigned':
    case 'subrangeUnsigned':
      return shapeIn(childNamed(element, 'baseType'), types)
    case 'pointer':
      return { kind: 'unknown', reason: 'a pointer is no value' }
    case 'string': {
      const length = attribute(element, 'length')
      return { kind: 'elementary', type: length === '' ? 'STRING' : `STRING(${length})` }
    }
    default:
      return { kind: 'elementary', type: element.name.toUpperCase() }
  }
}

function derived(name: string, types: ProjectTypes): TypeShape {
  const key = name.toUpperCase()
  const known = types.shapes.get(key)
  if (known !== undefined) return known
  if (types.shapes.has(key)) return { kind: 'unknown', reason: `the type ${name} contains itself` }
  const base = types.elements.get(key)
  if (base === undefined) {
    return {
      kind: 'unknown',
      reason: `the type ${name} is not in the file, or is a function block`,
    }
  }
  types.shapes.set(key, undefined)
  const shape = shapeIn(base, types)
  types.shapes.set(key, shape)
  return shape
}

function arrayShape(element: Element, types: ProjectTypes): TypeShape {
  const ranges: IndexRange[] = []
  for (const dimension of childrenNamed(element, 'dimension')) {
    const low = Number(attribute(dimension, 'lower') || Number.NaN)
    const high = Number(attribute(dimension, 'upper') || Number.NaN)
    if (!Number.isInteger(low) || !Number.isInteger(high) || high < low) {
      return { kind: 'unknown', reason: 'an array whose limits are no numbers' }
    }
    if (high - low >= leavesMax)
      return { kind: 'unknown', reason: `more than ${leavesMax} elements` }
    ranges.push({ low, high })
  }
  const of = shapeIn(childNamed(element, 'baseType'), types)
  return { kind: 'array', of, ranges }
}

function membersOf(element: Element, types: ProjectTypes): readonly Member[] {
  return childrenNamed(element, 'variable').map((member) => ({
    name: attribute(member, 'name'),
    shape: shapeIn(childNamed(member, 'type'), types),
    description: wholeText(childNamed(member, 'documentation')),
  }))
}

function enumeration(element: Element): TypeShape {
  const values = childNamed(element, 'values')
  const names: Record<string, string> = {}
  let next = 0
  for (const value of values === undefined ? [] : childrenNamed(values, 'value')) {
    const given = attribute(value, 'value')
    const number = given === '' ? next : Number(given)
    if (!Number.isInteger(number) || number < 0 || number > 65_535) {
      return { kind: 'elementary', type: 'INT' }
    }
    names[String(number)] = attribute(value, 'name')
    next = number + 1
  }
  return Object.keys(names).length === 0
    ? { kind: 'elementary', type: 'INT' }
    : { kind: 'enumeration', names }
}
