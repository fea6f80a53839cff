// What the main thread and the thread of the OPC UA server tell each other. Everything is plain data. Passwords cross here
// on their way to the check, and nowhere else.

import type { Answer, Json, OrderBody } from '../../core/cycle.ts'
import type { OpcUaSettings } from '../../core/opcua-settings.ts'
import type { AccessRole } from '../../core/plant.ts'
import type { PairView, View } from '../../core/view.ts'
import type { BoundCertificate } from '../certificate.ts'
import type { TrendAnswer, TrendQuestion } from '../history/trend.ts'
import type { Layout } from './layout.ts'

/** What the thread is started with. */
export type ThreadSettings = {
  readonly settings: OpcUaSettings
  readonly layout: Layout
  readonly version: string
}

export type ToServer =
  /** News of the view; answered by `shown` before the next one leaves. Pairs that are not named are as before. */
  | {
      readonly kind: 'view'
      readonly cycle: number
      readonly wallMs: number
      readonly pairs: readonly PairView[]
      readonly rest?: Omit<View, 'pairs'>
    }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Omit<Answer, 'orderId'> }
  | { readonly kind: 'log-in'; readonly id: number; readonly result: LogInResult }
  | { readonly kind: 'trend'; readonly id: number; readonly question: TrendQuestion }
  /** The session has ended here: log-out, a lost role, a removed user. */
  | { readonly kind: 'session-ended'; readonly session: string; readonly reason: string }
  /** `backMs`: when the service is expected again, Unix ms. */
  | { readonly kind: 'stop'; readonly backMs: number }

export type LogInResult =
  | {
      readonly kind: 'good'
      /** The account, which a certificate does not name. */
      readonly user: string
      readonly session: string
      readonly role: AccessRole
    }
  | { readonly kind: 'wrong' | 'later' }

/** What a client shows for the person behind it. */
export type Shown =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'certificate'; readonly certificate: BoundCertificate }

export type ToMain =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'shown' }
  | { readonly kind: 'trend'; readonly id: number; readonly answer: TrendAnswer }
  | {
      readonly kind: 'log-in'
      readonly id: number
      readonly by: Shown
      readonly address: string
      /** A session that is open already and only shows the same again. */
      readonly session?: string
    }
  | { readonly kind: 'log-out'; readonly session: string }
  | {
      readonly kind: 'order'
      readonly id: number
      readonly session: string
      readonly request: OrderRequest
    }
  | {
      readonly kind: 'audit'
      readonly text: string
      readonly data: { readonly [key: string]: Json }
    }
  /** Why no history is kept; without `fault` it is kept again. */
  | { readonly kind: 'history'; readonly fault?: string }
  | { readonly kind: 'stopped' }

/** An order as a client gave it; empty texts were not given. */
export type OrderRequest =
  | {
      readonly kind: 'prepare'
      readonly pair: string
      readonly to: string
      readonly reason: string
      readonly dryRun: boolean
      /** Ids of gates. */
      readonly overrides: readonly string[]
    }
  | {
      readonly kind: 'resolve'
      readonly pair: string
      readonly way: string
      readonly reason: string
      readonly attest: string
    }
  | {
      readonly kind: 'confirm'
      readonly switchover: string
      readonly evidenceHash: string
      readonly typedName: string
      readonly reason: string
      readonly password: string
      readonly approver: string
      readonly approverPassword: string
    }
  | AsOrdered

/** What needs no check by the door goes on as it is. */
type AsOrdered = Extract<
  OrderBody,
  {
    kind:
      | 'reject'
      | 'abort'
      | 'extend'
      | 'lockout'
      | 'out-of-service'
      | 'qualified'
      | 'alarm-out-of-service'
      | 'acknowledge'
      | 'comment'
      | 'shelve'
  }
>
