// Rules on the tags of a pair: addresses and types that fit each other, no register read as two different things, and site
// gates that can be met.

import { isWrong, parseRegister, type RegisterAddress } from './address.ts'
import { bumpRules } from './bump-rules.ts'
import { nearest, oneOf } from './faults.ts'
import type { Profiles } from './profile.ts'
import { tagSchema } from './schema.ts'
import { parseSignalAddress, type WrittenAddress } from './signal-address.ts'
import { each, type Finding, field, repeated, type Tree, textOf } from './tree.ts'
import { valueWrong, wordCount } from './value-rules.ts'

export function tagRules(root: Tree, profiles: Profiles): readonly Finding[] {
  return each(field(root, 'pairs')).flatMap((pair) => {
    const tags = each(field(pair, 'tags'))
    const names = tags.map((tag) => field(tag, 'name'))
    return [
      ...repeated(names, (first) => `the tag "${textOf(first)}" is there already`),
      ...tags.flatMap(decodingWrong),
      ...overlaps(pair, tags, profiles),
      ...tags.flatMap(toleranceDoubts),
      ...each(field(field(pair, 'gates'), 'site')).flatMap((gate) => gateWrong(gate, tags)),
      ...bumpRules(tags),
      ...nothingCompared(pair, tags),
    ]
  })
}

const shape = tagSchema.shape

const placeOf = (tag: Tree, path: readonly string[]): Tree =>
  path.reduce((tree, key) => field(tree, key), tag)

function writtenAddress(tag: Tree): WrittenAddress | undefined {
  const read = shape.at.safeParse(field(tag, 'at').value)
  return read.success ? read.data : undefined
}

// Each key by itself, with its default where it is absent or wrong: the schema has told that already.
function decodingOf(tag: Tree) {
  const type = shape.type.safeParse(field(tag, 'type').value).data
  const at = writtenAddress(tag)
  if (type === undefined || at === undefined) return undefined
  const key = <T>(name: keyof typeof shape, otherwise: T): T => {
    const read = shape[name].safeParse(field(tag, name).value)
    return read.success ? (read.data as T) : otherwise
  }
  return {
    at,
    type,
    words: key<number | undefined>('words', undefined),
    scale: key('scale', 1),
    offset: key('offset', 0),
    unknown_when: key<number[]>('unknown_when', []),
    names: key<Record<string, string> | undefined>('names', undefined),
  }
}

function decodingWrong(tag: Tree): readonly Finding[] {
  const decoding = decodingOf(tag)
  if (decoding === undefined) {
    const at = writtenAddress(tag)
    if (at === undefined) return []
    const parsed = parseSignalAddress(at)
    if (!isWrong(parsed)) return []
    const path = parsed.key === undefined ? ['at'] : ['at', parsed.key]
    return [{ at: placeOf(tag, path), message: parsed.wrong }]
  }
  const wrong = valueWrong(decoding)
  return wrong === undefined ? [] : [{ at: placeOf(tag, wrong.path), message: wrong.message }]
}

/** What stands in one register; without a bit it takes the whole of it. */
type Occupant = {
  readonly what: string
  readonly bit?: number | undefined
  readonly bitCount?: number | undefined
}

const commandWords = 18

function overlaps(pair: Tree, tags: readonly Tree[], profiles: Profiles): readonly Finding[] {
  const taken = takenByProfile(pair, profiles)
  return tags.flatMap((tag): readonly Finding[] => {
    const decoding = decodingOf(tag)
    if (decoding === undefined || valueWrong(decoding) !== undefined) return []
    const register = registerOf(decoding.at)
    if (register === undefined) return []
    const what = `tag ${JSON.stringify(textOf(field(tag, 'name')) ?? '?')}`
    const clash = occupy(taken, register, wordCount(decoding), what)
    const path = typeof decoding.at === 'string' ? ['at'] : ['at', 'modbus']
    return clash === undefined ? [] : [{ at: placeOf(tag, path), message: clash }]
  })
}

function registerOf(at: WrittenAddress): RegisterAddress | undefined {
  const parsed = parseSignalAddress(at)
  return isWrong(parsed) ? undefined : parsed.modbus
}

