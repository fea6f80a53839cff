// A place for a wide table. Where it is wider than its place the keyboard can reach it, to move it sideways; elsewhere it is no stop on the
// way of the Tab key.

import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  const place = useRef<HTMLDivElement>(null)
  const [isWide, setWide] = useState(false)
  useEffect(() => {
    const { current } = place
    if (current === null) return
    const look = () => setWide(current.scrollWidth > current.clientWidth)
    const watcher = new ResizeObserver(look)
    watcher.observe(current)
    for (const child of current.children) watcher.observe(child)
    return () => watcher.disconnect()
  }, [])
  // What is in it may have come, or grown, since it was drawn last.
  useLayoutEffect(() => {
    const { current } = place
    if (current !== null) setWide(current.scrollWidth > current.clientWidth)
  })
  const reach = isWide ? { tabIndex: 0, role: 'region' as const, 'aria-label': label } : {}
  return (
    <div ref={place} class="scroll" {...reach}>
      {children}
    </div>
  )
}
