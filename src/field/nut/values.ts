// The variables of a UPS on a NUT server to the values of its signals. Pure, and it never throws.
//
// `ups.status` is a list of words. Words that nobody knows are let pass, as NUT asks of its clients. WAIT means that the
// driver has not heard from the UPS yet, so nothing is known; and a UPS that says OL and OB at once says neither.

import type { Unknown, Value } from '../../core/image.ts'
import type { NutSignal } from '../../core/plant.ts'
import { flagMeaning, unknown } from '../meaning.ts'
import { numberValue, shown, textValue } from '../plain-value.ts'
import type { Variables } from './variable-list.ts'

/** One signal's value: a word that stands or not (`token`), a text, or a strictly decimal number with its scale or name. */
export function nutValue(signal: NutSignal, variables: Variables): Value {
  const text = variables.get(signal.variable)
  if (text === undefined) return unknown('not reported by this UPS')
  if (signal.token !== undefined) {
    const stands = standsIn(signal.token, text)
    return typeof stands === 'boolean' ? flagMeaning(signal)(Number(stands)) : stands
  }
  if (signal.type === 'string') return textValue(text)
  return decimal.test(text)
    ? numberValue(signal, Number(text))
    : unknown(`reads ${shown(text)}, expected a number`)
}

/** Up to 15 digits before the point, so that every whole number is exact. */
const decimal = /^[+-]?\d{1,15}(?:\.\d{1,15})?$/

function standsIn(token: string, text: string): boolean | Unknown {
  const tokens = text.split(' ').filter((one) => one !== '')
  if (tokens.length === 0) return unknown('the status is empty')
  if (tokens.includes('WAIT')) return unknown('the NUT server waits for the first data of the UPS')
  const contradictory = tokens.includes('OL') && tokens.includes('OB')
  if (contradictory && (token === 'OL' || token === 'OB')) {
    return unknown('the UPS says on mains and on battery at once')
  }
  return tokens.includes(token)
}
