// The accounts as they stand now: follows the users file while the service runs, checks passwords against it, and says
// who lost something by a change.

import type { AccessRole } from '../core/plant.ts'
import { includesRole } from '../core/plant.ts'
import { hashPassword, passwordMatches } from './password.ts'
import { listUsers, readUsers, type User, UsersError, usersStamp } from './users-file.ts'

export type Accounts = {
  /** The role that this user has now; undefined for somebody unknown. */
  roleOf(name: string): AccessRole | undefined
  /** The role when the password is right; takes as long for somebody unknown. */
  check(name: string, password: string): Promise<AccessRole | undefined>
  /** Takes up a changed file. Whoever was known stays known while the file cannot be used. */
  refresh(): Refreshed
  /** True while there is nobody. */
  isEmpty(): boolean
}

export type Refreshed = {
  /** Users who were removed, lost a role, or got another password. */
  readonly losses: readonly { readonly name: string; readonly reason: string }[]
  /** Why the changed file is not used; said once for each change. */
  readonly fault?: string
}

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
    const losses = before.flatMap((user) => {
      const reason = lossOf(user, named(user.name))
      return reason === undefined ? [] : [{ name: user.name, reason }]
    })
    return { losses }
  }

  const isEmpty = (): boolean => users.length === 0
  return { roleOf: (name) => named(name)?.role, check, refresh, isEmpty }
}

function lossOf(before: User, now: User | undefined): string | undefined {
  if (now === undefined) return 'the user was removed'
  if (!includesRole(now.role, before.role)) return `the role was changed to ${now.role}`
  return now.password === before.password ? undefined : 'the password was changed'
}
