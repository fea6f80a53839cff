// The tables of the manual, made from the schema: every key of the plant file with its type, range, default and meaning. A test
// keeps the manual's copy current.

import { z } from 'zod'
import { plantSchema } from './schema.ts'
import { bare, objectShape } from './walk.ts'

/** JSON Schema (draft-07) of the plant file as it is written, for editors; text with a final line end. */
export function plantJsonSchema(): string {
  const schema = z.toJSONSchema(plantSchema, { target: 'draft-07', io: 'input' })
  return `${JSON.stringify(schema, null, 2)}\n`
}

type Row = { readonly key: string; readonly cells: readonly string[] }

/** Markdown: one table for each group of keys, in the order of the file. */
export function plantReference(): string {
  const rows = rowsOf(plantSchema, '')
  const groups: readonly (readonly [string, RegExp])[] = [
    ['Whole plant', /^(?!pairs\[\]\.|ups\[\]\.)/],
    ['Pair: `pairs[]`', /^pairs\[\]\.(?!units\.|tags\[\]|gates\.|policy\.)/],
    ['Unit: `pairs[].units.A` and `pairs[].units.B`', /^pairs\[\]\.units\.A\./],
    ['Tag: `pairs[].tags[]`', /^pairs\[\]\.tags\[\]\./],
    ['Gates: `pairs[].gates`', /^pairs\[\]\.gates\./],
    ['Policy: `pairs[].policy`', /^pairs\[\]\.policy\./],
    ['UPS: `ups[]`', /^ups\[\]\./],
  ]
  return groups
    .map(([title, pattern]) => {
      const prefix = title.includes('`')
        ? /^(pairs\[\]\.(units\.A\.|tags\[\]\.|gates\.|policy\.)?|ups\[\]\.)/
        : /^$/
      const lines = rows
        .filter((row) => pattern.test(row.key))
        .map((row) => `| \`${row.key.replace(prefix, '')}\` | ${row.cells.join(' | ')} |`)
      return `### ${title}\n\n| key | type and range | default | meaning |\n|---|---|---|---|\n${lines.join('\n')}\n`
    })
    .join('\n')
}

function rowsOf(part: unknown, prefix: string): readonly Row[] {
  return Object.entries(objectShape(part) ?? {}).flatMap(([name, wrapped]) => {
    const inner = bare(wrapped)
    const isList = inner instanceof z.ZodArray
    const element = isList ? bare(inner.element) : inner
    const key = `${prefix}${name}`
    const row = { key, cells: [typeText(inner), defaultText(wrapped), meaning(wrapped)] }
    const nested =
      element instanceof z.ZodObject ? rowsOf(element, `${key}${isList ? '[]' : ''}.`) : []
    return [row, ...nested]
  })
}

function typeText(part: unknown): string {
  if (part instanceof z.ZodEnum) return part.options.map((word) => `\`${word}\``).join(', ')
  if (part instanceof z.ZodBoolean) return '`true`, `false`'
  if (part instanceof z.ZodArray) return `list of ${typeText(bare(part.element))}`
  if (part instanceof z.ZodObject) return 'keys'
  if (part instanceof z.ZodRecord) return 'number to word'
  if (part instanceof z.ZodNumber) return numberText(part)
  if (part instanceof z.ZodTuple)
    return `list of ${part.def.items.length}: ${typeText(bare(part.def.items[0]))}`
  if (part instanceof z.ZodUnion) {
    return [...new Set(part.options.map((option) => typeText(bare(option))))].join(' or ')
  }
  return 'text'
}

function numberText(part: z.ZodNumber): string {
  const word = part.isInt ? 'whole number' : 'number'
  const lowest = finite(part.minValue)
  const highest = finite(part.maxValue)
  if (lowest !== undefined && highest !== undefined) return `${word}, ${lowest} to ${highest}`
  return lowest === undefined ? word : `${word}, ${lowest} or more`
}

const finite = (value: number | null): number | undefined =>
  value !== null && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined

function defaultText(wrapped: unknown): string {
  if (wrapped instanceof z.ZodOptional) return 'none'
  if (wrapped instanceof z.ZodPrefault) return 'each key its own'
  if (!(wrapped instanceof z.ZodDefault)) return '**required**'
  const value: unknown = wrapped.parse(undefined)
  if (Array.isArray(value)) return value.length === 0 ? 'none' : `\`[${value.join(', ')}]\``
  return value === '' ? 'none' : `\`${String(value)}\``
}

const meaning = (wrapped: unknown): string =>
  wrapped instanceof z.ZodType ? (wrapped.description ?? '').replaceAll('|', '\\|') : ''
