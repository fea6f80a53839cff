// Runs `bumpless` as a person or a script would: as a process of its own, with its output in pipes or on a pseudo-terminal.

import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { PracticeService } from './practice-service.ts'

const mainFile = resolve(import.meta.dirname, '../../src/main.ts')
const relayFile = join(import.meta.dirname, 'terminal.py')
const limitMs = 8000

export type Finished = {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

/** Without a terminal, to its end; `withinMs` for commands that take their time. */
export function bumpless(
  environment: NodeJS.ProcessEnv,
  words: readonly string[],
  stdin = '',
  withinMs = limitMs,
): Promise<Finished> {
  const child = spawn(process.execPath, [mainFile, ...words], { env: environment })
  let out = ''
  let error = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    error += chunk
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(stdin)
  return new Promise((done, fail) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      fail(new Error(`bumpless ${words.join(' ')} did not end; it wrote:\n${out}${error}`))
    }, withinMs)
    child.once('close', (code) => {
      clearTimeout(timer)
      done({ code, out, error })
    })
  })
}

export type Sitting = {
  /** Waits until the screen shows it, after what was seen before; gives all text since then. */
  readonly see: (text: string) => Promise<string>
  readonly type: (keys: string) => void
  /** The line of the terminal goes dead. */
  readonly hangUp: () => void
  /** The exit code. */
  readonly end: () => Promise<number | null>
  /** Everything that was on the screen, without control sequences. */
  readonly screen: () => string
  readonly raw: () => string
  /** Length of the longest line that was painted: a line rewritten in place counts each time anew. */
  readonly widest: () => number
}

/** At a pseudo-terminal of 80 by 24. */
export function sitDown(environment: NodeJS.ProcessEnv, words: readonly string[]): Sitting {
  const command = ['-B', relayFile, process.execPath, mainFile, ...words]
  const child = spawn('python3', command, { env: { NO_COLOR: '1', ...environment } })
  let raw = ''
  let seenTo = 0
  let code: number | null | undefined
  let wake: () => void = () => undefined
  const take = (chunk: Buffer): void => {
    raw += chunk
    wake()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  child.stdin.on('error', () => undefined)
  child.once('close', (exit) => {
    code = exit
    wake()
  })
  const until = async <T>(what: string, test: () => T | undefined): Promise<T> => {
    const deadline = performance.now() + limitMs
    for (;;) {
      const found = test()
      if (found !== undefined) return found
      const leftMs = deadline - performance.now()
      if (leftMs <= 0 || (code !== undefined && what !== 'its end')) {
        child.kill('SIGKILL')
        throw new Error(`waited in vain for ${what}; the screen showed:\n${plain(raw)}`)
      }
      await new Promise<void>((done) => {
        wake = done
        setTimeout(done, Math.min(leftMs, 200))
      })
    }
  }
  return {
    see: (text) =>
      until(`"${text}"`, () => {
        const shown = plain(raw)
        const at = shown.indexOf(text, seenTo)
        if (at < 0) return undefined
        const since = shown.slice(seenTo, at + text.length)
        seenTo = at + text.length
        return since
      }),
    type: (keys) => {
      child.stdin.write(keys)
    },
    hangUp: () => {
      child.stdin.end()
    },
    end: () => until('its end', () => code),
    screen: () => plain(raw),
    raw: () => raw,
    widest: () =>
      Math.max(
        ...withoutControls(raw)
          .split(/[\r\n]/)
          .map((line) => line.length),
      ),
  }
}

/** Puts a session of that user in the home of the practice service. */
export async function logInAs(service: PracticeService, user = 'anna'): Promise<void> {
  const folder = join(service.folder, 'config', 'bumpless')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const token = await service.login(user)
  const session = { url: service.url, token, user, role: 'any', expiresWallMs: Date.now() + 1e6 }
  await writeFile(join(folder, 'session.json'), JSON.stringify(session), { mode: 0o600 })
}

const plain = (text: string): string => withoutControls(text).replaceAll('\r', '')

const withoutControls = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape is what a control sequence begins with
  text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
