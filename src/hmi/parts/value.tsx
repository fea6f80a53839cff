// A value that somebody read: what is old or not known is hatched and has a question mark, so that nobody takes it for the present.

import { texts } from '../texts.ts'

type ValueProps = {
  /** Absent: not known. */
  text: string | number | undefined
  isOld?: boolean
  isDifferent?: boolean
}

export function Value({ text, isOld = false, isDifferent = false }: ValueProps) {
  if (text === undefined) return <span class="bad">? {texts.quality.unknown}</span>
  const kind = isDifferent ? 'figures deviation' : 'figures'
  if (!isOld) return <span class={kind}>{text}</span>
  return (
    <span class={`${kind} bad`} title={texts.quality.old}>
      ? {text}
      <span class="off-screen"> ({texts.quality.old})</span>
    </span>
  )
}
