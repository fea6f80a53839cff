// `schema`: prints what a plant file may hold, as JSON Schema for editors or as the tables of the manual.

import { plantJsonSchema, plantReference } from '../config/reference.ts'

/** Prints the JSON Schema (draft-07, the file as it is written), or with `table` the manual's tables. Answers exit code 0. */
export function schema(options: { readonly table: boolean }, out: (line: string) => void): number {
  const text = options.table ? plantReference() : plantJsonSchema()
  for (const line of text.trimEnd().split('\n')) out(line)
  return 0
}
