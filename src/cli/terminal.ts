// The terminal as the commands see it: lines out, one line that may be rewritten, and whether a person can answer here.

import { makePaint, type Paint, withoutControls } from './paint.ts'

export type TerminalOptions = { readonly color?: boolean; readonly ascii?: boolean }

export type Terminal = {
  /** One line of text to stdout. Control characters in it are taken out, except those that `paint` put there. */
  readonly out: (line?: string) => void
  /** One line to stderr: faults, and what is not the answer itself. */
  readonly error: (line: string) => void
  /** One JSON value on one line. */
  readonly json: (value: unknown) => void
  /** Control sequences and the line being rewritten; nothing when stdout is not a terminal. */
  readonly control: (text: string) => void
  /** A person can be asked here: both stdin and stdout are a terminal. */
  readonly interactive: boolean
  readonly isScreen: boolean
  /** Characters on a line: the terminal's own, at most 80. */
  readonly width: () => number
  readonly rows: () => number
  readonly paint: Paint
}

/** What the pure text functions need to know of it. */
export const screenOf = ({ width, paint }: Terminal): { width: number; paint: Paint } => ({
  width: width(),
  paint,
})

export function openTerminal(options: TerminalOptions): Terminal {
  const { stdout, stderr, stdin } = process
  const isScreen = stdout.isTTY === true
  const paint = makePaint({ colour: wantsColour(options, isScreen), ascii: wantsAscii(options) })
  leaveWhenNobodyReads(stdout)
  const write = (stream: NodeJS.WriteStream, line: string): void => {
    stream.write(`${paint.letters(line)}\n`)
  }
  return {
    out: (line = '') => write(stdout, line),
    error: (line) => write(stderr, withoutControls(line)),
    json: (value) => {
      stdout.write(`${JSON.stringify(value)}\n`)
    },
    control: (text) => {
      if (isScreen) stdout.write(paint.letters(text))
    },
    interactive: isScreen && stdin.isTTY === true,
    isScreen,
    // A serial console often reports no size at all.
    width: () => Math.min(80, (isScreen && stdout.columns) || 80),
    rows: () => (isScreen && stdout.rows) || 24,
    paint,
  }
}

function wantsColour(options: TerminalOptions, isScreen: boolean): boolean {
  const { NO_COLOR, TERM } = process.env
  return isScreen && options.color !== false && !NO_COLOR && TERM !== 'dumb'
}

function wantsAscii(options: TerminalOptions): boolean {
  if (options.ascii === true) return true
  const { LC_ALL, LC_CTYPE, LANG } = process.env
  const locale = LC_ALL || LC_CTYPE || LANG
  return locale !== undefined && locale !== '' && !/utf-?8/i.test(locale)
}

/**
 * `bumpless journal | head` ends quietly when `head` has enough. A terminal that went away (EIO) only takes no more text: the
 * command may still have to take a proposal back.
 */
function leaveWhenNobodyReads(stdout: NodeJS.WriteStream): void {
  stdout.on('error', (fault: NodeJS.ErrnoException) => {
    if (fault.code === 'EPIPE') process.exit(0)
    if (fault.code !== 'EIO') throw fault
  })
}
