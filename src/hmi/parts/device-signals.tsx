// What a device last said, signal by signal: value, raw value, where it stands and how it is read. Asked for every two seconds while it is
// shown; it is too much to send to every screen all the time.

import { useEffect, useState } from 'preact/hooks'
import { type Refusal, read } from '../api.ts'
import { isLive } from '../live/live.ts'
import { texts } from '../texts.ts'
import { durationText } from '../time-text.ts'
import { Refused } from './refused.tsx'
import { Scroll } from './scroll.tsx'
import { Value } from './value.tsx'

/** Where a signal stands on one path; which of the places is given depends on the protocol. */
type Place = {
  readonly path: string
  readonly type: string
  readonly scale?: number
  readonly area?: string
  readonly address?: number
  readonly bit?: number
  readonly node?: string
  readonly oid?: string
  readonly variable?: string
}
type SignalFacts = {
  readonly name: string
  readonly value?: unknown
  readonly unknown?: string
  readonly raw?: number
  readonly at: readonly Place[]
}
type DeviceFacts = {
  readonly scanMs: number
  readonly timeoutMs: number
  readonly ageMs?: number
  readonly path?: string
  readonly tookMs?: number
  readonly signals: readonly SignalFacts[]
  readonly lastFault?: { readonly fault: string; readonly detail: string; readonly path: string }
}

const askAgainMs = 2_000

/** `place` is the address in the API: `pairs/intake/device/A`, `ups/ups-1/device`. */
export function DeviceSignals({ place }: { place: string }) {
  const { facts, refusal } = useFacts(place)
  const words = texts.device
  return (
    <section class="panel">
      <h2>{words.title}</h2>
      <Refused refusal={refusal} />
      {facts !== undefined && (
        <>
          <Polling facts={facts} />
          <SignalTable facts={facts} />
        </>
      )}
    </section>
  )
}

function Polling({ facts: { scanMs, timeoutMs, ageMs, path, tookMs, lastFault } }: FactsProps) {
  const words = texts.device
  return (
    <>
      <p>
        {words.polled(durationText(scanMs), durationText(timeoutMs))}{' '}
        {ageMs === undefined
          ? words.never
          : words.newest(durationText(ageMs), path ?? '', `${Math.round(tookMs ?? 0)} ms`)}
      </p>
      {lastFault !== undefined && (
        <p class="deviation">
          {words.fault(lastFault.path, `${lastFault.fault}: ${lastFault.detail}`)}
        </p>
      )}
    </>
  )
}

type FactsProps = { facts: DeviceFacts }

function SignalTable({ facts: { signals, ageMs, scanMs, timeoutMs } }: FactsProps) {
  const words = texts.device
  const isOld = ageMs === undefined || ageMs > 2 * (scanMs + timeoutMs)
  return (
    <Scroll label={words.title}>
      <table>
        <caption class="off-screen">{words.title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.signal}</th>
            <th scope="col" class="number">
              {words.value}
            </th>
            <th scope="col" class="number">
              {words.raw}
            </th>
            <th scope="col">{words.place}</th>
            <th scope="col">{words.type}</th>
            <th scope="col">{words.paths}</th>
          </tr>
        </thead>
        <tbody>
          {signals.map((signal) => (
            <SignalRow key={signal.name} signal={signal} isOld={isOld} />
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

function SignalRow({ signal, isOld }: { signal: SignalFacts; isOld: boolean }) {
  const { name, value, unknown, raw, at } = signal
  const [first] = at
  return (
    <tr>
      <th scope="row">{name.replace(/^tag:/, '')}</th>
      <td class="number">
        {unknown === undefined ? (
          <Value text={valueText(value)} isOld={isOld} />
        ) : (
          <span class="bad">? {unknown}</span>
        )}
      </td>
      <td class="number muted">{raw === undefined ? '' : valueText(raw)}</td>
      <td>{first === undefined ? texts.device.derived : placeText(first)}</td>
      <td class="muted">{first && typeText(first)}</td>
      <td class="muted">{at.map(({ path }) => path).join(', ')}</td>
    </tr>
  )
}

/** Words of a block as they stand in the registers; numbers with at most three decimals. */
function valueText(value: unknown): string {
  if (Array.isArray(value))
    return value.length > 4 ? texts.device.words(value.length) : value.join(' ')
  return typeof value === 'number' ? String(Math.round(value * 1_000) / 1_000) : String(value)
}

function placeText({ area, address, bit, node, oid, variable }: Place): string {
  const place = area === undefined ? (node ?? oid ?? variable ?? '') : `${area}:${address}`
  return bit === undefined ? place : `${place}.${bit}`
}

const typeText = ({ type, scale = 1 }: Place): string => (scale === 1 ? type : `${type} × ${scale}`)

function useFacts(place: string) {
  const [facts, setFacts] = useState<DeviceFacts>()
  const [refusal, setRefusal] = useState<Refusal>()
  useEffect(() => {
    let isShown = true
    const ask = async () => {
      if (!isLive.peek()) return
      const answer = await read<DeviceFacts>(place)
      if (!isShown) return
      setRefusal(answer.ok ? undefined : answer.refusal)
      if (answer.ok) setFacts(answer.body)
    }
    setFacts(undefined)
    void ask()
    const timer = setInterval(ask, askAgainMs)
    return () => {
      isShown = false
      clearInterval(timer)
    }
  }, [place])
  return { facts, refusal }
}
