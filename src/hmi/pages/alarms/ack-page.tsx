// Acknowledges what is on the screen: one order for each alarm, and an honest count. Critical ones are left: a critical alarm is
// acknowledged by itself, so that nobody does it unread.

import type { RefObject } from 'preact'
import { useState } from 'preact/hooks'
import { order } from '../../api.ts'
import { Command } from '../../parts/command.tsx'
import { texts } from '../../texts.ts'
import { isWaiting, type ShownAlarm } from './alarm-groups.ts'

type Progress = {
  readonly done: number
  readonly all: number
  readonly taken: number
  readonly refused: readonly string[]
  readonly critical: number
  readonly unseen: number
}

type AckPageProps = {
  rows: readonly ShownAlarm[]
  table: RefObject<HTMLTableElement | null>
}

export function AckPage({ rows, table }: AckPageProps) {
  const [progress, setProgress] = useState<Progress>()
  const waiting = rows.filter(isWaiting)
  const common = waiting.filter(({ priority }) => priority !== 1)
  const isBusy = progress !== undefined && progress.done < progress.all
  const start = () => {
    const seen = seenIn(table.current)
    const chosen = common.filter(({ id }) => seen.has(id))
    void acknowledgeAll(chosen, {
      critical: waiting.filter(({ id, priority }) => priority === 1 && seen.has(id)).length,
      unseen: waiting.filter(({ id }) => !seen.has(id)).length,
    })
    return undefined
  }
  const acknowledgeAll = async (
    chosen: readonly ShownAlarm[],
    left: Pick<Progress, 'critical' | 'unseen'>,
  ) => {
    let now: Progress = { done: 0, all: chosen.length, taken: 0, refused: [], ...left }
    setProgress(now)
    for (const { id } of chosen) {
      const result = await order(`alarms/${encodeURIComponent(id)}/ack`)
      const refused = result.ok ? now.refused : [...now.refused, `${id}: ${result.refusal.text}`]
      now = { ...now, done: now.done + 1, taken: now.taken + Number(result.ok), refused }
      setProgress(now)
    }
  }
  if (rows.length === 0 && progress === undefined) return null
  const why = common.length === 0 || isBusy ? texts.alarms.why.nothing : undefined
  return (
    <>
      <Command right="acknowledge" onOrder={start} why={why}>
        {texts.alarms.commands.page(common.length)}
      </Command>
      <span role="status">{progress !== undefined && <Told progress={progress} />}</span>
    </>
  )
}

function Told({
  progress: { done, all, taken, refused, critical, unseen },
}: {
  progress: Progress
}) {
  const words = texts.alarms.page
  if (done < all) return <>{words.progress(done, all)}</>
  return (
    <>
      {words.done(taken, all)} {critical > 0 && words.critical(critical)}{' '}
      {unseen > 0 && words.unseen(unseen)}
      {refused.length > 0 && (
        <span class="refusal">
          {' '}
          {words.refused(refused.length)} {refused.join('; ')}
        </span>
      )}
    </>
  )
}

/** The alarms whose row can be seen without scrolling. */
function seenIn(table: HTMLTableElement | null): ReadonlySet<string> {
  const box = table?.parentElement?.getBoundingClientRect()
  if (!table || !box) return new Set()
  const [top, bottom] = [Math.max(0, box.top), Math.min(innerHeight, box.bottom)]
  const rows = [...table.rows].filter((row) => {
    const { top: above, bottom: below } = row.getBoundingClientRect()
    return above >= top - 1 && below <= bottom + 1
  })
  return new Set(rows.map(({ dataset }) => dataset.alarm ?? ''))
}
