// The text of one configuration file and where everything stands in it. Reads YAML once, with limits, and afterwards answers
// "at which line and column is this path?", so that every fault can point at its place.

import { readFileSync, statSync } from 'node:fs'
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from 'yaml'

/** Way to a value: keys and list positions from the top of the file. */
export type KeyPath = readonly (string | number)[]

/** One thing wrong (or doubtful) at one place of one file. */
export type ConfigFault = {
  readonly file: string
  readonly line: number
  readonly column: number
  /** Written as `pairs[0].scan_ms`; empty for the file as a whole. */
  readonly path: string
  readonly message: string
}

export type Source = {
  readonly file: string
  readonly text: string
  /** The values as plain data; undefined for an empty file. */
  readonly value: unknown
  /** Faults of YAML that leave the values readable, so that the rest can still be judged. */
  readonly faults: readonly ConfigFault[]
  /** A fault at a path: `key` points at the key's name, `value` at what it holds. */
  readonly fault: (path: KeyPath, message: string, at?: 'key' | 'value') => ConfigFault
}

/** A source, or the faults that leave nothing to look at. */
export type Reading = { readonly source: Source } | { readonly faults: readonly ConfigFault[] }

// A plant of 200 pairs with 50 tags each stays below this; anything larger is not a plant file.
const sizeMax = 1_000_000

/** One line for a person: `plant.yaml:14:7 pairs[0].pol_ms: unknown key "pol_ms"`. */
export function faultText(fault: ConfigFault): string {
  const place = `${fault.file}:${fault.line}:${fault.column}`
  return fault.path === ''
    ? `${place} ${fault.message}`
    : `${place} ${fault.path}: ${fault.message}`
}

/** By place in the file; faults at one place keep the order in which they were found. */
export const inOrder = (faults: readonly ConfigFault[]): readonly ConfigFault[] =>
  faults.toSorted((a, b) => a.line - b.line || a.column - b.column)

/** Reads and parses a file; answers with faults alone when its values cannot be known. */
export function readSource(file: string): Reading {
  const text = readText(file)
  return typeof text === 'string' ? parseSource(file, text) : { faults: [text] }
}

// A text that was read already; `file` is only named in faults.
function parseSource(file: string, text: string): Reading {
  try {
    return parse(file, text)
  } catch (error) {
    // The parser recurses; brackets nested by the thousand exhaust the stack.
    if (!(error instanceof RangeError)) throw error
    const message = 'the file is nested too deeply'
    return { faults: [{ file, line: 1, column: 1, path: '', message }] }
  }
}

function parse(file: string, text: string): Reading {
  const counter = new LineCounter()
  const at: PlaceFault = (offset, path, message) => {
    const { line, col } = counter.linePos(offset)
    return {
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      path: pathText(path),
      message,
    }
  }
  const options = { lineCounter: counter, prettyErrors: false, merge: false }
  const [first, second] = parseAllDocuments(text, options)
  if (first === undefined) return { source: emptySource(file, text, at) }
  const [readable, fatal] = yamlFaults(first, at)
  if (fatal.length > 0) return { faults: inOrder([...readable, ...fatal]) }
  const faults =
    second === undefined
      ? readable
      : [
          ...readable,
          at(second.range?.[0] ?? 0, [], 'only one YAML document may stand in the file'),
        ]
  const contents = first.contents
  const fault: Source['fault'] = (path, message, place = 'value') =>
    at(offsetOf(contents, path, place), path, message)
  return { source: { file, text, value: first.toJS(), faults, fault } }
}

function readText(file: string): string | ConfigFault {
  const fault = (message: string): ConfigFault => ({ file, line: 1, column: 1, path: '', message })
  try {
    const { size } = statSync(file)
    if (size > sizeMax) return fault(`the file has ${size} bytes; at most ${sizeMax} are read`)
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return fault('no such file')
    if (code === 'EISDIR') return fault('this is a folder, not a file')
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return fault('the file is not UTF-8 text')
    return fault(`cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const emptySource = (file: string, text: string, at: PlaceFault): Source => ({
  file,
  text,
  value: undefined,
  faults: [],
  fault: (path, message) => at(0, path, message),
})

type PlaceFault = (offset: number, path: KeyPath, message: string) => ConfigFault

// A key that stands twice or an unknown tag leaves the values readable. After any other error nobody knows what was meant, and
// an alias could blow a small file up to any size.
function yamlFaults(
  document: Pick<Document, 'errors' | 'warnings'> & { readonly contents: unknown },
  at: PlaceFault,
): readonly [readable: readonly ConfigFault[], fatal: readonly ConfigFault[]] {
  // The parser catches its own overflow and goes on.
  if (document.errors.some(({ message }) => message.includes('call stack'))) {
    throw new RangeError('the YAML parser ran out of stack')
  }
  const twice = document.errors.filter((error) => error.code === 'DUPLICATE_KEY')
  const broken = document.errors.filter((error) => error.code !== 'DUPLICATE_KEY')
  const readable = [
    ...twice.map((error) => at(error.pos[0], [], 'this key stands twice in the same place')),
    ...document.warnings.map((warning) => at(warning.pos[0], [], `YAML: ${warning.message}`)),
  ]
  const fatal = [
    ...broken.map((error) => at(error.pos[0], [], `YAML: ${error.message}`)),
    ...aliasOffsets(document.contents).map((offset) =>
      at(offset, [], 'anchors and aliases are not used in this file; write the value out'),
    ),
  ]
  return [readable, fatal]
}

function aliasOffsets(contents: unknown): number[] {
  const offsets: number[] = []
  const note = (node: Node): void => {
    if (node.range) offsets.push(node.range[0])
  }
  if (contents === null || !(isMap(contents) || isSeq(contents))) return offsets
  visit(contents, {
    Node: (_key, node) => {
      if (isAlias(node) || node.anchor !== undefined) note(node)
    },
  })
  return offsets
}

/** `pairs[0].units.A`; keys that are not plain words are quoted. */
const pathText = (path: KeyPath): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    const word = /^[\w-]+$/.test(key) ? key : JSON.stringify(key)
    return text === '' ? word : `${text}.${word}`
  }, '')

// Walks as far as the path exists; what is missing is reported at the place that should hold it.
function offsetOf(contents: unknown, path: KeyPath, place: 'key' | 'value'): number {
  let node: unknown = contents
  let offset = startOf(contents) ?? 0
  for (const [index, key] of path.entries()) {
    const last = index === path.length - 1
    if (isSeq(node) && typeof key === 'number') {
      node = node.items[key]
      offset = startOf(node) ?? offset
    } else if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      if (pair === undefined) return offset
      const keyOffset = startOf(pair.key) ?? offset
      node = pair.value
      const empty = isScalar(node) && node.value === null
      offset = (last && place === 'key') || empty ? keyOffset : (startOf(node) ?? keyOffset)
    } else return offset
  }
  return offset
}

const startOf = (node: unknown): number | undefined =>
  isMap(node) || isSeq(node) || isScalar(node) ? node.range?.[0] : undefined
