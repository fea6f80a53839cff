// The OPC UA door as the service sees it: starts the thread of the server, sends it the newest view, and carries orders, log-ins and
// audits from it to the parts that every door shares. Whatever happens in that thread, no cycle waits for it.

import { type ResourceLimits, Worker } from 'node:worker_threads'
import type { Plant } from '../../core/plant.ts'
import type { Access, OnAudit } from '../access.ts'
import type { Board } from '../board.ts'
import type { TrendAnswer, TrendQuestion } from '../history/trend.ts'
import type { Inbox } from '../inbox.ts'
import { keptAliveDoor } from '../sessions.ts'
import { layoutOf } from './layout.ts'
import { logIn } from './log-in.ts'
import type { ThreadSettings, ToMain, ToServer } from './messages.ts'
import { openOutgoing } from './outgoing.ts'
import { watchOwnCertificate } from './own-certificate.ts'
import { takeOrder } from './take-order.ts'
import { openTrendAsking } from './trend-asking.ts'

export type OpcUaDoor = {
  /** Address for clients. */
  readonly url: string
  /** Asks the history; undefined where the plant file wants none. */
  trend(question: TrendQuestion): Promise<TrendAnswer> | undefined
  /** Tells the clients when the service is expected again, and ends the server. */
  close(): Promise<void>
}

export type DoorOptions = {
  readonly plant: Plant
  readonly settings: NonNullable<Plant['opcua']>
  readonly version: string
  readonly inbox: Inbox
  readonly board: Board
  readonly access: Access
  readonly onAudit: OnAudit
  /** Told why no history is kept, and `undefined` when it is kept again. */
  readonly onHistory: (fault: string | undefined) => void
}

/** A thread that ended by a fault is started again after this time. */
const restartMs = 5_000
/** The news is looked at again so soon after the last message has arrived, ms. */
const gapMs = 10
/** Time for the server to say goodbye to its clients. */
const closeMs = 4_000

/** Starts the server; rejects with one clear line when it cannot listen. */
export async function startOpcUa(options: DoorOptions): Promise<OpcUaDoor> {
  const { settings, board, access, onAudit } = options
  const threadSettings: ThreadSettings = {
    settings,
    layout: layoutOf(options.plant),
    version: options.version,
  }
  let closing = false
  let thread = await openThread(threadSettings, options, ended)
  const views = board.changes.subscribe(({ view }) => thread.show(view))
  const newest = board.current()
  if (newest !== undefined) thread.show(newest.view)
  const sessions = access.ended.subscribe(({ session, reason }) => {
    if (session.person.via.startsWith(keptAliveDoor)) thread.endSession(session.id, reason)
  })
  const unwatch = watchOwnCertificate(settings.pki, {
    onRenewed: () => void renewed(),
    onNearEnd: (text) => {
      onAudit(`the certificate of the OPC UA server ${text}: bumpless certs renew`, {})
    },
  })
  return {
    url: `opc.tcp://${settings.host}:${settings.port}`,
    trend: (question) => (settings.history === undefined ? undefined : thread.trend(question)),
    close: async () => {
      if (closing) return
      closing = true
      unwatch()
      views.unsubscribe()
      sessions.unsubscribe()
      await thread.close(Date.now() + settings.backS * 1000)
    },
  }

  function ended(text: string): void {
    if (closing) return
    onAudit(`the OPC UA server ended by a fault and is started again: ${text}`, {})
    setTimeout(() => void again(), restartMs).unref()
  }

  async function renewed(): Promise<void> {
    if (closing) return
    onAudit('the OPC UA server starts anew with its new certificate', {})
    await thread.close(Date.now() + restartMs)
    await again()
  }

  async function again(): Promise<void> {
    if (closing) return
    try {
      thread = await openThread(threadSettings, options, ended)
      if (closing) return await thread.close(Date.now())
      const current = board.current()
      if (current !== undefined) thread.show(current.view)
    } catch (error) {
      ended(error instanceof Error ? error.message : String(error))
    }
  }
}

type Thread = {
  show(view: Parameters<Board['publish']>[0]): void
  endSession(session: string, reason: string): void
  trend(question: TrendQuestion): Promise<TrendAnswer>
  close(backMs: number): Promise<void>
}

