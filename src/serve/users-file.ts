// The users file: names, roles and password hashes, in YAML that only its owner may read. Written whole to a new file
// and renamed, so that a crash leaves either the old users or the new ones.

import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { type AccessRole, accessRoles } from '../core/plant.ts'
import type { BoundCertificate } from './certificate.ts'
import { hashPassword, isPasswordHash, passwordFault } from './password.ts'

export type User = {
  readonly name: string
  readonly role: AccessRole
  /** Argon2id hash in PHC string form. */
  readonly password: string
  /** When the account was made, ISO 8601. */
  readonly created: string
  /** Certificates with which this person, and nobody else, may log in over OPC UA. */
  readonly certificates?: readonly BoundCertificate[] | undefined
}

/** What is wrong with the users file or with a change of it: one clear line, without secrets. */
export class UsersError extends Error {
  override name = 'UsersError'
}

/** Reads all users. Throws UsersError when the file is missing, may be read by others, or is not as expected. */
export function readUsers(file: string): readonly User[] {
  const info = infoOf(file)
  if (info === undefined) {
    throw new UsersError(
      `${file} does not exist; add a first user: bumpless user add NAME --role engineer`,
    )
  }
  if ((info.mode & 0o077) !== 0) {
    const mode = (info.mode & 0o777).toString(8).padStart(4, '0')
    throw new UsersError(
      `${file} may be read or written by others (mode ${mode}), expected 0600: chmod 600 ${file}`,
    )
  }
  return usersIn(textOf(file), file)
}

/** Changes whenever the file or its mode changes; undefined while the file cannot be looked at. */
export function usersStamp(file: string): string | undefined {
  try {
    const info = statSync(file, { bigint: true })
    return `${info.ino} ${info.size} ${info.mtimeNs} ${info.ctimeNs}`
  } catch {
    return undefined
  }
}

/** The users in the file, or none when there is no file yet. */
export const listUsers = (file: string): readonly User[] =>
  infoOf(file) === undefined ? [] : readUsers(file)

/** Adds a user. Throws UsersError when the name is taken or not allowed, or the password too weak. */
export async function addUser(
  file: string,
  user: { readonly name: string; readonly role: AccessRole; readonly password: string },
  wallMs: number,
): Promise<void> {
  if (!nameForm.test(user.name)) throw new UsersError(`user name "${user.name}": ${nameExpected}`)
  if (reservedNames.includes(user.name.toLowerCase())) {
    throw new UsersError(`user name "${user.name}": the journal calls the program itself so`)
  }
  if (listUsers(file).some((other) => other.name === user.name)) {
    throw new UsersError(`${user.name} exists already in ${file}`)
  }
  const password = await newHash(user.password, user.name)
  const created = new Date(wallMs).toISOString()
  write(file, [...listUsers(file), { name: user.name, role: user.role, password, created }])
}

/** Removes a user. Throws UsersError when there is no such user. */
export const removeUser = (file: string, name: string): void =>
  write(
    file,
    usersWith(file, name).filter((user) => user.name !== name),
  )

/** Gives a user another role. Throws UsersError when there is no such user. */
export const setRole = (file: string, name: string, role: AccessRole): void =>
  write(
    file,
    usersWith(file, name).map((user) => (user.name === name ? { ...user, role } : user)),
  )

/** Gives a user another password. Throws UsersError when there is no such user or the password is too weak. */
export async function setPassword(file: string, name: string, password: string): Promise<void> {
  usersWith(file, name)
  const hash = await newHash(password, name)
  write(
    file,
    usersWith(file, name).map((user) => (user.name === name ? { ...user, password: hash } : user)),
  )
}

/** Lets a user log in with this certificate. Throws UsersError when there is no such user, or it is bound already. */
export function bindCertificate(file: string, name: string, certificate: BoundCertificate): void {
  const users = usersWith(file, name)
  const owner = users.find((user) => hasCertificate(user, certificate.sha256))
  if (owner !== undefined) {
    const also = owner.name === name ? '' : '; a certificate is one person'
    throw new UsersError(
      `the certificate of ${certificate.name} is bound to ${owner.name} already${also}`,
    )
  }
  write(
    file,
    users.map((user) =>
      user.name === name
        ? { ...user, certificates: [...(user.certificates ?? []), certificate] }
        : user,
    ),
  )
}

