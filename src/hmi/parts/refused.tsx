// What an order was refused with, whole: what and why, every obstacle, and every difference.

import type { Refusal } from '../api.ts'
import { Obstacles } from './obstacles.tsx'

export function Refused({ refusal }: { refusal: Refusal | undefined }) {
  // The place stays when there is nothing to say, so that a screen reader hears what comes.
  return (
    <div class="refused" role="alert">
      {refusal !== undefined && (
        <>
          <p class="refusal">{refusal.text}</p>
          {refusal.obstacles !== undefined && <Obstacles obstacles={refusal.obstacles} />}
          {refusal.difference !== undefined && <Changes changes={refusal.difference} />}
        </>
      )}
    </div>
  )
}

/** What is different, one line each. */
export function Changes({ changes }: { changes: readonly string[] }) {
  return (
    <ul>
      {changes.map((change) => (
        <li key={change}>
          <span class="deviation">{change}</span>
        </li>
      ))}
    </ul>
  )
}
