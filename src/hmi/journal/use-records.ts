// The records that a page shows: the newest that fit, older ones on demand, and those that are written while the page is open. While
// the list is held the new ones wait beside it.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { JournalRecord } from '../../core/cycle.ts'
import type { Refusal, Result } from '../api.ts'
import { plant } from '../live/live.ts'
import { type Found, type JournalHead, readAfter, readBack, type Search } from './journal-reader.ts'

export type Records = {
  /** Newest first. */
  readonly shown: readonly JournalRecord[]
  readonly head?: JournalHead
  /** Records from this number on were looked at; nothing older is left at 1. */
  readonly lookedTo: number
  /** Where a long search is now. */
  readonly at?: JournalRecord
  readonly isReading: boolean
  readonly refusal?: Refusal
  /** How many new ones wait. */
  readonly news: number
  readonly showNews: () => void
  readonly older: () => void
  readonly stop: () => void
}

type Known = Pick<Records, 'shown' | 'head' | 'lookedTo' | 'at' | 'isReading' | 'refusal'> & {
  readonly waiting: readonly JournalRecord[]
}

const pageRecords = 200
const typingMs = 250
const nothing: Known = { shown: [], waiting: [], lookedTo: 1, isReading: true }

/** `stamp` changes with the search; `isHeld`: nothing is put on top now. */
export function useRecords(search: Search, stamp: string, isHeld: boolean): Records {
  const [known, setKnown] = useState<Known>(nothing)
  const run = useRef(new AbortController())
  const newest = useRef<number | undefined>(undefined)
  const begin = (before?: number) => {
    run.current.abort()
    run.current = new AbortController()
    const { signal } = run.current
    const isMine = () => run.current.signal === signal
    const onProgress = (at: JournalRecord) => isMine() && setKnown((old) => ({ ...old, at }))
    setKnown((old) => (before === undefined ? nothing : { ...old, isReading: true }))
    void readBack(search, pageRecords, { signal, onProgress }, before).then((result) => {
      if (!isMine()) return
      if (before === undefined && result.ok) newest.current = result.body.head.seq
      setKnown((old) => withPage(old, result))
    })
  }
  useEffect(() => {
    const isFirst = newest.current === undefined
    newest.current = undefined
    // Not with every letter that is typed.
    const start = setTimeout(begin, isFirst ? 0 : typingMs)
    return () => {
      clearTimeout(start)
      run.current.abort()
      run.current = new AbortController()
    }
  }, [stamp])
  useNewRecords(search, newest, known.isReading, stamp, (fresh, head) =>
    setKnown((old) => ({ ...old, head, waiting: [...fresh.toReversed(), ...old.waiting] })),
  )
  const { waiting, ...told } = known
  const isSettling = waiting.length > 0 && !isHeld
  const showNews = () =>
    setKnown((old) => ({ ...old, shown: [...old.waiting, ...old.shown], waiting: [] }))
  useEffect(() => {
    if (isSettling) showNews()
  }, [isSettling])
  return {
    ...told,
    news: waiting.length,
    showNews,
    older: () => begin(known.lookedTo),
    stop: () => run.current.abort(),
  }
}

function withPage(old: Known, result: Result<Found>): Known {
  const { at: _at, refusal: _refusal, ...kept } = old
  if (!result.ok) return { ...kept, isReading: false, refusal: result.refusal }
  const { records, lookedTo, head } = result.body
  return { ...kept, head, shown: [...old.shown, ...records], lookedTo, isReading: false }
}

/** Follows the journal: as soon as more is durable than was read, the rest is read. Not for a search that ends in the past. */
function useNewRecords(
  search: Search,
  newest: { current: number | undefined },
  isReading: boolean,
  stamp: string,
  take: (fresh: readonly JournalRecord[], head: JournalHead) => void,
): void {
  const isBusy = useRef(false)
  const durable = plant.value?.supervisor.durable ?? 0
  const wanted = useRef(stamp)
  wanted.current = stamp
  useEffect(() => {
    const after = newest.current
    if (search.toWallMs !== undefined || isReading || isBusy.current) return
    if (after === undefined || durable <= after) return
    isBusy.current = true
    void readAfter(search, after).then((result) => {
      isBusy.current = false
      if (!result.ok || wanted.current !== stamp) return
      newest.current = Math.max(after, result.body.head.seq)
      take(result.body.records, result.body.head)
    })
  }, [durable, isReading, stamp])
}