function takenByProfile(pair: Tree, profiles: Profiles): Map<string, Occupant[]> {
  const taken = new Map<string, Occupant[]>()
  const profile = profiles.get(textOf(field(pair, 'profile')) ?? '')
  for (const [key, signal] of Object.entries(profile?.signals ?? {})) {
    const register = registerOf(signal.at)
    if (register === undefined) continue
    const what = key === 'status' ? 'the status block' : `the profile's signal "${key}"`
    occupy(taken, register, wordCount(signal), what)
  }
  const commandAt = profile?.command_at
  const command = parseRegister(
    (typeof commandAt === 'string' ? commandAt : commandAt?.modbus) ?? '',
  )
  if (!isWrong(command)) occupy(taken, command, commandWords, 'the command block')
  return taken
}

/** Notes an occupant in each of its registers; answers with the first clash. */
function occupy(
  taken: Map<string, Occupant[]>,
  { area, address, bit, bitCount }: RegisterAddress,
  words: number,
  what: string,
): string | undefined {
  const occupant = { what, bit, bitCount }
  let clash: string | undefined
  for (let register = address; register < address + words; register += 1) {
    const place = `${area}:${register}`
    const others = taken.get(place) ?? []
    const other = others.find((one) => meet(one, occupant))
    if (other !== undefined) clash ??= `${shown(place, occupant)} belongs to ${other.what} already`
    taken.set(place, [...others, occupant])
  }
  return clash
}

const meet = (one: Occupant, other: Occupant): boolean =>
  one.bit === undefined ||
  other.bit === undefined ||
  (one.bit < other.bit + (other.bitCount ?? 1) && other.bit < one.bit + (one.bitCount ?? 1))

const shown = (place: string, { bit, bitCount }: Occupant): string => {
  if (bit === undefined) return place
  return bitCount === undefined ? `${place}.${bit}` : `${place}.${bit}-${bit + bitCount - 1}`
}

const exactClasses = ['identity', 'discrete', 'enum']
const movingClasses = ['analog', 'analog-own-sensor', 'integrator']

function toleranceDoubts(tag: Tree): readonly Finding[] {
  const kind = textOf(field(tag, 'class')) ?? ''
  const tolerance = field(tag, 'tolerance')
  const given = typeof tolerance.value === 'number' && tolerance.value > 0
  if (given && exactClasses.includes(kind)) {
    const message = `the class ${kind} is compared exactly; leave the tolerance away`
    return [{ at: tolerance, message }]
  }
  if (!given && movingClasses.includes(kind)) {
    const message = `the class ${kind} without a tolerance is judged by what its first 900 samples show`
    return [{ at: field(tag, 'class'), message, warning: true }]
  }
  const type = textOf(field(tag, 'type')) ?? ''
  if (kind === 'counter' && (type.startsWith('float') || type === 'bits')) {
    const message = `of type ${type} nobody knows where the counter starts again; for a moment it is then not compared well`
    return [{ at: field(tag, 'class'), message, warning: true }]
  }
  return []
}

function gateWrong(gate: Tree, tags: readonly Tree[]): readonly Finding[] {
  const at = field(gate, 'tag')
  const name = textOf(at)
  if (name === undefined) return []
  const tag = tags.find((one) => field(one, 'name').value === name)
  if (tag === undefined) {
    const names = tags.map((one) => textOf(field(one, 'name'))).filter((one) => one !== undefined)
    const meant = nearest(name, names)
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
    return [{ at, message: `the pair has no tag "${name}"${hint}` }]
  }
  return equalsWrong(field(gate, 'equals'), tag, name)
}

function equalsWrong(equals: Tree, tag: Tree, name: string): readonly Finding[] {
  const decoding = decodingOf(tag)
  if (decoding === undefined || equals.value === undefined) return []
  const found = JSON.stringify(equals.value)
  if (decoding.type === 'bit' || decoding.type === 'bool') {
    if (typeof equals.value === 'boolean') return []
    return [{ at: equals, message: `"${name}" is true or false, so it never equals ${found}` }]
  }
  if (decoding.names !== undefined) {
    const words = Object.values(decoding.names)
    if (words.some((word) => word === equals.value)) return []
    return [{ at: equals, message: `"${name}" is ${oneOf(words)}, so it never equals ${found}` }]
  }
  if (typeof equals.value === 'number') return []
  return [{ at: equals, message: `"${name}" is a number, so it never equals ${found}` }]
}

function nothingCompared(pair: Tree, tags: readonly Tree[]): readonly Finding[] {
  if (typeof pair.value !== 'object' || pair.value === null) return []
  if (tags.some((tag) => field(tag, 'class').value !== 'volatile')) return []
  const message =
    'no tag is compared: the pair is never in sync, so no planned switchover is possible'
  return [{ at: pair, message, warning: true }]
}
