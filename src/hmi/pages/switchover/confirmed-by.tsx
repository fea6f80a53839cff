// Who answered, and whether it was at this screen or elsewhere.

import { session } from '../../session.ts'
import { texts } from '../../texts.ts'

type ConfirmedByProps = { by: string; via: string; approver: string | undefined }

export function ConfirmedBy({ by, via, approver }: ConfirmedByProps) {
  const words = texts.switchover.progress
  const who = approver === undefined ? by : words.and(by, approver)
  const isHere = via.split(' ').at(-1) === session.value?.session
  return (
    <p>
      {words.confirmedBy(who)}, {isHere ? words.here : words.elsewhere(via)}.
    </p>
  )
}
