// Makes handlers of which the schema that checks a request is the very one that is printed in the manual and in openapi.json.

import type { z } from 'zod'
import { checked } from './bodies.ts'
import type { Call, Handler, OpenCall, OpenHandler, Told, WebParts } from './parts.ts'
import { type Reply, refuse } from './replies.ts'

type Given<T, C> = (parts: WebParts, call: C, given: T) => Reply | Promise<Reply>

/** A handler whose body must fit the schema; otherwise it is refused with every fault. */
export const withBody = <T>(body: z.ZodType<T>, told: Told, answer: Given<T, Call>): Handler => ({
  ...told,
  body,
  answer: checkedFirst(body, 'body', answer),
})

/** The same for anybody. */
export const openWithBody = <T>(
  body: z.ZodType<T>,
  told: Told,
  open: Given<T, OpenCall>,
): OpenHandler => ({ ...told, body, open: checkedFirst(body, 'body', open) })

/** A handler whose query must fit the schema. */
export const withQuery = <T>(query: z.ZodType<T>, told: Told, answer: Given<T, Call>): Handler => ({
  ...told,
  query,
  answer: checkedFirst(query, 'query', answer),
})

const checkedFirst =
  <T, C extends OpenCall>(schema: z.ZodType<T>, what: 'body' | 'query', answer: Given<T, C>) =>
  (parts: WebParts, call: C): Reply | Promise<Reply> => {
    const given = checked(schema, call[what], what)
    if (given.fault !== undefined) return refuse('invalid', given.fault)
    return answer(parts, call, given.value)
  }
