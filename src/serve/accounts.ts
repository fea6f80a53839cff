// The accounts as they stand now: follows the users file while the service runs, checks passwords against it, and says
// who lost something by a change.

import type { AccessRole } from '../core/plant.ts'
import { includesRole } from '../core/plant.ts'
import { hashPassword, passwordMatches } from './password.ts'
import {
  hasCertificate,
  listUsers,
  readUsers,
  type User,
  UsersError,
  usersStamp,
} from './users-file.ts'

export type Accounts = {
  /** The role that this user has now; undefined for somebody unknown. */
  roleOf(name: string): AccessRole | undefined
  /** The role when the password is right; takes as long for somebody unknown. */
  check(name: string, password: string): Promise<AccessRole | undefined>
  /** Whom this certificate (SHA-256) is bound to now. */
  ownerOf(sha256: string): { readonly name: string; readonly role: AccessRole } | undefined
  /** Takes up a changed file. Whoever was known stays known while the file cannot be used. */
  refresh(): Refreshed
  /** True while there is nobody. */
  isEmpty(): boolean
}

export type Refreshed = {
  /** Users who were removed, lost a role, a certificate, or got another password. */
  readonly losses: readonly Loss[]
  /** Why the changed file is not used; said once for each change. */
  readonly fault?: string
}

/** `certificate`: only what this certificate (SHA-256) had opened is lost. */
export type Loss = { readonly name: string; readonly reason: string; readonly certificate?: string }

/** The file need not be there yet. Throws UsersError, one clear line, when it is open to others or damaged. */
export async function openAccounts(file: string): Promise<Accounts> {
  let stamp = usersStamp(file)
  let users = listUsers(file)
  // Checked when the user is unknown, so that the time does not tell who exists.
  const nobody = await hashPassword('nobody has this password')
  const named = (name: string): User | undefined => users.find((user) => user.name === name)

  const check = async (name: string, password: string): Promise<AccessRole | undefined> => {
    const hash = named(name)?.password
    const matches = await passwordMatches(password, hash ?? nobody)
    // The users may have changed while the hash was computed.
    const user = named(name)
    return matches && user?.password === hash ? user?.role : undefined
  }

  const refresh = (): Refreshed => {
    const before = users
    const found = usersStamp(file)
    if (found === stamp) return { losses: [] }
    stamp = found
    try {
      users = readUsers(file)
    } catch (error) {
      if (!(error instanceof UsersError)) throw error
      return { losses: [], fault: error.message }
    }
    return { losses: before.flatMap((user) => lossesOf(user, named(user.name))) }
  }

  const isEmpty = (): boolean => users.length === 0
  const ownerOf: Accounts['ownerOf'] = (sha256) => {
    const user = users.find((one) => hasCertificate(one, sha256))
    return user && { name: user.name, role: user.role }
  }

  return { roleOf: (name) => named(name)?.role, check, ownerOf, refresh, isEmpty }
}

function lossesOf(before: User, now: User | undefined): readonly Loss[] {
  const { name } = before
  const reason = lossOf(before, now)
  if (reason !== undefined) return [{ name, reason }]
  return (before.certificates ?? []).flatMap(({ sha256, name: shown }) =>
    now !== undefined && hasCertificate(now, sha256)
      ? []
      : [{ name, reason: `the certificate of ${shown} was taken back`, certificate: sha256 }],
  )
}

function lossOf(before: User, now: User | undefined): string | undefined {
  if (now === undefined) return 'the user was removed'
  if (!includesRole(now.role, before.role)) return `the role was changed to ${now.role}`
  return now.password === before.password ? undefined : 'the password was changed'
}
