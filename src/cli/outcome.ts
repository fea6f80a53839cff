// How a command ends. The numbers are a promise to scripts; `Halt` carries one clear line and its number to `main.ts`,
// which prints the line and leaves. Refusals of orders are not thrown: they are replies that a command reads.

export const exitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  notReady: 3,
  aborted: 4,
  bothOrNone: 5,
} as const
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

/** Ends the command with one line: what, where, what was expected. */
export class Halt extends Error {
  readonly exit: ExitCode
  /** True when the service could not be reached at all, so that a watcher may wait for it. */
  readonly unreachable: boolean

  constructor(text: string, exit: ExitCode = exitCode.failed, unreachable = false) {
    super(text)
    this.name = 'Halt'
    this.exit = exit
    this.unreachable = unreachable
  }
}

/** A fault of usage: the order was never sent. */
export const usageFault = (text: string): Halt => new Halt(text, exitCode.usage)

/** True for the fault that a watcher rides out: the service does not answer now. */
export const isUnreachable = (fault: unknown): boolean => fault instanceof Halt && fault.unreachable

/**
 * The word of `known` that is nearest to `word`, or nothing when none is near (more than two edits, or more than
 * a third of the word, apart).
 */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(word.length / 3))
  let best: { word: string; edits: number } | undefined
  for (const candidate of known) {
    const edits = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (edits <= limit && (best === undefined || edits < best.edits))
      best = { word: candidate, edits }
  }
  return best?.word
}

function editDistance(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const swap = left[row - 1] === right[column - 1] ? 0 : 1
      const diagonal = (above[column - 1] ?? 0) + swap
      const gap = 1 + Math.min(above[column] ?? 0, current[column - 1] ?? 0)
      current.push(Math.min(diagonal, gap))
    }
    above = current
  }
  return above[right.length] ?? 0
}
