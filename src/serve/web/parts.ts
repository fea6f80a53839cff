// What the web door is made of: the parts that it is given, what a request looks like to a handler, and what a row of
// the route table says.

import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { z } from 'zod'
import type { JournalRecord } from '../../core/cycle.ts'
import type { ScrapeSettings, TlsFiles } from '../../core/http-settings.ts'
import type { Access, OnAudit, Session } from '../access.ts'
import type { Board } from '../board.ts'
import type { CycleFigures } from '../cycle-times.ts'
import type { TrendAnswer, TrendQuestion } from '../history/trend.ts'
import type { Inbox } from '../inbox.ts'
import type { Right } from '../rights.ts'
import type { SetUp } from '../set-up.ts'
import type { Cookies } from './cookie.ts'
import type { Streams } from './events.ts'
import type { Feed } from './feed.ts'
import type { Repeats } from './repeat.ts'
import type { Reply } from './replies.ts'

/** The journal as the doors may see it. */
export type JournalSource = {
  /**
   * At most `limit` records, oldest first; of one pair when it is given. With `after`: the first ones above that number, and
   * below `before`. Without: the newest ones, or the newest below `before`.
   */
  read(query: JournalQuery): readonly JournalRecord[] | Promise<readonly JournalRecord[]>
  /** Number and hash of the newest record. */
  head(): { readonly seq: number; readonly hash: string }
}
export type JournalQuery = {
  readonly after?: number
  readonly before?: number
  readonly limit: number
  readonly pair?: string
}

export type WebOptions = {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  readonly inbox: Inbox
  readonly board: Board
  readonly access: Access
  readonly journal: JournalSource
  readonly pairNames: readonly string[]
  readonly onAudit: OnAudit
  readonly about: About
  /** Asks the history; undefined where none is kept. */
  readonly readTrend?: (question: TrendQuestion) => Promise<TrendAnswer> | undefined
  /** The first account, while there is none; absent: there is one. */
  readonly setUp?: SetUp
  /** Absent: plain HTTP. */
  readonly tls?: TlsFiles
  readonly self: Self
  /** Who may have the metrics without a session; absent: nobody. */
  readonly metrics?: ScrapeSettings
  /** Aborted when the service begins to stop: it says so, and is not ready any more. */
  readonly stopping?: AbortSignal
  /** Further host names under which browsers may reach the service; loopback names and `host` always may. */
  readonly hostNames?: readonly string[]
  /** Folder of the built pages; without it there are none. */
  readonly pagesFolder?: string
  readonly limits?: Partial<WebLimits>
}

/** What the service knows of itself. */
export type Self = {
  cycles(): CycleFigures
  /** Facts of the system page, JSON-like. */
  facts(): Promise<object>
  /** What a device last said, JSON-like; undefined before its first reading or when there is none of that name. */
  device(id: string): object | undefined
}

/** What anybody may know before logging in. */
export type About = {
  readonly site: string
  readonly version: string
  /** Shown where people log in. */
  readonly notice?: string
}

export type WebLimits = {
  /** How long a client waits for the answer to an order. */
  readonly answerMs: number
  /** Without a new cycle for this long the service counts as standing still. */
  readonly quietMs: number
  /** Requests a minute, of one session or (without a session) of one address. */
  readonly requestsPerMinute: number
  /** Log-ins a minute of one address, whatever their outcome. */
  readonly loginsPerMinute: number
  /** Time for a client to send its whole request, and to shake hands before. */
  readonly requestMs: number
}

export const usualWebLimits: WebLimits = {
  answerMs: 4_000,
  quietMs: 3_000,
  requestsPerMinute: 1_200,
  loginsPerMinute: 60,
  requestMs: 10_000,
}

/** The parts with what the web door adds to them. */
export type WebParts = Omit<WebOptions, 'limits'> & {
  readonly limits: WebLimits
  /** With TLS. */
  readonly secure: boolean
  readonly cookies: Cookies
  readonly feed: Feed
  readonly streams: Streams
  readonly repeats: Repeats
}

/** A request of somebody who may be anybody. */
export type OpenCall = {
  readonly url: string
  readonly address: string
  readonly parameters: Readonly<Record<string, string>>
  readonly query: unknown
  readonly body: unknown
  readonly headers: IncomingHttpHeaders
  /** Of whoever is logged in, also where nobody need be. */
  readonly session?: Session
}
/** A request within a session whose role holds the right that the route declares. */
export type Call = OpenCall & { readonly session: Session }

/** What the manual says of a request. */
export type Told = {
  /** One sentence: what it is for. */
  readonly says: string
  /** What comes back when it is done. */
  readonly answers: string
  /** The status of that; 200 unless it says otherwise. */
  readonly status?: 201 | 204
  /** May be ordered although the person of the session was away. */
  readonly whileLocked?: true
  /** A scraper of metrics may have it without a session, where the plant file says so. */
  readonly scrape?: true
}

type Shape = { readonly body?: z.ZodType; readonly query?: z.ZodType }

/** Answers whoever holds the route's right. */
export type Handler = Told &
  Shape & { readonly answer: (parts: WebParts, call: Call) => Reply | Promise<Reply> }
/** Answers anybody. */
export type OpenHandler = Told &
  Shape & { readonly open: (parts: WebParts, call: OpenCall) => Reply | Promise<Reply> }
/** Writes to the response itself, or refuses with a reply. */
export type StreamHandler = Told &
  Shape & {
    readonly stream: (parts: WebParts, call: Call, response: ServerResponse) => Reply | undefined
  }

/** One row of the route table. `right` is what a session needs; `public` needs no session. */
export type Route = {
  readonly method: 'GET' | 'POST'
  readonly path: string
} & Partial<Told> &
  Shape &
  (
    | {
        readonly right: 'public' | Right
        readonly open: (call: OpenCall) => Reply | Promise<Reply>
      }
    | { readonly right: Right; readonly answer: (call: Call) => Reply | Promise<Reply> }
    | {
        readonly right: Right
        readonly stream: (call: Call, response: ServerResponse) => Reply | undefined
      }
  )

/** A request to the service as it is written down: who may send it, and what it does. */
export type ApiRow = { readonly method: Route['method']; readonly path: string } & (
  | { readonly right: 'public'; readonly handler: OpenHandler }
  | { readonly right: Right; readonly handler: Handler | StreamHandler | OpenHandler }
)
