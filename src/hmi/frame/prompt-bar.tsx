// What waits for a person, or goes on now, on every page: a proposal with its countdown, a switchover under way, one that stopped half
// way. It cannot be hidden.

import type { PairView } from '../../core/view.ts'
import { plant } from '../live/live.ts'
import { PriorityMark } from '../parts/marks.tsx'
import { hrefOf } from '../route.ts'
import { texts } from '../texts.ts'
import { countdownText } from '../time-text.ts'

export function PromptBar() {
  const pairs = (plant.value?.pairs ?? []).filter(isAsking)
  if (pairs.length === 0) return null
  return (
    <section class="prompts" aria-label={texts.prompt.label}>
      {pairs.map((pair) => (
        <Prompt key={pair.name} pair={pair} />
      ))}
    </section>
  )
}

function Prompt({ pair }: { pair: PairView }) {
  const { switchover, stopped, name } = pair
  const isOpen = switchover?.phase === 'proposed'
  const word = isOpen ? texts.prompt.waits : stopped ? texts.prompt.stopped : texts.prompt.runs
  const link = isOpen ? texts.prompt.open : stopped ? texts.prompt.resolve : texts.prompt.follow
  return (
    <div class="prompt">
      {/* Only the beginning is announced: a countdown read aloud every second would drown everything else. */}
      <span role={isOpen || stopped ? 'alert' : 'status'}>
        <PriorityMark priority={isOpen || stopped ? 1 : 4} /> <b>{word}</b> <b>{name}</b>
      </span>
      <span class="cut">{switchover?.evidence?.question ?? stopped?.text ?? pair.sentence}</span>
      {isOpen && switchover.expiresInMs !== undefined && (
        <span class="figures">{texts.prompt.expires(countdownText(switchover.expiresInMs))}</span>
      )}
      {switchover?.automaticInMs !== undefined && (
        <span class="figures">
          {texts.prompt.automatic(countdownText(switchover.automaticInMs))}
        </span>
      )}
      <a class="button strong" href={hrefOf('pairs', name, 'switchover')}>
        {link}
      </a>
    </div>
  )
}

const isAsking = ({ switchover, stopped }: PairView): boolean =>
  stopped !== undefined || (switchover !== undefined && switchover.phase !== 'preparing')
