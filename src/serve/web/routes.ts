// The route table: every request that the service answers, and the right that it needs. A route that is not here, or
// that names no right, is refused.

import type { Right } from '../rights.ts'
import { eventStream } from './event-row.ts'
import { handoverNow } from './handover-row.ts'
import { historyNow } from './history-row.ts'
import { openApi } from './openapi.ts'
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
  takeShift,
} from './orders.ts'
import { deviceNow, metricsNow, systemNow, upsDeviceNow } from './own-rows.ts'
import { pageRoutes } from './page-files.ts'
import type { ApiRow, Handler, OpenHandler, Route, StreamHandler, WebParts } from './parts.ts'
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
import { good } from './replies.ts'
import { endSession, sessionNow, sessionsNow, stayActive, unlock } from './session-rows.ts'
import { logIn, logOut } from './sign-in.ts'
import { makeFirst, siteNow } from './site.ts'

const open: Readonly<Record<string, OpenHandler>> = {
  'GET /healthz': alive,
  'GET /readyz': ready,
  'GET /api/v1/site': siteNow,
  'POST /api/v1/setup': makeFirst,
  'POST /api/v1/login': logIn,
}

const guarded: Readonly<Record<string, readonly [Right, Handler | StreamHandler | OpenHandler]>> = {
  'GET /metrics': ['view', metricsNow],
  'POST /api/v1/logout': ['view', logOut],
  'GET /api/v1/session': ['view', sessionNow],
  'POST /api/v1/session/active': ['view', stayActive],
  'POST /api/v1/session/unlock': ['view', unlock],
  'GET /api/v1/sessions': ['view', sessionsNow],
  'POST /api/v1/sessions/:id/end': ['view', endSession],
  'GET /api/v1/plant': ['view', plantNow],
  'GET /api/v1/events': ['view', eventStream],
  'GET /api/v1/pairs/:pair': ['view', pairNow],
  'GET /api/v1/pairs/:pair/device/:unit': ['view', deviceNow],
  'GET /api/v1/ups/:ups/device': ['view', upsDeviceNow],
  // Taking a lockout off needs more; the order itself is judged again.
  'POST /api/v1/pairs/:pair/lockout': ['lockout on', lockOut],
  'POST /api/v1/pairs/:pair/units/:unit/out-of-service': ['out-of-service', takeOutOfService],
  'POST /api/v1/pairs/:pair/units/:unit/qualified': ['qualified', qualified],
  'POST /api/v1/pairs/:pair/resolve': ['resolve', resolve],
  'POST /api/v1/switchovers': ['prepare', prepare],
  'GET /api/v1/switchovers/:id': ['view', switchoverNow],
  'POST /api/v1/switchovers/:id/confirm': ['confirm', confirm],
  'POST /api/v1/switchovers/:id/extend': ['extend', extend],
  'POST /api/v1/switchovers/:id/reject': ['reject', reject],
  'POST /api/v1/switchovers/:id/abort': ['abort', abort],
  'GET /api/v1/alarms': ['view', alarmsNow],
  'GET /api/v1/alarms/rates': ['view', alarmRatesNow],
  'POST /api/v1/alarms/:id/ack': ['acknowledge', acknowledge],
  'POST /api/v1/alarms/:id/comment': ['comment', comment],
  'POST /api/v1/alarms/:id/shelve': ['shelve', shelve],
  'POST /api/v1/alarms/:id/out-of-service': ['alarm-out-of-service', takeAlarmOutOfService],
  'GET /api/v1/journal': ['view', journalPage],
  'GET /api/v1/history': ['view', historyNow],
  'GET /api/v1/handover': ['view', handoverNow],
  'POST /api/v1/handover': ['handover', takeShift],
  'GET /api/v1/system': ['view', systemNow],
  'GET /api/v1/openapi.json': [
    'view',
    {
      says: 'This API, for programs.',
      answers: 'an OpenAPI 3.1 document',
      answer: ({ about }) => good(openApi(apiRows, about.version)),
    },
  ],
}

/** Every request of the API, in the order of the manual. */
export const apiRows: readonly ApiRow[] = [
  ...Object.entries(open).map(
    ([key, handler]): ApiRow => ({ ...placeOf(key), right: 'public', handler }),
  ),
  ...Object.entries(guarded).map(
    ([key, [right, handler]]): ApiRow => ({ ...placeOf(key), right, handler }),
  ),
]

/** Everything that is served: the API, bound to the parts that it works with, and the pages. */
export const routesOf = (parts: WebParts): readonly Route[] => [
  ...pageRoutes(parts.pagesFolder),
  ...apiRows.map((row) => bind(row, parts)),
]

function bind(row: ApiRow, parts: WebParts): Route {
  const { method, path } = row
  const place = { method, path }
  const openRoute = (right: ApiRow['right'], { open, ...told }: OpenHandler): Route => ({
    ...told,
    ...place,
    right,
    open: (call) => open(parts, call),
  })
  if (row.right === 'public') return openRoute(row.right, row.handler)
  const { right, handler } = row
  if ('open' in handler) return openRoute(right, handler)
  if ('answer' in handler) {
    const { answer, ...told } = handler
    return { ...told, ...place, right, answer: (call) => answer(parts, call) }
  }
  const { stream, ...told } = handler
  return { ...told, ...place, right, stream: (call, response) => stream(parts, call, response) }
}

function placeOf(key: string): Pick<Route, 'method' | 'path'> {
  const [method = '', path = ''] = key.split(' ')
  return { method: method === 'POST' ? 'POST' : 'GET', path }
}
