// The difference between two plain values as a value: small where little changed, so that a screen can follow a large plant. In a patch an
// array with one entry is the new value, an empty array says that the field is gone, and an object goes one level deeper; the places of a
// list are its keys.

export type Patch = readonly [value: unknown] | readonly [] | { readonly [field: string]: Patch }

/** What makes `after` of `before`; undefined when they are the same. */
export function patchOf(before: unknown, after: unknown): Patch | undefined {
  if (Object.is(before, after)) return undefined
  if (!isRecord(before) || !isRecord(after) || !isSameKind(before, after)) return [after]
  const fields: [field: string, patch: Patch][] = []
  for (const [field, value] of Object.entries(after)) {
    const isNew = !Object.hasOwn(before, field)
    const patch = isNew ? ([value] as const) : patchOf(before[field], value)
    if (patch !== undefined) fields.push([field, patch])
  }
  for (const field of Object.keys(before))
    if (!Object.hasOwn(after, field)) fields.push([field, []])
  // Not by assignment: a field may have a name that means something to JavaScript.
  return fields.length === 0 ? undefined : Object.fromEntries(fields)
}

/** `before` with the patch applied; `before` itself stays as it is, and so does what no patch names. */
export function patched<T>(before: T, patch: Patch): T {
  if (isReplacement(patch)) return patch[0] as T
  const after = new Map(Object.entries(before as Record<string, unknown>))
  for (const [field, change] of Object.entries(patch)) {
    if (isReplacement(change) && change.length === 0) after.delete(field)
    else after.set(field, patched(after.get(field), change))
  }
  const fields = Array.isArray(before) ? [...after.values()] : Object.fromEntries(after)
  return fields as T
}

const isReplacement = (patch: Patch): patch is readonly [value: unknown] | readonly [] =>
  Array.isArray(patch)

/** Lists of another length are sent whole: places in them mean something else. */
const isSameKind = (before: object, after: object): boolean =>
  Array.isArray(before)
    ? Array.isArray(after) && before.length === after.length
    : !Array.isArray(after)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
