// The session of this person on this machine: the address of the service and the token that `login` got, in a file that
// only its owner can read. BUMPLESS_URL and BUMPLESS_TOKEN override it.

import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { Halt } from './outcome.ts'

export type Session = {
  readonly url: string
  readonly token: string
  readonly user: string
  readonly role: string
  readonly expiresWallMs: number
}

const defaultUrl = 'http://127.0.0.1:8080'

/** `$XDG_CONFIG_HOME/bumpless/session.json`, else under `~/.config`. */
function sessionPath(): string {
  const base = process.env.XDG_CONFIG_HOME || join(homedir(), '.config')
  return join(base, 'bumpless', 'session.json')
}

/** Where to go and as whom. A token is sent only to the address that it came from, or when given in BUMPLESS_TOKEN. */
export async function currentSession(
  urlOption?: string,
): Promise<{ url: string; token?: string; user?: string }> {
  const saved = await readSession()
  const url = trimmed(urlOption ?? process.env.BUMPLESS_URL ?? saved?.url ?? defaultUrl)
  const token = process.env.BUMPLESS_TOKEN
  if (token) return { url, token }
  if (saved === undefined || saved.url !== url) return { url }
  return { url, token: saved.token, user: saved.user }
}

/** The saved session, or nothing. A file that others can read is refused: its token may be known to them. */
export async function readSession(): Promise<Session | undefined> {
  const path = sessionPath()
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return undefined
  if ((found.mode & 0o077) !== 0)
    throw new Halt(
      `${path} can be read by others (mode ${(found.mode & 0o777).toString(8)}, expected 600); ` +
        "delete it and log in again with 'bumpless login'",
    )
  try {
    const session: Session = JSON.parse(await readFile(path, 'utf8'))
    return session
  } catch {
    throw new Halt(`${path} is not a session file; delete it and log in again`)
  }
}

/** Replaces the file in one step: folder 0700, file 0600 from its first byte. */
export async function saveSession(session: Session): Promise<string> {
  const path = sessionPath()
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await chmod(dirname(path), 0o700)
  const fresh = `${path}.${process.pid}`
  await rm(fresh, { force: true })
  const file = await open(fresh, 'wx', 0o600)
  await file.writeFile(`${JSON.stringify({ ...session, url: trimmed(session.url) }, null, 2)}\n`)
  await file.close()
  await rename(fresh, path)
  return path
}

export const removeSession = (): Promise<void> => rm(sessionPath(), { force: true })

const trimmed = (url: string): string => url.replace(/\/+$/, '')
