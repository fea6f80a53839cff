// What a gate finds, in words that people read.

export type Finding = {
  readonly met: 'yes' | 'no' | 'unknown'
  readonly value: string
  readonly threshold: string
  readonly ageMs?: number
  readonly clearsWhen: string
}

/** Met or not met, where nothing can be unknown. */
export const yesIf = (met: boolean, words: Omit<Finding, 'met'>): Finding => ({
  met: met ? 'yes' : 'no',
  ...words,
})
