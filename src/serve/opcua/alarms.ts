// Alarms & Conditions from the alarms of the view. An alarm that stands or waits for somebody is retained, whatever was done about it;
// nodes are made when an alarm first comes and are bounded, so that hundreds of pairs start at once.

import type { Namespace, UAAlarmConditionEx, UAObject, UAObjectType } from 'node-opcua'
import type { AlarmView } from '../../core/alarms/shown.ts'
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
  const { namespace, type, alarmsMax } = parts
  const kept = new Map<string, Kept>()
  /** Alarms that have no nodes yet, most urgent first. */
  let coming: readonly AlarmView[] = []
  let making = false
  let full = false

  const make = (alarm: AlarmView): void => {
    if (kept.size >= alarmsMax) forgetOne(namespace, kept)
    const node = makeAlarm(namespace, type, parts.sourceOf(alarm.source), alarm)
    const one: Kept = { node, view: undefined, face: over(alarm, 0), events: [] }
    bindAlarm(answerable(one, alarm.id), parts)
    kept.set(alarm.id, one)
    update(one, alarm)
  }

  // In a flood, a few at a time: each takes about 10 ms, and clients want their answers in between.
  const makeSome = (): void => {
    for (const alarm of coming.slice(0, atOnce)) make(alarm)
    coming = coming.slice(atOnce)
    making = coming.length > 0
    if (making) setTimeout(makeSome, 1)
  }

  return {
    show: (alarms, wallMs) => {
      const shown = alarms.slice(0, alarmsMax)
      const standing = new Set(alarms.map(({ id }) => id))
      const wanted = new Set(shown.map(({ id }) => id))
      for (const [id, one] of kept) {
        if (one.view === undefined || wanted.has(id)) continue
        const why = standing.has(id)
          ? 'it stands, but more urgent ones take its place'
          : 'back to normal'
        put(one, over(one.view, wallMs, why, one.face))
        one.view = undefined
        one.events = []
      }
      for (const alarm of shown) {
        const one = kept.get(alarm.id)
        if (one !== undefined) update(one, alarm)
      }
      coming = shown.filter(({ id }) => !kept.has(id))
      if (!making) makeSome()
      const left = alarms.length - shown.length
      if (left > 0 && !full) {
        const text = `OPC UA: ${left} alarms more than opcua.alarms (${alarmsMax}) are not shown to SCADA clients`
        parts.send({ kind: 'audit', text, data: {} })
      }
      full = left > 0
    },
  }
}

/** Alarms that get their nodes before others have their turn. */
const atOnce = 5

const answerable = (one: Kept, alarm: string) => ({
  ...{ alarm, node: one.node },
  face: () => (one.view === undefined ? undefined : one.face),
  knows: (event: string) => one.events.includes(event),
  put: (face: AlarmFace) => put(one, face),
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
  const { active, acknowledged } = alarm
  const said = alarm.comments.at(-1)
  const newlySeen = acknowledged && !before.acknowledged
  return {
    ...{ active, acknowledged, shelved: alarm.shelved !== undefined },
    once: alarm.shelved?.once === true,
    suppressed: alarm.suppressed !== undefined,
    outOfService: alarm.outOfService !== undefined,
    // What was only put aside and does not stand is in no list of a client.
    retain: active || !acknowledged,
    by: whoDid(alarm, before) ?? (again ? '' : before.by),
    // Nothing to confirm before somebody has seen it.
    confirmed: again || (!newlySeen && before.confirmed),
    severity: severities[alarm.priority],
    message: `${alarm.source}: ${alarm.condition}`,
    atMs: alarm.returnedWallMs ?? (again ? alarm.raisedWallMs : before.atMs),
    comment: said?.text ?? '',
  }
}

/** Who made the change that is told now; undefined for the plant itself. */
function whoDid(alarm: AlarmView, before: AlarmFace): string | undefined {
  const said = alarm.comments.at(-1)
  if (alarm.acknowledged && !before.acknowledged) return alarm.acknowledgedBy
  if (said !== undefined && said.text !== before.comment) return said.by
  if (alarm.shelved !== undefined && !before.shelved) return alarm.shelved.by
  if (alarm.outOfService !== undefined && !before.outOfService) return alarm.outOfService.by
  return undefined
}

/** The last face of an alarm that is no longer shown: everything settled, nothing retained. */
function over(
  alarm: AlarmView,
  wallMs: number,
  why = 'back to normal',
  before?: AlarmFace,
): AlarmFace {
  return {
    ...{ active: false, acknowledged: true, confirmed: true, retain: false },
    ...{ shelved: false, once: false, suppressed: false, outOfService: false },
    severity: severities[alarm.priority],
    message: `${alarm.source}: ${why}`,
    ...{ atMs: wallMs, by: before?.by ?? '', comment: before?.comment ?? '' },
  }
}

const isSameFace = (one: AlarmFace, other: AlarmFace): boolean =>
  Object.entries(one).every(([key, value]) => other[key as keyof AlarmFace] === value)

/** Takes away the nodes of the alarm that has been over for longest, in the order in which they were made. */
function forgetOne(namespace: Namespace, kept: Map<string, Kept>): void {
  for (const [id, { view, node }] of kept) {
    if (view !== undefined) continue
    kept.delete(id)
    namespace.deleteNode(node)
    return
  }
}
