// `watch [PAIR]`: the plant as it changes. On a screen it paints twice a second and only the lines that are different; elsewhere it
// prints a line when a sentence changes, as text or as NDJSON. Old values are marked as old, never frozen silently.

import { emitKeypressEvents } from 'node:readline'
import type { PairView, View } from '../core/view.ts'
import { type Client, pairNamed } from './client.ts'
import { follow } from './feed.ts'
import { watchInterrupts } from './interrupts.ts'
import { type ExitCode, exitCode } from './outcome.ts'
import { isBothOrNone, sentenceKey, statusLines } from './status-text.ts'
import { clockText, cut, durationText } from './table.ts'
import { screenOf, type Terminal } from './terminal.ts'

export async function watch(
  client: Client,
  terminal: Terminal,
  pairName: string | undefined,
  options: { json?: boolean },
): Promise<ExitCode> {
  if (pairName !== undefined) pairNamed(await client.plant(), pairName)
  const onScreen = terminal.interactive && !options.json
  const shown = (view: View): readonly PairView[] =>
    pairName === undefined ? view.pairs : view.pairs.filter((pair) => pair.name === pairName)
  return onScreen
    ? watchOnScreen(client, terminal, shown)
    : watchAsLines(client, terminal, shown, options.json === true)
}

type Shown = (view: View) => readonly PairView[]

/** One line for each sentence that says something new; the first sentences at once. */
async function watchAsLines(
  client: Client,
  terminal: Terminal,
  shown: Shown,
  json: boolean,
): Promise<ExitCode> {
  using interrupts = watchInterrupts()
  const lastKey = new Map<string, string>()
  for await (const news of follow(client, interrupts.signal)) {
    if (news.kind !== 'view') {
      terminal.error(news.kind === 'live' ? 'LIVE' : `LOST  ${news.text}`)
      continue
    }
    for (const pair of shown(news.view)) {
      const key = sentenceKey(pair)
      if (lastKey.get(pair.name) === key) continue
      lastKey.set(pair.name, key)
      if (json) terminal.json({ wallMs: news.view.wallMs, pair: pair.name, ...summary(pair) })
      else terminal.out(`${clockText(news.view.wallMs, true)} ${pair.sentence}`)
    }
  }
  return exitCode.ok
}

function summary(pair: PairView): object {
  const { sentence, phase, primary, pairState, ready } = pair
  return { sentence, phase, primary, pairState, sync: pair.sync.verdict, ready }
}

const paintEveryMs = 500

async function watchOnScreen(client: Client, terminal: Terminal, shown: Shown): Promise<ExitCode> {
  using interrupts = watchInterrupts()
  const quit = new AbortController()
  const signal = AbortSignal.any([interrupts.signal, quit.signal])
  let view: View | undefined
  let viewAtMs = performance.now()
  let lost: string | undefined
  const painter = makePainter(terminal)
  const repaint = (): void => {
    const ageMs = performance.now() - viewAtMs
    painter.paint(screenLines(view, ageMs, lost, terminal, shown))
  }
  const releaseKeys = onKeys((key) => {
    if (key === 'q' || key === 'ctrl-c') quit.abort()
  })
  terminal.control('\u001b[?1049h\u001b[?25l\u001b[2J')
  const timer = setInterval(repaint, paintEveryMs)
  process.stdout.on('resize', painter.forget)
  try {
    repaint()
    for await (const news of follow(client, signal)) {
      if (news.kind === 'lost') lost = news.text
      else lost = undefined
      if (news.kind !== 'view') continue
      if (view === undefined) setImmediate(repaint)
      view = news.view
      viewAtMs = performance.now()
    }
  } finally {
    clearInterval(timer)
    process.stdout.removeListener('resize', painter.forget)
    releaseKeys()
    terminal.control('\u001b[?25h\u001b[?1049l')
  }
  return view?.pairs.some(isBothOrNone) ? exitCode.bothOrNone : exitCode.ok
}

function screenLines(
  view: View | undefined,
  ageMs: number,
  lost: string | undefined,
  terminal: Terminal,
  shown: Shown,
): string[] {
  const screen = screenOf(terminal)
  const state =
    lost === undefined
      ? `LIVE ${durationText(ageMs)}`
      : `LOST ${durationText(ageMs)}: values are old (${lost})`
  const clock = view ? `${clockText(view.wallMs)}  ` : ''
  const heading = cut(`${clock}${state}  q quits`, screen.width)
  const first = lost === undefined ? heading : terminal.paint.alarm(heading)
  if (view === undefined) return [first, 'waiting for the first view']
  const body = statusLines(view, shown(view), screen)
  return [first, ...(lost === undefined ? body : body.map(terminal.paint.faint))]
}

/** Writes only the lines that differ from the last painting, each with its own cursor position. */
function makePainter(terminal: Terminal): { paint: (lines: string[]) => void; forget: () => void } {
  let before: string[] = []
  return {
    paint: (lines) => {
      const rows = terminal.rows()
      const room = lines.length > rows ? [...lines.slice(0, rows - 1), '... (more)'] : lines
      let text = ''
      for (let row = 0; row < Math.max(room.length, before.length); row++) {
        const line = room[row] ?? ''
        if (line !== before[row]) text += `\u001b[${row + 1};1H${line}\u001b[K`
      }
      before = room
      if (text !== '') terminal.control(text)
    },
    forget: () => {
      before = []
      terminal.control('\u001b[2J')
    },
  }
}

function onKeys(handle: (key: string) => void): () => void {
  const { stdin } = process
  const onLoss = (): void => handle('q')
  const onKey = (_: string, key: { name?: string; ctrl?: boolean } | undefined): void =>
    handle(key?.ctrl ? `ctrl-${key.name}` : (key?.name ?? ''))
  emitKeypressEvents(stdin)
  stdin.setRawMode(true)
  stdin.resume()
  stdin.on('keypress', onKey)
  // A terminal that went away quits.
  stdin.on('error', onLoss)
  return () => {
    stdin.removeListener('keypress', onKey)
    stdin.setRawMode(false)
    stdin.pause()
  }
}