/** `onEnd` is called when the thread ends although nobody closed it, once it was ready. */
async function openThread(
  settings: ThreadSettings,
  options: DoorOptions,
  onEnd: (text: string) => void,
): Promise<Thread> {
  const worker = new Worker(new URL('./server-thread.ts', import.meta.url), {
    workerData: settings,
    resourceLimits: limitsFor(settings.layout),
  })
  const outgoing = openOutgoing()
  const sessions = new Set<string>()
  const post = (message: ToServer): void => worker.postMessage(message)
  let planned = false
  let waiting = false
  // Never within the cycle that publishes a view, and never twice at once.
  const pump = (afterMs: number): void => {
    if (waiting || planned) return
    waiting = true
    setTimeout(() => {
      waiting = false
      const news = outgoing.next(performance.now())
      if (news !== undefined) post(news)
    }, afterMs).unref()
  }
  const take = handlerOf(options, sessions, post, () => {
    outgoing.arrived()
    pump(gapMs)
  })
  const trends = openTrendAsking(post)
  worker.on('message', take)
  worker.on('message', trends.take)
  await readiness(worker)
  worker.once('error', (error) => gone(error.message))
  worker.once('exit', (code) => gone(`exit code ${code}`))
  return {
    show: (view) => {
      outgoing.take(view)
      pump(0)
    },
    endSession: (session, reason) => {
      if (sessions.delete(session)) post({ kind: 'session-ended', session, reason })
    },
    trend: trends.ask,
    close: async (backMs) => {
      planned = true
      trends.end()
      const stopped = new Promise<void>((done) => {
        worker.on('message', ({ kind }: ToMain) => kind === 'stopped' && done())
        setTimeout(done, closeMs).unref()
      })
      post({ kind: 'stop', backMs })
      await stopped
      await worker.terminate()
    },
  }

  function gone(text: string): void {
    if (planned) return
    planned = true
    trends.end()
    for (const session of sessions) options.access.logout(session)
    // The next thread tells how it finds the history.
    options.onHistory(undefined)
    onEnd(text)
  }
}

/** Memory of the thread: with a limit it is cleared earlier, and by itself it would take half as much again and be no faster. */
function limitsFor({ pairs }: ThreadSettings['layout']): ResourceLimits {
  const variables = pairs.reduce((sum, { tags }) => sum + 90 + 4 * tags.length, 0)
  // Clients may have 512 MB, a variable takes about 8 kB.
  return { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1_024 + 0.012 * variables }
}

/** Resolves when the server listens, rejects with its reason when it cannot. */
function readiness(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (text: string): void => {
      void worker.terminate()
      reject(new Error(`OPC UA: ${text}`, { cause: 'the server cannot start' }))
    }
    const onError = (error: Error): void => failed(error.message)
    worker.once('error', onError)
    worker.on('message', function begin(message: ToMain) {
      if (message.kind !== 'ready' && message.kind !== 'failed') return
      worker.off('message', begin)
      worker.off('error', onError)
      if (message.kind === 'ready') resolve()
      else failed(message.text)
    })
  })
}

function handlerOf(
  { access, inbox, onAudit, onHistory, plant }: DoorOptions,
  sessions: Set<string>,
  post: (message: ToServer) => void,
  arrived: () => void,
): (message: ToMain) => void {
  const parts = { access, inbox, pairNames: plant.pairs.map(({ name }) => name) }
  return (message) => {
    switch (message.kind) {
      case 'shown':
        return arrived()
      case 'audit':
        return onAudit(message.text, message.data)
      case 'history':
        return onHistory(message.fault)
      case 'log-in':
        void logIn(access, message, sessions).then((result) =>
          post({ kind: 'log-in', id: message.id, result }),
        )
        return undefined
      case 'log-out':
        sessions.delete(message.session)
        return access.logout(message.session)
      case 'order':
        void takeOrder(parts, message.session, message.request).then((answer) =>
          post({ kind: 'answer', id: message.id, answer }),
        )
        return undefined
      case 'trend':
      case 'ready':
      case 'failed':
      case 'stopped':
        return undefined
    }
  }
}
