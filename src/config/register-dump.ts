// A file of register contents to try a profile on: recorded from a device, or made from the maker's document. Each dump says what
// it shows and may say what the profile must make of it.

import { z } from 'zod'
import { type Area, isWrong, parseRegister } from './address.ts'
import { shapeFaults } from './faults.ts'
import { type ConfigFault, inOrder, readSource, type Source } from './source.ts'

export type RegisterDump = {
  readonly what: string
  /** The word of a register (0 to 65535) or the bit of a coil or input (0 or 1); undefined where the dump has none. */
  readonly wordAt: (area: Area, address: number) => number | undefined
  /** Signals and derived values that must come out; `unknown` stands for "not known". */
  readonly expect: Readonly<Record<string, number | string | boolean>>
}

export type DumpFile = {
  readonly profile: string
  readonly origin: 'recorded' | 'made'
  readonly dumps: readonly RegisterDump[]
}

/** Reads a dump file (YAML, at most 1 MB); every fault at once, with its line and column. */
export function readDumpFile(
  file: string,
): { readonly file: DumpFile } | { readonly faults: readonly ConfigFault[] } {
  const read = readSource(file)
  if ('faults' in read) return read
  const shape = [...read.source.faults, ...shapeFaults(dumpFileSchema, read.source)]
  if (shape.length > 0) return { faults: inOrder(shape) }
  const { profile, origin, dumps } = dumpFileSchema.parse(read.source.value)
  const faults: ConfigFault[] = []
  const built = dumps.map((dump, index) => ({
    what: dump.what,
    wordAt: wordsOf(dump, read.source, index, faults),
    expect: dump.expect,
  }))
  return faults.length > 0
    ? { faults: inOrder(faults) }
    : { file: { profile, origin, dumps: built } }
}

const word = z.int().min(0).max(65_535)
const dumpSchema = z.strictObject({
  what: z.string().min(1).describe('What the dump shows, in words.'),
  fill: word.optional().describe('Content of every register that is not named.'),
  registers: z
    .record(
      z.string(),
      z.union([word, z.array(word)], { error: 'expected a word or a list of words' }),
    )
    .default({})
    .describe('Area and first address to a word or several: `hr:0: 0x000E`, `hr:128: [0, 3600]`.'),
  expect: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).default({}),
})
const dumpFileSchema = z.strictObject({
  profile: z.string(),
  origin: z.enum(['recorded', 'made']),
  dumps: z.array(dumpSchema).min(1),
})

function wordsOf(
  { registers, fill }: z.output<typeof dumpSchema>,
  source: Source,
  index: number,
  faults: ConfigFault[],
): RegisterDump['wordAt'] {
  const words = new Map<string, number>()
  for (const [place, content] of Object.entries(registers)) {
    const wrong = takeWords(words, place, [content].flat())
    const path = ['dumps', index, 'registers', place]
    if (wrong !== undefined) faults.push(source.fault(path, wrong, 'key'))
  }
  const highest = (area: Area): number => (area === 'co' || area === 'di' ? 1 : 65_535)
  return (area, address) => {
    const named = words.get(`${area}:${address}`)
    return named ?? (fill === undefined ? undefined : Math.min(fill, highest(area)))
  }
}

/** Notes words from a place on; answers what is wrong with them. */
function takeWords(
  words: Map<string, number>,
  place: string,
  content: readonly number[],
): string | undefined {
  const parsed = parseRegister(place)
  if (isWrong(parsed)) return parsed.wrong
  const { area, address, bit } = parsed
  if (bit !== undefined) return `a dump holds whole words; leave ".${bit}" away`
  for (const [index, value] of content.entries()) {
    const key = `${area}:${address + index}`
    if (address + index > 65_535) return `reaches to ${key}; the last is 65535`
    if (words.has(key)) return `${key} stands in the dump already`
    if ((area === 'co' || area === 'di') && value > 1) return `${key} is 0 or 1, found ${value}`
    words.set(key, value)
  }
  return undefined
}
