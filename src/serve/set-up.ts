// The first account. While nobody has one, a token is kept in a file that only the service's own user can read; whoever can
// read it may make one engineer, once. There is no password as delivered, and no way in over the network alone.

import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Access, OnAudit } from './access.ts'
import { openLoginGuard } from './login-guard.ts'
import { addUser, UsersError } from './users-file.ts'

export type SetUp = {
  /** True until somebody has an account, whichever way it was made. */
  isOpen(): boolean
  /** Where the token stands while the set-up is open. */
  tokenFile(): string | undefined
  /** Makes the first account, an engineer. Only one call ever succeeds. */
  makeFirst(first: First, address: string): Promise<Made>
  /** Takes the token back; the next start makes another. */
  close(): void
}

export type First = { readonly token: string; readonly user: string; readonly password: string }
export type Made =
  | { readonly kind: 'good' }
  | { readonly kind: 'over' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'invalid'; readonly text: string }
  | { readonly kind: 'later'; readonly retryAfterMs: number }

export type SetUpOptions = {
  readonly access: Access
  readonly usersFile: string
  readonly onAudit: OnAudit
  readonly nowMs?: () => number
}

/** Writes the token beside the users file when nobody has an account. Throws UsersError when it cannot be written. */
export function openSetUp(options: SetUpOptions): SetUp {
  const { access, usersFile, onAudit } = options
  const nowMs = options.nowMs ?? (() => performance.now())
  const file = join(dirname(usersFile), 'setup-token')
  const guard = openLoginGuard()
  // What an earlier run left there opens nothing.
  rmSync(file, { force: true })
  let expected = access.isEmpty() ? newToken(file) : undefined

  const close = (): void => {
    if (expected === undefined) return
    expected = undefined
    rmSync(file, { force: true })
  }

  const isOpen = (): boolean => {
    if (access.isEmpty()) return true
    close()
    return false
  }

  const makeFirst: SetUp['makeFirst'] = async ({ token, user, password }, address) => {
    const awaited = expected
    if (!isOpen() || awaited === undefined) return { kind: 'over' }
    const keys = [
      { kind: 'user', name: 'set-up' } as const,
      { kind: 'address', name: address } as const,
    ]
    const attempt = guard.attempt(keys, nowMs())
    if (!attempt.allowed) return { kind: 'later', retryAfterMs: attempt.retryAfterMs }
    if (!timingSafeEqual(hashOf(token.trim()), awaited)) {
      onAudit('a wrong set-up token was given', { address })
      return { kind: 'wrong' }
    }
    attempt.succeeded()
    // From here on the token is used up for everybody else; a password that is too weak gives it back.
    expected = undefined
    try {
      await addUser(usersFile, { name: user, role: 'engineer', password }, Date.now())
    } catch (fault) {
      expected = awaited
      if (fault instanceof UsersError) return { kind: 'invalid', text: fault.message }
      throw fault
    }
    rmSync(file, { force: true })
    access.refresh()
    onAudit(`${user} made the first account, as engineer`, { user, address })
    return { kind: 'good' }
  }

  return { isOpen, tokenFile: () => (isOpen() ? file : undefined), makeFirst, close }
}

/** Writes a new token and gives its hash: 24 letters that cannot be mistaken for each other, about 118 bits. */
function newToken(file: string): Buffer {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  const letter = (): string => letters.charAt(randomInt(letters.length))
  const group = (): string => Array.from({ length: 4 }, letter).join('')
  const token = Array.from({ length: 6 }, group).join('-')
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, `${token}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UsersError(
      `${file} cannot be written (${why}), and nobody has an account; add a first user: bumpless user add NAME --role engineer`,
    )
  }
  return hashOf(token)
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()
