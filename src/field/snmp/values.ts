// What the objects of an SNMP agent hold to the values of signals. Pure, and it never throws.

import type { Value } from '../../core/image.ts'
import type { SnmpSignal } from '../../core/plant.ts'
import { flagMeaning, meansUnknown, unknown } from '../meaning.ts'
import { numberValue, textValue } from '../plain-value.ts'
import type { Datum } from './session.ts'

/** One signal's value: a number with its scale or name, a text or name, or a truth (1 true, 2 false, as SNMP has it). */
export function snmpValue(signal: SnmpSignal, datum: Datum | undefined): Value {
  if (datum === undefined) return unknown('not reported by this UPS')
  if (datum.kind === 'none') return unknown(datum.why)
  if (signal.type === 'string') return stringValue(datum)
  if (datum.kind !== 'number') return unknown('is a text, expected a number')
  if (signal.type === 'bool') return truthValue(signal, datum.number)
  return numberValue(signal, datum.number)
}

function stringValue(datum: Exclude<Datum, { kind: 'none' }>): Value {
  if (datum.kind === 'number') return unknown(`reads ${datum.number}, expected a text`)
  return textValue(datum.kind === 'name' ? datum.name : datum.bytes.toString('utf8'))
}

function truthValue(signal: SnmpSignal, raw: number): Value {
  if (signal.unknownWhen.includes(raw)) return meansUnknown(String(raw))
  if (raw === 1 || raw === 2) return flagMeaning(signal)(raw === 1 ? 1 : 0)
  return unknown(`reads ${raw}, expected 1 for true or 2 for false`)
}
