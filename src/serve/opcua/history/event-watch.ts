// Every event that the server raises goes into the history, as clients could receive it: alarms, dialogs, audits. What a client only
// had repeated is not kept again, and a flood of audits does not push out what matters.

import { type AddressSpace, NodeClass, type NodeId, ObjectTypeIds } from 'node-opcua'
import type { EventRow } from '../../history/sample.ts'
import { encodeFields, fieldsOf, nodeOf } from './event-form.ts'

/** Audits that are kept at once, and how soon there is room for one more, ms. */
const auditsMax = 200
const oneMoreEachMs = 500
/** Conditions of which the last event is known. */
const conditionsMax = 5_000
/** They enclose a refresh and mean nothing afterwards. */
const passing: readonly number[] = [
  ObjectTypeIds.RefreshStartEventType,
  ObjectTypeIds.RefreshEndEventType,
  ObjectTypeIds.RefreshRequiredEventType,
]

export function watchEvents(addressSpace: AddressSpace, keep: (event: EventRow) => void): void {
  const seen = new Map<string, string>()
  const auditType = addressSpace.findEventType('AuditEventType')
  const mayAudit = openBudget(() => performance.now())
  const isAudit = (type: NodeId): boolean => {
    const node = addressSpace.findObjectType(type)
    return node !== null && auditType !== null && node.isSubtypeOf(auditType)
  }
  /** A refresh tells once more what was told already. */
  const isRepeated = (condition: NodeId, event: unknown): boolean => {
    const key = condition.toString()
    const id = Buffer.isBuffer(event) ? event.toString('hex') : ''
    if (seen.get(key) === id) return true
    seen.delete(key)
    seen.set(key, id)
    const oldest = seen.keys().next()
    if (seen.size > conditionsMax && !oldest.done) seen.delete(oldest.value)
    return false
  }
  addressSpace.rootFolder.objects.server.on('event', (event) => {
    const condition = conditionOf(event)
    const fields = fieldsOf(event, condition)
    const type = nodeOf(fields, 'eventtype')
    if (type.namespace === 0 && passing.includes(Number(type.value))) return
    if (condition !== undefined && isRepeated(condition, fields.get('eventid')?.value)) return
    if (isAudit(type) && !mayAudit()) return
    const time: unknown = fields.get('time')?.value
    keep({
      atMs: time instanceof Date ? time.getTime() : Date.now(),
      type: type.toString(),
      source: nodeOf(fields, 'sourcenode').toString(),
      fields: encodeFields(fields),
    })
  })
}

/** The instance that raised it: conditions do so themselves, everything else is raised by its type. */
function conditionOf(event: {
  getEventDataSource?: () => { readonly nodeClass: NodeClass; readonly nodeId: NodeId }
}): NodeId | undefined {
  const source = event.getEventDataSource?.()
  return source?.nodeClass === NodeClass.Object ? source.nodeId : undefined
}

function openBudget(nowMs: () => number): () => boolean {
  let left = auditsMax
  let atMs = nowMs()
  return () => {
    const now = nowMs()
    left = Math.min(auditsMax, left + (now - atMs) / oneMoreEachMs)
    atMs = now
    if (left < 1) return false
    left -= 1
    return true
  }
}
