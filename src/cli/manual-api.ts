// The manual's pages about the HTTP API: every request with its right, what it takes and what it answers, printed from the route table
// and its schemas.

import type { Json } from '../core/cycle.ts'
import { requestSchema } from '../serve/web/openapi.ts'
import type { ApiRow } from '../serve/web/parts.ts'
import { refusalStatuses } from '../serve/web/replies.ts'
import { apiRows } from '../serve/web/routes.ts'

type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string
type Members = { readonly [key: string]: Json }

export const apiTable = (table: Table): string =>
  table(
    ['request', 'right', 'takes', 'what it does', 'answers'],
    apiRows.map((row) => [
      `\`${row.method} ${row.path}\``,
      row.right,
      takes(row),
      row.handler.says,
      `${row.handler.status ?? 200}: ${row.handler.answers}`,
    ]),
  )

/** Every code of a refusal with its status. */
export const refusalCodeTable = (table: Table): string =>
  table(
    ['status', 'code'],
    Object.entries(refusalStatuses).map(([code, status]) => [String(status), `\`${code}\``]),
  )

function takes(row: ApiRow): string {
  const schema = requestSchema(row)
  const properties = Object.entries((schema?.properties ?? {}) as Readonly<Record<string, Members>>)
  if (properties.length === 0) return ''
  const required = (schema?.required ?? []) as readonly string[]
  const fields = properties.map(
    ([name, one]) => `\`${name}${required.includes(name) ? '' : '?'}\` ${kindOf(one)}`,
  )
  return `${row.handler.query ? 'query: ' : ''}${fields.join(', ')}`
}

function kindOf(schema: Members): string {
  const { type, enum: words, anyOf, items, maxLength, minimum, maximum, properties } = schema
  if (Array.isArray(words)) return words.map(String).join(' or ')
  if (schema.const !== undefined) return String(schema.const)
  if (Array.isArray(anyOf)) return anyOf.map((one) => kindOf(one as Members)).join(' or ')
  if (type === 'array') return `list of ${kindOf((items ?? {}) as Members)}`
  if (type === 'object') return `{ ${Object.keys((properties ?? {}) as Members).join(', ')} }`
  if (type === 'boolean') return 'true or false'
  if (type === 'string') return maxLength === undefined ? 'text' : `text up to ${maxLength}`
  const bounded = minimum !== undefined && maximum !== undefined && Number(maximum) < 1e9
  return bounded ? `number ${minimum} to ${maximum}` : 'number'
}
