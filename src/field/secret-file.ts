// Passwords and communities stand in files of their own, which nobody but us may read. They are read anew at every
// connection, so that one that was changed works without a restart; the secret itself never stands in any message.

import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

export type Secret = { readonly secret: string } | { readonly wrong: string }

/**
 * The one line of text in `file`, without its line end. `wrong` is one clear line: which file, what is wrong, what to do. The
 * file must be a plain one (no link), closed to group and others, of 1 to 4096 bytes of UTF-8 text without control characters.
 */
export async function readSecret(file: string): Promise<Secret> {
  let handle: FileHandle | undefined
  try {
    // Not blocking: to open a pipe would wait for somebody to write into it.
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const about = await handle.stat()
    if (!about.isFile()) return wrong(file, 'is not a plain file; expected a file with one line')
    if ((about.mode & 0o077) !== 0) return wrong(file, `is open to others; run: chmod 600 ${file}`)
    if (about.size > bytesMax) return wrong(file, `is longer than ${bytesMax} bytes`)
    return secretIn(file, await handle.readFile())
  } catch (error) {
    return wrong(file, whyNotOpened(error))
  } finally {
    await handle?.close()
  }
}

const bytesMax = 4096

const wrong = (file: string, what: string): Secret => ({ wrong: `the secret file ${file} ${what}` })

function secretIn(file: string, bytes: Buffer): Secret {
  const text = bytes.toString('utf8')
  if (!Buffer.from(text).equals(bytes)) return wrong(file, 'is not UTF-8 text')
  const secret = text.replace(/\r?\n$/, '')
  if (secret === '') return wrong(file, 'is empty; write the secret into it, one line')
  if (/\p{Cc}/u.test(secret)) {
    return wrong(file, 'holds more than one line, or control characters; expected one line of text')
  }
  return { secret }
}

function whyNotOpened(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  if (code === 'ENOENT') return 'does not exist; write the secret into it and run chmod 600'
  if (code === 'ELOOP') return 'is a link; name the file itself'
  if (code === 'EACCES') return 'cannot be read by this user; make it the owner and run chmod 600'
  return `cannot be read: ${code}`
}
