// An event as it is kept: every field that it had when it was raised, by the path of its names, in the binary form of the standard.
// What was, is read back as it was, also when the alarm behind it has long gone.

import { BinaryStream, DataType, NodeId, Variant } from 'node-opcua'

/** Fields by their path: `Time`, `ActiveState.Id`, `3:AlarmId`; in small letters. */
export type EventFields = ReadonlyMap<string, Variant>

/** The condition that raised it; there is none for other events. It is no field of the event, but clients ask for it. */
export const conditionKey = '(condition)'

/** `path` are browse names, with the number of their namespace where it is not 0. */
export const fieldKey = (path: readonly string[]): string => path.join('.').toLowerCase()

/** Every field that is worth keeping. Structures are left out: one of them is how somebody logged in. */
export function fieldsOf(event: object, condition: NodeId | undefined): EventFields {
  const fields = new Map<string, Variant>()
  for (const [name, value] of Object.entries(event)) {
    if (!(value instanceof Variant)) continue
    if (value.dataType === DataType.Null || value.dataType === DataType.ExtensionObject) continue
    fields.set(fieldKey([name]), value)
  }
  if (condition !== undefined) {
    fields.set(conditionKey, new Variant({ dataType: DataType.NodeId, value: condition }))
  }
  return fields
}

export function encodeFields(fields: EventFields): Uint8Array {
  let bytes = 4
  for (const [key, value] of fields) bytes += 4 + Buffer.byteLength(key) + value.binaryStoreSize()
  const stream = new BinaryStream(bytes)
  stream.writeUInt32(fields.size)
  for (const [key, value] of fields) {
    stream.writeString(key)
    value.encode(stream)
  }
  return stream.buffer.subarray(0, stream.length)
}

/** Throws for anything that is not what `encodeFields` made. */
export function decodeFields(bytes: Uint8Array): EventFields {
  const stream = new BinaryStream(Buffer.from(bytes))
  const fields = new Map<string, Variant>()
  for (let left = stream.readUInt32(); left > 0; left -= 1) {
    const key = stream.readString() ?? ''
    const value = new Variant()
    value.decode(stream)
    fields.set(key, value)
  }
  return fields
}

export const nodeOf = (fields: EventFields, key: string): NodeId => {
  const value: unknown = fields.get(key)?.value
  return value instanceof NodeId ? value : NodeId.nullNodeId
}
