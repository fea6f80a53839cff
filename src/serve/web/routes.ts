// The route table: every request that the service answers, and the right that it needs. A route that is not here, or
// that names no right, is refused.

import {
  abort,
  acknowledge,
  comment,
  confirm,
  extend,
  lockOut,
  prepare,
  qualified,
  reject,
  resolve,
  shelve,
  takeAlarmOutOfService,
  takeOutOfService,
} from './orders.ts'
import { pageRoutes } from './page-files.ts'
import type { Route, WebParts } from './parts.ts'
import {
  alarmRatesNow,
  alarmsNow,
  alive,
  journalPage,
  pairNow,
  plantNow,
  ready,
  switchoverNow,
} from './reads.ts'
import { endSession, sessionNow, sessionsNow, stayActive, unlock } from './session-rows.ts'
import { logIn, logOut } from './sign-in.ts'
import { makeFirst, siteNow } from './site.ts'

const api = '/api/v1'

export function routesOf(parts: WebParts): readonly Route[] {
  const { streams } = parts
  return [
    ...pageRoutes(parts.pagesFolder),
    { method: 'GET', path: '/healthz', right: 'public', open: () => alive(parts) },
    { method: 'GET', path: '/readyz', right: 'public', open: () => ready(parts) },
    { method: 'GET', path: `${api}/site`, right: 'public', open: (call) => siteNow(parts, call) },
    {
      method: 'POST',
      path: `${api}/setup`,
      right: 'public',
      open: (call) => makeFirst(parts, call),
    },
    { method: 'POST', path: `${api}/login`, right: 'public', open: (call) => logIn(parts, call) },
    ...rows('POST', parts, {
      [`${api}/logout`]: ['view', logOut, 'while locked'],
      [`${api}/session/active`]: ['view', stayActive],
      [`${api}/session/unlock`]: ['view', unlock, 'while locked'],
      [`${api}/sessions/:id/end`]: ['view', endSession],
      [`${api}/switchovers`]: ['prepare', prepare],
      [`${api}/switchovers/:id/confirm`]: ['confirm', confirm],
      [`${api}/switchovers/:id/extend`]: ['extend', extend],
      [`${api}/switchovers/:id/reject`]: ['reject', reject],
      [`${api}/switchovers/:id/abort`]: ['abort', abort],
      // Taking a lockout off needs more; the order itself is judged again.
      [`${api}/pairs/:pair/lockout`]: ['lockout on', lockOut],
      [`${api}/pairs/:pair/units/:unit/out-of-service`]: ['out-of-service', takeOutOfService],
      [`${api}/pairs/:pair/units/:unit/qualified`]: ['qualified', qualified],
      [`${api}/pairs/:pair/resolve`]: ['resolve', resolve],
      [`${api}/alarms/:id/ack`]: ['acknowledge', acknowledge],
      [`${api}/alarms/:id/comment`]: ['comment', comment],
      [`${api}/alarms/:id/shelve`]: ['shelve', shelve],
      [`${api}/alarms/:id/out-of-service`]: ['alarm-out-of-service', takeAlarmOutOfService],
    }),
    ...rows('GET', parts, {
      [`${api}/session`]: ['view', sessionNow],
      [`${api}/sessions`]: ['view', sessionsNow],
      [`${api}/plant`]: ['view', plantNow],
      [`${api}/pairs/:pair`]: ['view', pairNow],
      [`${api}/alarms`]: ['view', alarmsNow],
      [`${api}/alarms/rates`]: ['view', alarmRatesNow],
      [`${api}/journal`]: ['view', journalPage],
      [`${api}/switchovers/:id`]: ['view', switchoverNow],
    }),
    {
      method: 'GET',
      path: `${api}/events`,
      right: 'view',
      stream: ({ session, headers }, response) => {
        const refusal = streams.refusal(session.id)
        const last = headers['last-event-id']
        if (refusal === undefined) streams.open(session.id, String(last ?? ''), response)
        return refusal
      },
    },
  ]
}

type Answering = Extract<Route, { answer: unknown }>
type Row = readonly [
  Answering['right'],
  (parts: WebParts, call: Parameters<Answering['answer']>[0]) => ReturnType<Answering['answer']>,
  'while locked'?,
]

const rows = (
  method: Route['method'],
  parts: WebParts,
  table: Readonly<Record<string, Row>>,
): readonly Route[] =>
  Object.entries(table).map(([path, [right, handle, whileLocked]]) => ({
    method,
    path,
    right,
    ...(whileLocked !== undefined && { whileLocked: true }),
    answer: (call) => handle(parts, call),
  }))
