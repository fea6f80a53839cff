// The nodes of one alarm. The library makes them; what it does with them by itself is wrong in places (an acknowledged alarm vanishes
// while it stands, events name nobody, every return to normal leaves a branch behind), so nothing of that is used: this file sets the
// one branch that there is, and raises one event for each change.

import {
  coerceLocalizedText,
  DataType,
  type Namespace,
  NodeId,
  StatusCodes,
  type UAAlarmConditionEx,
  type UAMethod,
  type UAObject,
  type UAObjectType,
  type UAVariable,
} from 'node-opcua'
import type { AlarmView } from '../../core/alarms/shown.ts'
import { alarmFields } from './model.ts'
import { alarmId } from './node-names.ts'
import { callPermissions } from './permissions.ts'

/** An alarm as clients see it. */
export type AlarmFace = {
  readonly active: boolean
  readonly acknowledged: boolean
  readonly confirmed: boolean
  readonly shelved: boolean
  /** Only until it clears. */
  readonly once: boolean
  readonly suppressed: boolean
  readonly outOfService: boolean
  readonly retain: boolean
  readonly severity: number
  readonly message: string
  readonly atMs: number
  /** Who made the last change; empty for the plant itself. */
  readonly by: string
  readonly comment: string
}

/** The longest shelf that any door gives, ms. */
export const shelveMaxMs = 480 * 60_000

/** Adds the type of our alarms to the namespace. */
export function addAlarmType(namespace: Namespace): UAObjectType {
  const type = namespace.addObjectType({
    ...{ browseName: 'SupervisorAlarmType', nodeId: 's=SupervisorAlarmType' },
    description: 'An alarm of the supervisor, with what follows from it and what to do.',
    subtypeOf: 'AlarmConditionType',
  })
  for (const [name, description] of Object.entries(alarmFields)) {
    namespace.addVariable({
      ...{ browseName: name, nodeId: `s=SupervisorAlarmType.${name}`, description },
      ...{ propertyOf: type, dataType: 'String', modellingRule: 'Mandatory' },
      accessLevel: 'CurrentRead',
    })
  }
  return type
}

/** Makes the nodes of an alarm, about 10 ms. `source` is the pair, unit or UPS that it is about. */
export function makeAlarm(
  namespace: Namespace,
  type: UAObjectType,
  source: UAObject,
  alarm: AlarmView,
): UAAlarmConditionEx {
  const node = namespace.instantiateAlarmCondition(type.nodeId, {
    ...{ browseName: alarm.id, nodeId: `s=${alarmId(alarm.id)}` },
    ...{ conditionName: alarm.id, conditionSource: source, conditionOf: source },
    componentOf: source,
    inputNode: NodeId.nullNodeId,
    optionals: [
      ...['ConfirmedState', 'Confirm', 'ShelvingState', 'MaxTimeShelved'],
      ...['SuppressedState', 'OutOfServiceState', ...serviceMethods],
    ],
    maxTimeShelved: shelveMaxMs,
  })
  for (const [name, text] of [
    ['AlarmId', alarm.id],
    ['Consequence', alarm.consequence],
    ['Action', alarm.action],
  ] as const) {
    const field = node.getPropertyByName(name, namespace.index)
    field?.setValueFromSource({ dataType: DataType.String, value: text })
  }
  node.sourceName.setValueFromSource({ dataType: DataType.String, value: alarm.source })
  // Without a state the library counts the alarm as shelved.
  node.shelvingState?.setState('Unshelved')
  for (const method of methodsOf(node)) method.setRolePermissions(callPermissions('acknowledge'))
  // A client names the alarm itself when it shelves (Part 9, 5.8.10.2), and the methods are found there.
  for (const method of shelvingMethods(node)) {
    node.addReference({ referenceType: 'HasComponent', nodeId: method })
    method.setRolePermissions(callPermissions('shelve'))
  }
  for (const name of serviceMethods) {
    node.getMethodByName(name)?.setRolePermissions(callPermissions('alarm-out-of-service'))
  }
  return node
}

/** Each also with a comment. */
export const serviceMethods = [
  ...(['RemoveFromService', 'RemoveFromService2'] as const),
  ...(['PlaceInService', 'PlaceInService2'] as const),
]

const methodsOf = ({ acknowledge, confirm, addComment }: UAAlarmConditionEx): UAMethod[] =>
  [acknowledge, confirm, addComment].filter((method) => method !== undefined)

export const shelvingMethods = ({ shelvingState }: UAAlarmConditionEx): UAMethod[] =>
  shelvingState === undefined
    ? []
    : [shelvingState.timedShelve, shelvingState.oneShotShelve, shelvingState.unshelve]

/** Puts the face on the nodes and raises one event. */
export function showFace(node: UAAlarmConditionEx, face: AlarmFace): void {
  const branch = node.currentBranch()
  const at = new Date(face.atMs)
  if (branch.getActiveState() !== face.active) branch.setActiveState(face.active)
  if (branch.getAckedState() !== face.acknowledged) branch.setAckedState(face.acknowledged)
  if (branch.getConfirmedState() !== face.confirmed) branch.setConfirmedState(face.confirmed)
  const shelf = face.once ? 'OneShotShelved' : face.shelved ? 'TimedShelved' : 'Unshelved'
  if (node.shelvingState?.getCurrentState() !== shelf) node.shelvingState?.setState(shelf)
  if (branch.getSuppressedState() !== face.suppressed) branch.setSuppressedState(face.suppressed)
  showOutOfService(node, face.outOfService)
  setBoolean(node.suppressedOrShelved, face.shelved || face.suppressed || face.outOfService)
  branch.setRetain(face.retain)
  branch.setSeverity(face.severity, { sourceTimestamp: at })
  branch.setMessage(coerceLocalizedText(face.message) ?? '')
  branch.setComment(face.comment)
  branch.setClientUserId(face.by)
  branch.setQuality(StatusCodes.Good)
  branch.setTime(at)
  branch.setReceiveTime(new Date())
  node.raiseConditionEvent(branch, true)
}

/** The library gives this state no behaviour of its own. */
function showOutOfService({ outOfServiceState }: UAAlarmConditionEx, out: boolean): void {
  if (outOfServiceState === undefined) return
  const text = coerceLocalizedText(out ? 'Out of Service' : 'In Service')
  outOfServiceState.setValueFromSource({ dataType: DataType.LocalizedText, value: text })
  setBoolean(outOfServiceState.id, out)
}

const setBoolean = (node: Pick<UAVariable, 'setValueFromSource'>, value: boolean): void =>
  node.setValueFromSource({ dataType: DataType.Boolean, value })
