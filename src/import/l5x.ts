// Reads the tags of a Rockwell L5X export. Logix controllers have no Modbus addresses: a tag becomes the OPC UA node that
// servers commonly give it, or stands where a mapping file says.

import { readAddress } from './addresses.ts'
import { isElementary, readType } from './data-types.ts'
import { type LogixLeaf, type LogixTypes, logixLeaves, logixTypes } from './l5x-values.ts'
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
import { attribute, childNamed, childrenNamed, type Element, readXml, wholeText } from './xml.ts'

const programText = ['Routines', 'AddOnInstructionDefinitions', 'Modules', 'Trends'] as const

/** With a `map`, only what stands in it is taken; without, every tag gets a proposed node. */
export function readL5x(text: string, map?: AddressMap): TagList | ListFault {
  const root = readXml(text, programText)
  if (isFault(root)) return root
  if (root.name !== 'RSLogix5000Content') {
    const hint = root.name === 'project' ? '; this is PLCopen XML, take --format plcopen' : ''
    return { ...root.place, message: `expected <RSLogix5000Content>, found <${root.name}>${hint}` }
  }
  const controller = childNamed(root, 'Controller')
  if (controller === undefined) {
    return { ...root.place, message: 'no <Controller> inside; expected an export with tags' }
  }
  const types = logixTypes(controller)
  const read = tagsOf(controller).flatMap(({ scope, element }) => {
    return expand(`${scope}${attribute(element, 'Name')}`, element, types, map)
  })
  return {
    tags: read.filter((one): one is ListedTag => !('reason' in one)),
    leftOut: read.filter((one): one is LeftOut => 'reason' in one),
    notes: map === undefined ? [nodesProposed] : [],
  }
}

const nodesProposed =
  'an L5X file has no addresses: ns=2;s=TAG is a proposal for each; compare it with the address space of your OPC UA server, or give --map'

type Scoped = { readonly scope: string; readonly element: Element }

function tagsOf(controller: Element): readonly Scoped[] {
  const inside = (holder: Element, scope: string): readonly Scoped[] =>
    childrenNamed(holder, 'Tags')
      .flatMap((tags) => childrenNamed(tags, 'Tag'))
      .map((element) => ({ scope, element }))
  const programs = childrenNamed(controller, 'Programs').flatMap((one) =>
    childrenNamed(one, 'Program'),
  )
  return [
    ...inside(controller, ''),
    ...programs.flatMap((one) => inside(one, `Program:${attribute(one, 'Name')}.`)),
  ]
}

function expand(
  name: string,
  element: Element,
  types: LogixTypes,
  map: AddressMap | undefined,
): readonly (ListedTag | LeftOut)[] {
  const left = (reason: string): readonly LeftOut[] => [{ name, place: element.place, reason }]
  if (attribute(element, 'TagType') === 'Alias') {
    return left(`an alias for ${attribute(element, 'AliasFor')}`)
  }
  if (attribute(element, 'ExternalAccess') === 'None') {
    return left('its external access is None, so nobody outside can read it')
  }
  const leaves = logixLeaves(element, types)
  if ('wrong' in leaves) return left(leaves.wrong)
  const comments = commentsOf(element)
  return leaves.map((leaf) => part(name, element, leaf, comments, map))
}

/** Text of `.SP` or `[3]`, in capitals as Logix writes operands. */
function commentsOf(element: Element): ReadonlyMap<string, string> {
  const comments = childNamed(element, 'Comments')
  return new Map(
    (comments === undefined ? [] : childrenNamed(comments, 'Comment')).map((comment) => [
      attribute(comment, 'Operand').toUpperCase(),
      wholeText(comment),
    ]),
  )
}

function part(
  tag: string,
  element: Element,
  leaf: LogixLeaf,
  comments: ReadonlyMap<string, string>,
  map: AddressMap | undefined,
): ListedTag | LeftOut {
  const name = `${tag}${leaf.path}`
  const left = (reason: string): LeftOut => ({ name, place: element.place, reason })
  if (!isElementary(leaf.type)) return left(`the type ${leaf.type} is no single value`)
  const found = whereOf(name, leaf.type, map)
  if ('wrong' in found) return left(found.wrong)
  const own = comments.get(leaf.path.toUpperCase()) ?? leaf.description
  const text = [wholeText(childNamed(element, 'Description')), own, radixText(leaf.radix)]
  return {
    name,
    place: element.place,
    type: leaf.type,
    where: found.where,
    description: text.filter((one) => one !== '').join(': '),
    units: '',
    ...(attribute(element, 'Constant') === 'true' ? { constant: true } : {}),
    doubts: found.doubts,
  }
}

const radixText = (radix: string): string => (/^date/i.test(radix) ? 'date and time' : '')

type Found = { readonly where: Where; readonly doubts: readonly string[] }

function whereOf(
  name: string,
  type: string,
  map: AddressMap | undefined,
): Found | { readonly wrong: string } {
  if (map === undefined) return { where: { kind: 'node', node: `ns=2;s=${name}` }, doubts: [] }
  const address = map.get(mapKey(name))
  if (address === undefined) return { wrong: 'not in the mapping file' }
  const known = readType(type)
  const read = readAddress(address, !('wrong' in known) && known.type === 'bool', 'schneider')
  if ('wrong' in read) return { wrong: `mapping file: ${read.wrong}` }
  return { where: read.where, doubts: read.doubt === undefined ? [] : [read.doubt] }
}
