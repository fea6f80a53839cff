// Finds the part of a schema that belongs to a path, so that a fault can name the keys that would have been right and the
// manual's table can list every key.

import { z } from 'zod'
import type { KeyPath } from './source.ts'

/** The keys that may stand at a path; empty where none may. */
export function knownKeys(schema: z.ZodType, path: KeyPath): readonly string[] {
  const part = partAt(schema, path)
  return part === undefined ? [] : Object.keys(objectShape(part) ?? {})
}

/** The schema at a path without its wrappers; undefined where the schema has nothing. */
function partAt(schema: unknown, path: KeyPath): unknown {
  let part = bare(schema)
  for (const key of path) {
    if (part instanceof z.ZodArray) part = bare(part.element)
    else if (part instanceof z.ZodRecord) part = bare(part.valueType)
    else part = bare(objectShape(part)?.[String(key)])
  }
  return part
}

/** The fields of an object, also of one that is a choice of a union. */
export function objectShape(part: unknown): Readonly<Record<string, unknown>> | undefined {
  if (part instanceof z.ZodObject) return part.shape
  if (part instanceof z.ZodUnion) {
    return part.options
      .map((option) => objectShape(bare(option)))
      .find((shape) => shape !== undefined)
  }
  return undefined
}

/** Takes away default, optional and the like. */
export function bare(part: unknown): unknown {
  if (
    part instanceof z.ZodDefault ||
    part instanceof z.ZodPrefault ||
    part instanceof z.ZodOptional ||
    part instanceof z.ZodReadonly
  ) {
    return bare(part.unwrap())
  }
  return part
}
