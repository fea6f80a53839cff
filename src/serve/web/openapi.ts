// The API as an OpenAPI document, made from the route table and the very schemas that check the requests. What comes back is told in
// words: its shape is that of the view, which the program itself declares.

import { z } from 'zod'
import type { Json } from '../../core/cycle.ts'
import type { ApiRow } from './parts.ts'
import { refusalStatuses } from './replies.ts'

type Members = { readonly [key: string]: Json }

/** OpenAPI 3.1, as a plain object. */
export function openApi(rows: readonly ApiRow[], version: string): Members {
  const paths: Record<string, Record<string, Json>> = {}
  for (const row of rows) {
    const path = row.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [row.method.toLowerCase()]: operationOf(row) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'bumpless', version, description: about },
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'bumpless' },
      },
      schemas: { Refusal: refusal },
      responses: {
        Refusal: {
          description: 'Why not.',
          content: jsonOf({ $ref: '#/components/schemas/Refusal' }),
        },
      },
    },
  }
}

/** The JSON Schema (2020-12) of what a request has to carry; undefined when it carries nothing. */
export function requestSchema({ handler }: ApiRow): Members | undefined {
  const schema = handler.body ?? handler.query
  if (schema === undefined) return undefined
  const { $schema: _dialect, ...plain } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  })
  // Without what cannot be written as JSON.
  return JSON.parse(JSON.stringify(plain)) as Members
}

const about =
  'Answers are JSON. A refusal says what, why, and what would clear it. Orders may carry an Idempotency-Key (a key of the client, at ' +
  'most 200 characters): the same order is then given once. In a browser with the cookie an order must come from the own origin and ' +
  'carry x-bumpless: 1.'

function operationOf(row: ApiRow): Members {
  const { handler, right } = row
  const schema = requestSchema(row)
  const parameters = [
    ...pathParameters(row.path),
    ...(handler.query ? queryParameters(schema) : []),
  ]
  const isOrder = row.method === 'POST' && right !== 'public' && right !== 'view'
  if (isOrder) parameters.push(keyParameter)
  return {
    summary: handler.says,
    'x-right': right,
    ...(right === 'public' ? { security: [] } : { security: [{ token: [] }, { cookie: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(handler.body && {
      requestBody: { required: schema?.required !== undefined, content: jsonOf(schema ?? {}) },
    }),
    responses: {
      [String(handler.status ?? 200)]: { description: handler.answers },
      default: { $ref: '#/components/responses/Refusal' },
    },
  }
}

const pathParameters = (path: string): Members[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string', maxLength: 200 } },
  }))

function queryParameters(schema: Members | undefined): Members[] {
  const properties = (schema?.properties ?? {}) as Members
  return Object.entries(properties).map(([name, one]) => ({ name, in: 'query', schema: one }))
}

const keyParameter: Members = {
  ...{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 200 } },
}

const jsonOf = (schema: Members): Members => ({ 'application/json': { schema } })

const text: Members = { type: 'string' }
const refusal: Members = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'text'],
      properties: {
        code: { enum: Object.keys(refusalStatuses) },
        text,
        obstacles: { type: 'array', items: { type: 'object' } },
        difference: { type: 'array', items: text },
        evidence: { type: 'object' },
      },
    },
  },
}
