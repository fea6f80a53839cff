// What the import tests share: one of the realistic lists beside them, converted; and its tags inside a whole plant file.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type LoadResult, loadPlant } from '../../src/config/load.ts'
import { type Conversion, convert } from '../../src/import/convert.ts'
import { type ListFormat, readList, readMapping } from '../../src/import/read-list.ts'
import { isFault, type ListFault } from '../../src/import/tag-list.ts'
import { writeYaml } from '../../src/import/write-yaml.ts'

export const fixture = (name: string): string => path.join(import.meta.dirname, 'fixtures', name)

export type Given = { readonly format?: ListFormat; readonly map?: string }

export const imported = (name: string, given: Given = {}): Conversion =>
  importedBytes(readFileSync(fixture(name)), given)

export const importedText = (text: string, given: Given = {}): Conversion =>
  importedBytes(Buffer.from(text), given)

export function importedBytes(bytes: Uint8Array, { format, map }: Given = {}): Conversion {
  const mapping = map === undefined ? undefined : readMapping(readFileSync(fixture(map)))
  assert.ok(mapping === undefined || !isFault(mapping))
  const list = readList(bytes, format, mapping)
  if (isFault(list)) assert.fail(`${list.line}:${list.column} ${list.message}`)
  return convert(list)
}

/** The fault that a text ends with. */
export function faultOf(text: string | Uint8Array, format?: ListFormat): ListFault {
  const list = readList(typeof text === 'string' ? Buffer.from(text) : text, format, undefined)
  assert.ok(isFault(list), 'the list was read')
  return list
}

/** The entry that the list's own name became. */
export function entryOf({ taken }: Conversion, name: string) {
  const one = taken.find(({ from }) => from.name === name)
  assert.ok(one, `${name} was not taken`)
  return one
}

/** Why a name was left out. */
export function reasonOf({ leftOut }: Conversion, name: string): string {
  const one = leftOut.find((left) => left.name === name)
  assert.ok(one, `${name} was not left out`)
  return one.reason
}

const unit = (number: number, way: string): string =>
  `{ location: rack ${number}, number: ${number}, paths: [${way}] }`

/** The YAML of a conversion as the tags of a sound plant file, on disk, through the real loader. */
export function loadWith(conversion: Conversion, reachedBy: 'modbus' | 'opcua'): LoadResult {
  const way =
    reachedBy === 'modbus'
      ? "{ modbus: 'tcp://127.0.0.1:15020' }"
      : "{ opcua: 'opc.tcp://127.0.0.1:4840' }"
  const status = reachedBy === 'modbus' ? "{ at: 'hr:1000'" : "{ at: { opcua: 'ns=3;s=STATUS' }"
  const folder = mkdtempSync(path.join(tmpdir(), 'import-'))
  try {
    mkdirSync(path.join(folder, 'profiles'))
    writeFileSync(
      path.join(folder, 'profiles', 'block.yaml'),
      `name: block\nkind: unit\nverified: false\nsource: test\nsignals:\n  status: ${status}, type: words, words: 22 }\n`,
    )
    // `writeYaml` with a pair begins a list of pairs, whose first entry goes on here.
    const pairs = writeYaml(conversion, 'a list', 'intake').trimEnd()
    const text = `site: Westhaven\n${pairs}\n    profile: block\n    units:\n      A: ${unit(1, way)}\n      B: ${unit(2, way.replace('127.0.0.1', '127.0.0.2'))}\n`
    const file = path.join(folder, 'plant.yaml')
    writeFileSync(file, text)
    return loadPlant(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