/**
 * Takes a certificate back from a user and yields it. `sha256`: as many of its first digits as tell it apart. Throws UsersError when
 * there is no such user or not exactly one such certificate.
 */
export function unbindCertificate(file: string, name: string, sha256: string): BoundCertificate {
  const users = usersWith(file, name)
  const bound = users.find((user) => user.name === name)?.certificates ?? []
  const [found, ...more] = bound.filter((one) => one.sha256.startsWith(sha256.toLowerCase()))
  if (found === undefined || more.length > 0) {
    const known = bound.map((one) => `${one.sha256.slice(0, 12)} ${one.name}`).join(', ')
    const many = found === undefined ? 'no certificate' : 'more than one certificate'
    throw new UsersError(`${many} of ${name} begins with ${sha256} (bound: ${known || 'none'})`)
  }
  const left = bound.filter((one) => one !== found)
  write(
    file,
    users.map((user) => {
      if (user.name !== name) return user
      const { certificates: _all, ...rest } = user
      return left.length === 0 ? rest : { ...rest, certificates: left }
    }),
  )
  return found
}

export const hasCertificate = ({ certificates = [] }: User, sha256: string): boolean =>
  certificates.some((one) => one.sha256 === sha256)

function usersWith(file: string, name: string): readonly User[] {
  const users = listUsers(file)
  if (users.some((user) => user.name === name)) return users
  const names = users.map((user) => user.name).join(', ')
  throw new UsersError(`there is no user ${name} in ${file} (users: ${names || 'none'})`)
}

function newHash(password: string, name: string): Promise<string> {
  const fault = passwordFault(password, name)
  if (fault !== undefined) throw new UsersError(fault)
  return hashPassword(password)
}

const infoOf = (file: string): Stats | undefined =>
  asUsersError(file, () => statSync(file, { throwIfNoEntry: false }))

const textOf = (file: string): string => asUsersError(file, () => readFileSync(file, 'utf8'))

function asUsersError<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UsersError(`${file} cannot be read (${why}), expected a file of this service's user`)
  }
}

/** Who did something in the journal is a name: these two are nobody's. */
const reservedNames = ['supervisor', 'policy']
const nameForm = /^[A-Za-z][A-Za-z0-9._-]{0,31}$/
const nameExpected = 'expected a letter, then up to 31 letters, digits, dots, dashes or underscores'

const schema = z.strictObject({
  users: z.array(
    z.strictObject({
      name: z.string().regex(nameForm, nameExpected),
      role: z.enum(accessRoles),
      password: z.string().refine(isPasswordHash, 'expected an argon2id hash; use: bumpless user'),
      created: z.string().max(40),
      certificates: z
        .array(
          z.strictObject({
            sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of a certificate'),
            name: z.string().max(100),
            validTo: z.string().max(40),
          }),
        )
        .optional(),
    }),
  ),
})

function usersIn(text: string, file: string): readonly User[] {
  let content: unknown
  try {
    content = parse(text)
  } catch {
    // The parser's own message quotes the file, and with it hashes.
    throw new UsersError(`${file} is not valid YAML`)
  }
  const result = schema.safeParse(content)
  if (!result.success) {
    const faults = result.error.issues.map((fault) => `${fault.path.join('.')}: ${fault.message}`)
    throw new UsersError(`${file}: ${faults.join('; ')}`)
  }
  const names = result.data.users.map((user) => user.name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new UsersError(`${file}: the user ${twice} stands in it twice`)
  const digests = result.data.users.flatMap((user) =>
    (user.certificates ?? []).map(({ sha256 }) => sha256),
  )
  const shared = digests.find((sha256, index) => digests.indexOf(sha256) !== index)
  if (shared !== undefined) {
    throw new UsersError(`${file}: the certificate ${shared.slice(0, 12)} stands in it twice`)
  }
  return result.data.users
}

function write(file: string, users: readonly User[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const fresh = `${file}.new-${randomBytes(4).toString('hex')}`
  const handle = openSync(fresh, 'wx', 0o600)
  try {
    writeFileSync(handle, stringify({ users }, { lineWidth: 0 }))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(fresh, file)
}
