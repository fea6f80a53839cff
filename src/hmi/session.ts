// Who sits at this browser: log-in, what they may do, and whether commands have to be unlocked again after a quiet time. Looking
// never ends because of that.

import { computed, effect, signal } from '@preact/signals'
import type { AccessRole } from '../core/plant.ts'
import type { Right } from '../serve/rights.ts'
import { onSessionRefused, order, type Refusal, read } from './api.ts'
import { nowWallMs } from './live/live.ts'
import { texts } from './texts.ts'

export type Session = {
  readonly user: string
  readonly role: AccessRole
  readonly session: string
  /** A screen for looking only. */
  readonly desk: boolean
  readonly rights: readonly Right[]
  readonly commandsUntilWallMs?: number
}
export type Site = {
  readonly site: string
  readonly notice?: string
  /** There is no account yet. */
  readonly setup: boolean
  readonly tls: boolean
  readonly version: string
  readonly loggedIn: boolean
}

export const session = signal<Session | undefined>(undefined)
export const site = signal<Site | undefined>(undefined)
/** False until it is known whether somebody is logged in. */
export const isSettled = signal(false)
/** Commands want the password again. */
export const isLocked = computed(() => {
  const until = session.value?.commandsUntilWallMs
  return until !== undefined && nowWallMs.value >= until
})

/** Why this person may not do it now, in a sentence; undefined when they may. */
export function rightRefusal(right: Right): string | undefined {
  const { value } = session
  if (value === undefined) return texts.session.none
  if (value.rights.includes(right)) return undefined
  return value.desk ? texts.session.desk : texts.session.noRight(value.user, value.role, right)
}

/** Asks the service who is logged in here. */
export async function settle(): Promise<void> {
  const here = await read<Site>('site')
  if (here.ok) site.value = here.body
  const found = here.ok && here.body.loggedIn ? await read<Session>('session') : undefined
  // A service that is away says nothing about who is logged in.
  if (here.ok && found?.ok !== false) session.value = found?.body
  else if (found?.ok === false && found.refusal.status === 401) session.value = undefined
  isSettled.value ||= here.ok
  if (!isSettled.value) setTimeout(settle, 1_000)
}

export async function logIn(
  user: string,
  password: string,
  desk: boolean,
): Promise<Refusal | undefined> {
  const result = await order('login', { user, password, cookie: true, ...(desk && { desk }) })
  if (!result.ok) return result.refusal
  await settle()
  return undefined
}

export async function logOut(): Promise<void> {
  isLeaving = true
  await order('logout')
  await settle()
}

export async function unlock(password: string): Promise<Refusal | undefined> {
  const result = await order('session/unlock', { password })
  if (!result.ok) return result.refusal
  await settle()
  return undefined
}

/** Tells the service that somebody works here, so that commands stay unlocked; at most once a minute. */
export function noteActivity(): void {
  const { value } = session
  if (value === undefined || value.desk || isLocked.value) return
  if (performance.now() - toldMs < activityMs) return
  toldMs = performance.now()
  void order('session/active').then((result) => (result.ok ? settle() : undefined))
}
const activityMs = 60_000
let toldMs = 0

/** The session that was open here has ended, and not by its person at this screen. */
export const wasEnded = signal(false)
let isLeaving = false
let before: Session | undefined
effect(() => {
  const { value } = session
  if (value !== undefined) wasEnded.value = false
  else if (before !== undefined) wasEnded.value = !isLeaving
  isLeaving = false
  before = value
})

onSessionRefused((code) => {
  if (code === 'locked') void settle()
  else session.value = undefined
})
