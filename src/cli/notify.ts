// Tells systemd how the service is: ready, alive, stopping, and in one sentence. The watchdog is fed only while cycles advance, so a
// supervisor that stands still is started again although its process lives. Outside systemd nothing is done.

import { execFile } from 'node:child_process'

export type Notifier = {
  /** From now on systemd counts the service as started, and the watchdog is fed. */
  ready(): void
  stopping(text: string): void
  close(): void
}

export type NotifyOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Time since the last new cycle, ms. */
  readonly quietMs: () => number
  /** Cycles that stay away for longer than this are not alive any more, ms. */
  readonly quietLimitMs: number
  /** The sentence that `systemctl status` shows. */
  readonly sentence: () => string | undefined
  /** Told once when systemd cannot be told. */
  readonly onFault: (text: string) => void
}

/** Without NOTIFY_SOCKET in the environment every call does nothing. */
export function openNotifier(options: NotifyOptions): Notifier {
  const { environment, quietMs, quietLimitMs, sentence, onFault } = options
  if (!environment.NOTIFY_SOCKET) return { ready: () => {}, stopping: () => {}, close: () => {} }
  let faulty = false
  let told = ''
  // One after the other: each message is a process of its own, and two at once could overtake each other.
  let last: Promise<void> = Promise.resolve()
  let waiting = 0
  const send = (...words: readonly string[]): void => {
    waiting += 1
    last = last
      .then(() => notify(words))
      .then((fault) => {
        waiting -= 1
        if (fault === undefined || faulty) return
        faulty = true
        onFault(`systemd cannot be told how the service is: ${fault}`)
      })
  }
  const status = (): readonly string[] => {
    const text = oneLine(sentence() ?? 'starting')
    if (text === told) return []
    told = text
    return [`STATUS=${text}`]
  }
  let isStopping = false
  const look = (): void => {
    if (waiting > 0) return
    const alive = quietMs() <= quietLimitMs
    const news = alive ? status() : [`STATUS=no cycle for ${Math.round(quietMs() / 1000)} s`]
    if (!alive) told = ''
    const words = [...(alive && feeds ? ['WATCHDOG=1'] : []), ...(isStopping ? [] : news)]
    if (words.length > 0) send(...words)
  }
  const limitMs = Number(environment.WATCHDOG_USEC ?? 0) / 1000
  const feeds = limitMs > 0
  let timer: NodeJS.Timeout | undefined
  return {
    ready: () => {
      send('READY=1', ...(feeds ? ['WATCHDOG=1'] : []), ...status())
      // Three times within its limit: one message that comes late must not end the service.
      timer = setInterval(look, feeds ? Math.max(100, limitMs / 3) : statusEveryMs)
      timer.unref()
    },
    stopping: (text) => {
      isStopping = true
      send('STOPPING=1', `STATUS=${oneLine(text)}`)
    },
    close: () => clearInterval(timer),
  }
}

/** A program of its own: Node has no datagram sockets of this kind. It waits until systemd has taken the message. Gives what went wrong. */
const notify = (words: readonly string[]): Promise<string | undefined> =>
  new Promise((done) => {
    execFile('systemd-notify', [...words], { timeout: sendWithinMs }, (fault) =>
      done(fault === null ? undefined : fault.message.split('\n')[0]),
    )
  })

const sendWithinMs = 5_000
const statusEveryMs = 10_000
/** A line break would begin another assignment. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 300)
