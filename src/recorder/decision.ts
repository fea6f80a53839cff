// What is kept of a cycle's output, to compare a replay with. Records, commands, answers, pace, details and the sentences stand there
// as they are. The view is large and follows from the rest, so each cycle keeps a hash of one pair's view, every pair in turn.

import { hash } from 'node:crypto'
import type { Output } from '../core/cycle.ts'
import type { PairView } from '../core/view.ts'
import { toText } from './exact.ts'

export type Decision = Pick<Output, 'records' | 'commands' | 'answers' | 'pace' | 'detail'> & {
  /** In the order of the plant file. */
  readonly sentences: Readonly<Record<string, string>>
  /** First 16 hex digits of the SHA-256 of the view of the pair whose turn it is. */
  readonly viewHash: string
}

/** What a decision is made from, without holding on to the whole view. */
export type Decided = Omit<Decision, 'viewHash'> & { readonly shown: PairView | undefined }

export function decidedOf({ records, commands, answers, pace, detail, view }: Output): Decided {
  const sentences = Object.fromEntries(view.pairs.map(({ name, sentence }) => [name, sentence]))
  const shown = view.pairs[view.cycle % Math.max(1, view.pairs.length)]
  return { records, commands, answers, pace, detail, sentences, shown }
}

export function decisionOf({ shown, ...rest }: Decided): Decision {
  return { ...rest, viewHash: hash('sha256', toText(shown), 'hex').slice(0, 16) }
}
