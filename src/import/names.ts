// Names of tags made fit for the plant file: letters that it does not take are spelled out, and two tags never share a name.

import { tagSchema } from '../config/schema.ts'

const lengthMax = 60
/** Of what the list calls a name; more of it could not show in the end. */
const originalMax = 500

const spelledOut: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  ß: 'ss',
  å: 'aa',
  Å: 'Aa',
  ø: 'oe',
  Ø: 'Oe',
  æ: 'ae',
  Æ: 'Ae',
}

/** Names in use, each with the number that its next copy tries first: lists may hold one name a thousand times. */
export type Names = Map<string, number>

/** A name that the plant file takes and that `names` does not hold yet; it is added there. */
export function legalName(original: string, names: Names): string {
  const wanted = legal(original)
  let copy = names.get(wanted) ?? 1
  let name = wanted
  while (names.has(name)) {
    copy += 1
    const ending = `_${copy}`
    name = `${wanted.slice(0, lengthMax - ending.length)}${ending}`
  }
  names.set(wanted, copy)
  names.set(name, names.get(name) ?? 1)
  return name
}

function legal(original: string): string {
  const spelled = original
    .slice(0, originalMax)
    .normalize('NFC')
    .replace(/[äöüÄÖÜßåÅøØæÆ]/g, (letter) => spelledOut[letter] ?? '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    // Array positions read as members: `Pump[3].Run` is `Pump.3.Run`.
    .replace(/\[([\d,\s]+)\]/g, (_, index: string) => `.${index.trim().replace(/[,\s]+/g, '.')}`)
    .replace(/[^A-Za-z0-9_.:/-]+/g, '_')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, lengthMax)
    .replace(/_+$/, '')
  const name = spelled === '' ? 'tag' : spelled
  return tagSchema.shape.name.safeParse(name).success ? name : `tag_${name}`.slice(0, lengthMax)
}
