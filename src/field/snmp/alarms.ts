// The alarms that stand at a UPS, from the table upsAlarmTable of RFC 1628 (section 6.2): a row comes when an alarm begins and
// goes when it ends, with numbers that nobody knows before. upsAlarmsPresent says how many there are, so that the table is
// only walked when there is something in it.

import type { Unknown } from '../../core/image.ts'
import { unknown } from '../meaning.ts'
import type { Datum, SnmpFailure, SnmpSession } from './session.ts'

/** The column upsAlarmDescr; a signal names an alarm in it as `COLUMN#ALARM`. */
export const alarmColumn = '1.3.6.1.2.1.33.1.6.2.1.2'
/** How many alarms stand: upsAlarmsPresent. */
export const alarmsPresent = '1.3.6.1.2.1.33.1.6.1.0'

export type AlarmsRead =
  | { readonly kind: 'read'; readonly alarms: ReadonlySet<string> | Unknown }
  | SnmpFailure

/** The names of the alarms that stand; unknown when the UPS does not say, or contradicts itself. */
export async function readAlarms(
  session: Pick<SnmpSession, 'next'>,
  present: Datum | undefined,
): Promise<AlarmsRead> {
  if (present?.kind !== 'number') {
    const why = present?.kind === 'none' ? present.why : 'no number of alarms'
    return { kind: 'read', alarms: unknown(why) }
  }
  if (present.number === 0) return { kind: 'read', alarms: new Set() }
  return walk(session, present.number)
}

/** RFC 1628 knows 24 alarms; makers add some of their own. */
const rowsMax = 64

async function walk(session: Pick<SnmpSession, 'next'>, present: number): Promise<AlarmsRead> {
  const alarms = new Set<string>()
  let at = alarmColumn
  let newest = -1
  for (let row = 0; row < rowsMax; row++) {
    const reply = await session.next(at)
    if (reply.kind === 'failed') return reply
    if (reply.kind === 'refused') return { kind: 'read', alarms: unknown('alarms: refused') }
    const object = reply.objects[0]
    const index = indexOf(object?.oid ?? '')
    if (object === undefined || object.datum.kind === 'none' || index === undefined) {
      return { kind: 'read', alarms: alarms.size > 0 ? alarms : contradiction(present) }
    }
    if (index <= newest || object.datum.kind !== 'name') {
      return { kind: 'read', alarms: unknown('its table of alarms makes no sense') }
    }
    alarms.add(object.datum.name)
    newest = index
    at = object.oid
  }
  return { kind: 'read', alarms: unknown(`its table of alarms has more than ${rowsMax} rows`) }
}

/** It may also have ended between the two questions; the next reading tells. */
const contradiction = (present: number): Unknown =>
  unknown(`says that it has ${present} alarms, and lists none`)

/** The number of a row of the column; undefined for any other object. */
function indexOf(oid: string): number | undefined {
  const match = /^\.(\d{1,10})$/.exec(
    oid.startsWith(alarmColumn) ? oid.slice(alarmColumn.length) : '',
  )
  return match?.[1] === undefined ? undefined : Number(match[1])
}
