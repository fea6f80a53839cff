// The request for an event stream. An EventSource can send no header of its own, so the cookie is enough; where the line was lost the
// browser itself says after which event.

import type { StreamHandler } from './parts.ts'

export const eventStream: StreamHandler = {
  says:
    'Everything that changes, as server-sent events: `snapshot` first, then `delta`, `alarm`, `prompt`, and a `tick` each second. ' +
    'With the header `Last-Event-ID` what was missed, when it is still kept.',
  answers: 'a stream of events; at most 4 for a session and 64 for an address',
  stream: ({ streams }, { session, address, headers }, response) => {
    const client = { sessionId: session.id, address }
    const refusal = streams.refusal(client)
    if (refusal !== undefined) return refusal
    streams.open(client, String(headers['last-event-id'] ?? ''), response)
    return undefined
  },
}
