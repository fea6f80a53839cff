// XML read without trust: no document type and so no entities of its own, no names resolved outside the file, limits on
// depth. Answers with plain elements that know their line and column.

import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { ListFault, ListPlace } from './tag-list.ts'

export type Element = {
  /** Without its namespace prefix. */
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly Element[]
  /** Text and CDATA directly inside, without blanks at the ends. */
  readonly text: string
  readonly place: ListPlace
}

const depthMax = 100

/**
 * Parses a whole document. Elements named in `skipped` are kept without their content: the bulk of a project export is
 * program text that nobody asks for.
 */
export function readXml(source: string, skipped: readonly string[]): Element | ListFault {
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const places = placesIn(text)
  const documentType = text.search(/<!DOCTYPE/i)
  const first = text.search(/<[A-Za-z_]/)
  if (first < 0) return { ...places(0), message: 'this is no XML; expected a tag export' }
  if (documentType >= 0 && documentType < first) {
    const message =
      'a document type (DOCTYPE) is not accepted, since it may hold entities; delete it'
    return { ...places(documentType), message }
  }
  const valid = XMLValidator.validate(text)
  if (valid !== true) {
    const { line, col, msg } = valid.err
    // The validator does not know the place of everything, a comment without end for example.
    return { line: line || 1, column: col || 1, message: `XML: ${msg.replace(/\.$/, '')}` }
  }
  return parse(text, skipped, places)
}

type Places = (index: number) => ListPlace

function parse(text: string, skipped: readonly string[], places: Places): Element | ListFault {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    captureMetaData: true,
    maxNestedTags: depthMax,
    stopNodes: skipped.map((name) => `..${name}`),
  })
  let nodes: unknown
  try {
    nodes = parser.parse(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { line: 1, column: 1, message: `XML: ${message}` }
  }
  const root = elementsOf(nodes, new Set(skipped), places)[0]
  return root ?? { line: 1, column: 1, message: 'this is no XML; expected a tag export' }
}

const indexKey = XMLParser.getMetaDataSymbol() as symbol

// The parser gives, for each node, an object with the name as its first key and the attributes under ":@".
function elementsOf(nodes: unknown, skipped: ReadonlySet<string>, places: Places): Element[] {
  if (!Array.isArray(nodes)) return []
  return nodes.flatMap((node: Readonly<Record<string | symbol, unknown>>) => {
    const name = Object.keys(node).find((key) => key !== ':@')
    if (name === undefined || name.startsWith('#')) return []
    const content = node[name]
    const { startIndex = 0 } = (node[indexKey] ?? {}) as { startIndex?: number }
    return [
      {
        name,
        attributes: attributesOf(node[':@']),
        children: skipped.has(name) ? [] : elementsOf(content, skipped, places),
        text: skipped.has(name) ? '' : textOf(content),
        place: places(startIndex),
      },
    ]
  })
}

function attributesOf(given: unknown): ReadonlyMap<string, string> {
  const entries = Object.entries((given ?? {}) as Readonly<Record<string, unknown>>)
  return new Map(entries.map(([key, value]) => [key, decodeEntities(String(value))]))
}

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return ''
  const texts = content.flatMap((node: Readonly<Record<string, unknown>>) =>
    '#text' in node ? [String(node['#text'])] : [],
  )
  return decodeEntities(texts.join('')).trim()
}

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
}

/** The five entities of XML and character numbers; nothing else has a meaning without a document type. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,8}));/g, (whole, ...found) => {
    const [decimal, hex, name] = found as (string | undefined)[]
    if (name !== undefined) return entities[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : whole
  })
}

function placesIn(text: string): Places {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (index) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= index) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: index - (starts[low] ?? 0) + 1 }
  }
}

export const attribute = (element: Element, name: string): string =>
  element.attributes.get(name) ?? ''

export const childNamed = (element: Element, name: string): Element | undefined =>
  element.children.find((child) => child.name === name)

export const childrenNamed = (element: Element, name: string): readonly Element[] =>
  element.children.filter((child) => child.name === name)

/** The element and everything below it, each once, from the top. */
export function* everyElement(element: Element): Generator<Element> {
  yield element
  for (const child of element.children) yield* everyElement(child)
}

/** All text below an element, blanks folded. */
export const wholeText = (element: Element | undefined): string =>
  element === undefined
    ? ''
    : [...everyElement(element)]
        .map(({ text }) => text)
        .join(' ')
        .replace(/\s+/g, ' ')
        .trim()
