// Alarms & Conditions from the alarms of the view. An alarm that stands or waits for somebody is retained, whatever was done about it;
// nodes are made when an alarm first comes and are bounded, so that hundreds of pairs start at once.

import type { Namespace, UAAlarmConditionEx, UAObject, UAObjectType } from 'node-opcua'
import type { AlarmView } from '../../core/view.ts'
import { bindAlarm } from './alarm-methods.ts'
import { type AlarmFace, makeAlarm, showFace } from './alarm-nodes.ts'
import type { ToMain } from './messages.ts'
import { severities } from './model.ts'
import type { Orders } from './orders.ts'

/** An alarm with its nodes. */
type Kept = {
  readonly node: UAAlarmConditionEx
  /** The alarm as shown; undefined once it has gone. */
  view: AlarmView | undefined
  face: AlarmFace
  /** Events since it was raised: an answer may name any of them. */
  events: string[]
}

export type Alarms = {
  /** Shows these alarms and no others. */
  show(alarms: readonly AlarmView[], wallMs: number): void
}

export type AlarmParts = {
  readonly namespace: Namespace
  readonly type: UAObjectType
  /** The object that an alarm is about, from the name of its source. */
  readonly sourceOf: (source: string) => UAObject
  readonly orders: Orders
  readonly alarmsMax: number
  readonly send: (message: ToMain) => void
}

const eventsMax = 16

export function openAlarms(parts: AlarmParts): Alarms {
  const kept = new Map<string, Kept>()
  let full = false

  const keep = (alarm: AlarmView): Kept | undefined => {
    const known = kept.get(alarm.id)
    if (known !== undefined) return known
    if (kept.size >= parts.alarmsMax && !forgetOne(parts.namespace, kept)) return undefined
    const node = makeAlarm(parts.namespace, parts.type, parts.sourceOf(alarm.source), alarm)
    const one: Kept = { node, view: undefined, face: gone(alarm, 0), events: [] }
    bindAlarm(answerable(one, alarm.id), parts)
    kept.set(alarm.id, one)
    return one
  }

  return {
    show: (alarms, wallMs) => {
      const standing = new Set(alarms.map(({ id }) => id))
      // What has gone makes room for what comes.
      for (const [id, one] of kept) {
        if (one.view === undefined || standing.has(id)) continue
        put(one, gone(one.view, wallMs, one.face))
        one.view = undefined
        one.events = []
      }
      let left = 0
      // In the order of the view: the most urgent have nodes first.
      for (const alarm of alarms) {
        const one = keep(alarm)
        if (one === undefined) left += 1
        else update(one, alarm)
      }
      if (left > 0 && !full) {
        const text = `OPC UA: ${left} alarms more than opcua.alarms (${parts.alarmsMax}) are not shown to SCADA clients`
        parts.send({ kind: 'audit', text, data: {} })
      }
      full = left > 0
    },
  }
}

const answerable = (one: Kept, alarm: string) => ({
  ...{ alarm, node: one.node },
  face: () => (one.view === undefined ? undefined : one.face),
  knows: (event: string) => one.events.includes(event),
  put: (face: AlarmFace) => put(one, face),
  credit: (by: string, comment: string) => {
    const face = { ...one.face, by, comment }
    // The view that shows the acknowledgement may have come before the answer, or is still to come.
    if (one.view !== undefined && one.face.acknowledged) put(one, face)
    else one.face = face
  },
})

function update(one: Kept, alarm: AlarmView): void {
  const again = one.view === undefined || one.view.raisedWallMs !== alarm.raisedWallMs
  if (again) one.events = []
  const face = faceOf(alarm, one.face, again)
  const same = !again && isSameFace(face, one.face)
  one.view = alarm
  if (!same) put(one, face)
}

function put(one: Kept, face: AlarmFace): void {
  one.face = face
  showFace(one.node, face)
  const event = one.node.currentBranch().getEventId().toString('hex')
  one.events = [...one.events, event].slice(-eventsMax)
}

function faceOf(alarm: AlarmView, before: AlarmFace, again: boolean): AlarmFace {
  const active = alarm.state !== 'returned'
  const acknowledged = alarm.state === 'acknowledged'
  const newlySeen = acknowledged && !before.acknowledged
  const shelved = alarm.shelved !== undefined
  const newlyShelved = shelved && !before.shelved
  const by = newlySeen
    ? (alarm.acknowledgedBy ?? '')
    : newlyShelved
      ? (alarm.shelved?.by ?? '')
      : again
        ? ''
        : before.by
  return {
    ...{ active, acknowledged, shelved, retain: true, by },
    // Nothing to confirm before somebody has seen it.
    confirmed: again ? true : newlySeen ? false : before.confirmed,
    severity: severities[alarm.priority],
    message: `${alarm.source}: ${alarm.condition}`,
    atMs: alarm.returnedWallMs ?? (again ? alarm.raisedWallMs : before.atMs),
    comment: again ? '' : newlyShelved ? (alarm.shelved?.reason ?? '') : before.comment,
  }
}

/** The last face of an alarm that is over: everything settled, nothing retained. */
function gone(alarm: AlarmView, wallMs: number, before?: AlarmFace): AlarmFace {
  return {
    ...{ active: false, acknowledged: true, confirmed: true, shelved: false, retain: false },
    severity: severities[alarm.priority],
    message: `${alarm.source}: back to normal`,
    ...{ atMs: wallMs, by: before?.by ?? '', comment: before?.comment ?? '' },
  }
}

const isSameFace = (one: AlarmFace, other: AlarmFace): boolean =>
  Object.entries(one).every(([key, value]) => other[key as keyof AlarmFace] === value)

/** Takes away the nodes of the alarm that has been over for longest; false when all stand. */
function forgetOne(namespace: Namespace, kept: Map<string, Kept>): boolean {
  for (const [id, { view, node }] of kept) {
    if (view !== undefined) continue
    kept.delete(id)
    namespace.deleteNode(node)
    return true
  }
  return false
}
