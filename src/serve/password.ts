// Passwords: argon2id in PHC string form. One hash at a time, because each takes a thread of the pool that also syncs the
// journal, and 19 MiB of memory; a flood of log-ins must not slow the journal down.

import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'

// OWASP's first recommendation for argon2id: 19 MiB, two passes, one lane.
const cost = { memory: 19_456, passes: 2, parallelism: 1 }
const tagLength = 32
const saltLength = 16

/** Shortest password that is accepted, characters. */
const passwordLengthMin = 12
/** Longest one; hashing longer input gains nothing. */
const passwordLengthMax = 256
/** Checks that may wait for their turn (about 40 ms each); more are turned away. */
const checksWaitingMax = 16

/** What is wrong with a new password, in one sentence that does not repeat it; undefined when it is good enough. */
export function passwordFault(password: string, user: string): string | undefined {
  const length = [...password].length
  if (length < passwordLengthMin) {
    return `the password has ${length} characters, expected at least ${passwordLengthMin}`
  }
  if (length > passwordLengthMax) {
    return `the password has ${length} characters, expected at most ${passwordLengthMax}`
  }
  if (password.trim().toLowerCase() === user.toLowerCase()) {
    return 'the password is the user name, expected something that others cannot guess'
  }
  return undefined
}

/** Hash of a new password with a fresh salt: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltLength)
  const hash = await inTurn(() => derive(password, salt, { ...cost, tagLength }))
  const { memory, passes, parallelism } = cost
  const numbers = `m=${memory},t=${passes},p=${parallelism}`
  return `$argon2id$v=19$${numbers}$${base64(salt)}$${base64(hash)}`
}

/** True when the password belongs to the hash. Takes as long for a wrong password as for the right one. */
export async function passwordMatches(password: string, phc: string): Promise<boolean> {
  const parsed = parsePhc(phc)
  if (parsed === undefined) return false
  const { salt, hash, ...numbers } = parsed
  const given = await inTurn(() =>
    derive(password, salt, { ...numbers, tagLength: hash.byteLength }),
  )
  return timingSafeEqual(given, hash)
}

/** True when one more check may wait for its turn. */
export const mayCheckPassword = (): boolean => waiting < checksWaitingMax

/** True when the text is a hash that `passwordMatches` can check. */
export const isPasswordHash = (text: string): boolean => parsePhc(text) !== undefined

type Numbers = { memory: number; passes: number; parallelism: number; tagLength: number }

function derive(password: string, nonce: Buffer, numbers: Numbers): Promise<Buffer> {
  // The same word typed on two keyboards may arrive in two Unicode forms.
  const message = password.normalize('NFC')
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce, ...numbers }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}

const phcForm =
  /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

function parsePhc(phc: string) {
  const [, memory, passes, parallelism, salt, hash] = phcForm.exec(phc) ?? []
  if (salt === undefined || hash === undefined) return undefined
  const numbers = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  }
  // Bounds that keep a hand-written file from stalling the service.
  if (numbers.memory < 8 * numbers.parallelism || numbers.memory > 262_144) return undefined
  if (numbers.parallelism < 1 || numbers.passes < 1 || numbers.passes > 10) return undefined
  return { ...numbers, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')

// The queue belongs to the process, as the thread pool does.
let waiting = 0
let last: Promise<unknown> = Promise.resolve()

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  waiting += 1
  const result = last.then(work).finally(() => {
    waiting -= 1
  })
  last = result.catch(() => undefined)
  return result
}
