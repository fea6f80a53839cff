// Names of tags made fit for the plant file: letters that it does not take are spelled out, and two tags never share a name.

import { tagSchema } from '../config/schema.ts'

const lengthMax = 60

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

/** A name that the plant file takes and that `taken` does not hold yet; it is added there. */
export function legalName(original: string, taken: Set<string>): string {
  const wanted = legal(original)
  let name = wanted
  for (let copy = 2; taken.has(name); copy += 1) {
    const ending = `_${copy}`
    name = `${wanted.slice(0, lengthMax - ending.length)}${ending}`
  }
  taken.add(name)
  return name
}

function legal(original: string): string {
  const spelled = original
    .normalize('NFC')
    .replace(/[äöüÄÖÜßåÅøØæÆ]/g, (letter) => spelledOut[letter] ?? '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    // Array positions read as members: `Pump[3].Run` is `Pump.3.Run`.
    .replace(/\[\s*([\d,\s]+)\s*\]/g, (_, index: string) => `.${index.replace(/[,\s]+/g, '.')}`)
    .replace(/[^A-Za-z0-9_.:/-]+/g, '_')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, lengthMax)
    .replace(/_+$/, '')
  const name = spelled === '' ? 'tag' : spelled
  return tagSchema.shape.name.safeParse(name).success ? name : `tag_${name}`.slice(0, lengthMax)
}
