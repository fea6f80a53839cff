// What the pages show: the newest view, whether it is alive, and what time it is in the control room. The one place that follows the
// stream; pages only read the signals.

import { computed, signal } from '@preact/signals'
import type { View } from '../../core/view.ts'
import { applyDelta } from '../../serve/delta.ts'
import { type News, openStream, type Wish } from './stream.ts'

/** The newest view; undefined until the first one came. */
export const plant = signal<View | undefined>(undefined)
/** The service's clock, Unix ms, advanced by this browser's monotonic clock and set right by every tick. */
export const nowWallMs = signal(Date.now())
/** This browser's clock minus the service's, ms. */
export const clockOffsetMs = signal(0)
/** How long nothing was heard of the service, and for how long the supervisor has made no cycle, ms. */
const heard = signal({ agoMs: 0, quietMs: 0, started: false })

export type Link = 'starting' | 'live' | 'lost' | 'standing'
/** `lost`: the service is not heard. `standing`: it is heard, but its supervisor makes no cycles. */
export const link = computed<Link>(() => {
  const { agoMs, quietMs, started } = heard.value
  if (agoMs > lostAfterMs) return 'lost'
  if (!started) return 'starting'
  return quietMs > standingAfterMs ? 'standing' : 'live'
})
/** Since when what is shown is old, Unix ms of the service's clock; only while it is. */
export const oldSinceWallMs = computed(() => plant.value?.wallMs ?? 0)
export const isLive = computed(() => link.value === 'live')

const lostAfterMs = 2_000
const standingAfterMs = 3_000

let whenRefused = (): void => undefined
let lastHeardMs = performance.now()
let tickAt = { wallMs: Date.now(), nowMs: performance.now(), quietMs: 0 }

/** Follows the stream of this session until the returned function is called. `onRefused`: the service gives this session none. */
export function follow(session: string, onRefused: () => void): () => void {
  whenRefused = onRefused
  plant.value = undefined
  lastHeardMs = performance.now()
  heard.value = { agoMs: 0, quietMs: 0, started: false }
  const close = 'SharedWorker' in globalThis ? share(session) : openAlone()
  const watching = setInterval(look, 250)
  return () => {
    clearInterval(watching)
    close()
  }
}

function share(session: string): () => void {
  const worker = new SharedWorker(scriptUrl('/stream-worker.js'), {
    type: 'module',
    name: 'bumpless',
  })
  const wish = (one: Wish) => worker.port.postMessage(one)
  worker.port.onmessage = ({ data }: MessageEvent<News>) => take(data)
  const leave = () => wish({ kind: 'leave' })
  const join = () => wish({ kind: 'follow', session })
  addEventListener('pagehide', leave)
  addEventListener('pageshow', join)
  join()
  return () => {
    leave()
    removeEventListener('pagehide', leave)
    removeEventListener('pageshow', join)
    worker.port.close()
  }
}

function openAlone(): () => void {
  const stream = openStream(take)
  return () => stream.close()
}

function take(news: News): void {
  const nowMs = performance.now()
  const before = plant.peek()
  if (news.kind !== 'down') lastHeardMs = nowMs
  else if (news.refused) whenRefused()
  switch (news.kind) {
    case 'view':
      plant.value = news.view
      break
    case 'delta':
      plant.value = before && applyDelta(before, news.delta)
      break
    case 'tick':
      tickAt = { wallMs: news.tick.wallMs, nowMs, quietMs: news.tick.quietMs }
      clockOffsetMs.value = Math.round(Date.now() - news.tick.wallMs)
  }
  look()
}

function look(): void {
  const nowMs = performance.now()
  const agoMs = nowMs - lastHeardMs
  const { quietMs } = tickAt
  const started = plant.peek() !== undefined
  const before = heard.peek()
  // Small ages are of no interest to anybody and would draw the whole page four times a second.
  const rounded = agoMs > lostAfterMs ? agoMs : 0
  if (before.agoMs !== rounded || before.quietMs !== quietMs || before.started !== started)
    heard.value = { agoMs: rounded, quietMs, started }
  nowWallMs.value = Math.floor((tickAt.wallMs + nowMs - tickAt.nowMs) / 1000) * 1000
}

/** Browsers with Trusted Types take the address of a script from a policy only. */
function scriptUrl(path: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  if (trustedTypes === undefined) return path
  policy ??= trustedTypes.createPolicy('bumpless', { createScriptURL: (url) => url })
  return policy.createScriptURL(path)
}

type Policy = { createScriptURL(url: string): string }
type TrustedTypes = {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy
}
let policy: Policy | undefined
