// Reads the variables of a PLCopen XML export (TC6 0200 and 0201): those with an address, arrays and structures taken apart.

import { readAddress } from './addresses.ts'
import { readType } from './data-types.ts'
import { type ProjectTypes, projectTypes, shapeIn } from './plcopen-types.ts'
import {
  type AddressMap,
  isFault,
  type LeftOut,
  type ListedTag,
  type ListFault,
  mapKey,
  type TagList,
  type Where,
} from './tag-list.ts'
import { type Leaf, leavesOf } from './type-shape.ts'
import { attribute, childNamed, childrenNamed, type Element, readXml, wholeText } from './xml.ts'

const programText = ['body', 'actions', 'transitions'] as const

/** `map` gives addresses to variables that have none, and wins over those that they have. */
export function readPlcopen(text: string, map?: AddressMap): TagList | ListFault {
  const root = readXml(text, programText)
  if (isFault(root)) return root
  if (root.name !== 'project') {
    const message = `expected a PLCopen project, found <${root.name}>`
    return { ...root.place, message: message + hintFor(root.name) }
  }
  const types = projectTypes(root)
  const read = [...variablesIn(root, '', false)].flatMap((variable) => expand(variable, types, map))
  return {
    tags: read.filter((one): one is ListedTag => !('reason' in one)),
    leftOut: read.filter((one): one is LeftOut => 'reason' in one),
    notes: [],
  }
}

const hintFor = (name: string): string =>
  name === 'RSLogix5000Content' ? '; this is a Rockwell export, take --format l5x' : ''

type Variable = {
  readonly name: string
  readonly element: Element
  readonly constant: boolean
}

// What another list declares (external) or only leads to it (access) is not taken twice.
const notHere = ['externalVars', 'accessVars', 'dataTypes']

/** Variables with the name of the program or list that holds them. */
function* variablesIn(element: Element, owner: string, constant: boolean): Generator<Variable> {
  if (notHere.includes(element.name)) return
  if (element.name === 'variable') {
    const name = attribute(element, 'name')
    yield { name: owner === '' ? name : `${owner}.${name}`, element, constant }
    return
  }
  const names = element.name === 'pou' || element.name === 'globalVars'
  const inner = (names && attribute(element, 'name')) || owner
  const fixed = constant || attribute(element, 'constant') === 'true'
  for (const child of element.children) yield* variablesIn(child, inner, fixed)
}

function expand(
  variable: Variable,
  types: ProjectTypes,
  map: AddressMap | undefined,
): readonly (ListedTag | LeftOut)[] {
  const { name, element } = variable
  const left = (reason: string): readonly LeftOut[] => [{ name, place: element.place, reason }]
  const address =
    map?.get(mapKey(name)) ??
    map?.get(mapKey(attribute(element, 'name'))) ??
    attribute(element, 'address')
  if (address === '') return left('no address')
  const shape = shapeIn(childNamed(element, 'type'), types)
  if (shape.kind === 'elementary') return [single(variable, shape.type, address)]
  const leaves = leavesOf(shape)
  if ('wrong' in leaves) return left(leaves.wrong)
  const base = baseOf(address)
  if ('wrong' in base) return left(base.wrong)
  return leaves.map((leaf) => part(variable, leaf, base))
}

function single(variable: Variable, type: string, address: string): ListedTag | LeftOut {
  const { name, element } = variable
  const left = (reason: string): LeftOut => ({ name, place: element.place, reason })
  const known = readType(type)
  if ('wrong' in known) return left(known.wrong)
  const read = readAddress(address, known.type === 'bool', 'iec')
  if ('wrong' in read) return left(read.wrong)
  return listed(variable, {
    type,
    where: read.where,
    doubts: read.doubt === undefined ? [] : [read.doubt],
  })
}

function listed(
  { name, element, constant }: Variable,
  known: Pick<ListedTag, 'type' | 'where' | 'doubts'>,
): ListedTag {
  return {
    name,
    place: element.place,
    description: descriptionOf(element),
    units: '',
    ...(constant ? { constant } : {}),
    ...known,
  }
}

function descriptionOf(element: Element): string {
  const text = wholeText(childNamed(element, 'documentation'))
  const initial = childNamed(element, 'initialValue')
  const value = initial && childrenNamed(initial, 'simpleValue')[0]
  const first = value === undefined ? '' : `(initially ${attribute(value, 'value')})`
  return [text, first].filter((one) => one !== '').join(' ')
}

/** Where an array or structure begins: a byte of an area of registers, or a node that its members extend. */
type Base = { readonly area: 'hr' | 'ir'; readonly byte: number } | { readonly node: string }

function baseOf(address: string): Base | { readonly wrong: string } {
  const byte = /^%M(?:B(\d{1,6})|X(\d{1,6})(?:\.0)?)$/i.exec(address.trim())
  if (byte !== null) return { area: 'hr', byte: Number(byte[1] ?? byte[2]) }
  const read = readAddress(address, false, 'iec')
  if ('wrong' in read) return read
  const { where } = read
  if (where.kind === 'node') return { node: where.node }
  if ((where.area === 'hr' || where.area === 'ir') && where.bit === undefined) {
    return { area: where.area, byte: where.address * 2 }
  }
  return { wrong: `${address}: an array or structure begins in a register` }
}

function part(variable: Variable, leaf: Leaf, base: Base): ListedTag | LeftOut {
  const name = `${variable.name}${leaf.path}`
  const placed = placeOf(leaf, base)
  if ('wrong' in placed) return { name, place: variable.element.place, reason: placed.wrong }
  const tag = listed(variable, { type: leaf.type, where: placed.where, doubts: placed.doubts })
  const description = [tag.description, leaf.description].filter((text) => text !== '').join(': ')
  return { ...tag, name, description, ...(leaf.names === undefined ? {} : { names: leaf.names }) }
}

type Placed = { readonly where: Where; readonly doubts: readonly string[] }

function placeOf(leaf: Leaf, base: Base): Placed | { readonly wrong: string } {
  if ('node' in base) {
    return { where: { kind: 'node', node: `${base.node}${leaf.path}` }, doubts: [] }
  }
  const byte = base.byte + leaf.byte
  const register = { kind: 'register', area: base.area, address: Math.floor(byte / 2) } as const
  const read = readType(leaf.type)
  const type = 'wrong' in read ? '' : read.type
  const lowest = (byte % 2) * 8
  const doubts = leaf.path.includes('.')
    ? ['the place inside the structure follows from the sizes of the members before it']
    : []
  const inByte = [...doubts, 'a byte of a register: the lower byte is taken to come first']
  if (type === 'bool') return { where: { ...register, bit: lowest }, doubts: inByte }
  if (type === 'uint8') {
    return { where: { ...register, bit: lowest, bitCount: 8 }, doubts: inByte }
  }
  if (type === 'int8')
    return { wrong: 'a signed byte does not fit the registers of the plant file' }
  if (type === 'string') return { wrong: 'a text inside an array or structure is not read' }
  if (byte % 2 !== 0) return { wrong: 'it does not begin at a register' }
  return { where: register, doubts }
}
