// `import FILE`: turns a tag list of an engineering tool into tags for the plant file. The YAML goes to stdout or a new file,
// what happened to stderr; nothing is asked of any device.

import { readFileSync, writeFileSync } from 'node:fs'
import { pairSchema } from '../config/schema.ts'
import { faultText } from '../config/source.ts'
import { type Conversion, convert } from '../import/convert.ts'
import { type ListFormat, listFormats, readList, readMapping } from '../import/read-list.ts'
import { importJson, summary } from '../import/report.ts'
import { type AddressMap, isFault, type ListFault } from '../import/tag-list.ts'
import { writeYaml } from '../import/write-yaml.ts'
import { type ExitCode, exitCode, Halt, nearestWord, usageFault } from './outcome.ts'

export type ImportOptions = {
  readonly format?: string
  readonly pair?: string
  readonly out?: string
  readonly force?: boolean
  readonly json?: boolean
  /** CSV of name and address, for the formats without addresses. */
  readonly map?: string
}

/** Where the answer goes as it is, and lines for the person. */
export type ImportPorts = {
  readonly write: (text: string) => void
  readonly error: (line: string) => void
}

/** Answers 0 when tags were taken, doubtful or not; 1 when none could be; 2 when the file or the options are wrong. */
export function importList(file: string, options: ImportOptions, ports: ImportPorts): ExitCode {
  const format = formatOf(options.format)
  const pair = pairOf(options.pair)
  if (options.map !== undefined && format === 'csv') {
    throw usageFault('--map is for plcopen and l5x; a CSV list has its own addresses')
  }
  const map = options.map === undefined ? undefined : readMapFile(options.map)
  const list = readList(bytesOf(file), format, map)
  if (isFault(list)) throw listFault(file, list)
  if (map !== undefined && list.format === 'csv') {
    throw usageFault('--map is for plcopen and l5x; a CSV list has its own addresses')
  }
  const conversion = convert(list)
  for (const line of summary(file, list.format, conversion)) ports.error(line)
  if (conversion.taken.length === 0) return exitCode.failed
  deliver(textOf(file, list.format, conversion, options, pair), options, ports)
  return exitCode.ok
}

function textOf(
  file: string,
  format: ListFormat,
  conversion: Conversion,
  options: ImportOptions,
  pair: string | undefined,
): string {
  if (options.json === true) return `${JSON.stringify(importJson(file, format, conversion))}\n`
  return writeYaml(conversion, file, pair)
}

function formatOf(given: string | undefined): ListFormat | undefined {
  if (given === undefined) return undefined
  const found = listFormats.find((format) => format === given.toLowerCase())
  if (found !== undefined) return found
  const meant = nearestWord(given, listFormats)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  throw usageFault(`--format ${given}: expected ${listFormats.join(', ')}${hint}`)
}

function pairOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  const read = pairSchema.shape.name.safeParse(given)
  if (read.success) return given
  throw usageFault(`--pair ${given}: ${read.error.issues[0]?.message ?? 'not a name'}`)
}

function readMapFile(file: string): AddressMap {
  const map = readMapping(bytesOf(file))
  if (isFault(map)) throw listFault(file, map)
  return map
}

const listFault = (file: string, fault: ListFault): Halt =>
  usageFault(faultText({ file, path: '', ...fault }))

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') throw usageFault(`${file}: no such file; expected a tag list`)
    if (code === 'EISDIR') throw usageFault(`${file}: this is a folder; expected a tag list`)
    throw usageFault(`${file}: cannot be read: ${error instanceof Error ? error.message : code}`)
  }
}

function deliver(text: string, { out, force }: ImportOptions, ports: ImportPorts): void {
  if (out === undefined) {
    ports.write(text)
    return
  }
  try {
    writeFileSync(out, text, { flag: force === true ? 'w' : 'wx' })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST') throw usageFault(`${out} is there already; --force overwrites it`)
    throw new Halt(`${out}: cannot be written: ${error instanceof Error ? error.message : code}`)
  }
  ports.error(`written to ${out}`)
}
