// Takes the filtered journal along as a file: all pages are read with progress, and nothing leaves the browser but the file.

import { useRef, useState } from 'preact/hooks'
import type { Refusal } from '../../api.ts'
import { readForward, type Search } from '../../journal/journal-reader.ts'
import { nowWallMs } from '../../live/live.ts'
import { texts } from '../../texts.ts'
import { dateTimeText } from '../../time-text.ts'
import { type ExportForm, exportForms } from './export-form.ts'

type Told =
  | { readonly kind: 'reading'; readonly share: number; readonly count: number }
  | { readonly kind: 'done'; readonly count: number }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

export function Export({ search }: { search: Search }) {
  const [told, setTold] = useState<Told>()
  const run = useRef<AbortController | undefined>(undefined)
  const words = texts.journal.export
  const isReading = told?.kind === 'reading'
  const start = async (form: ExportForm) => {
    if (isReading) return
    const stop = new AbortController()
    run.current = stop
    setTold({ kind: 'reading', share: 0, count: 0 })
    setTold(await exportAs(form, search, stop.signal, setTold))
  }
  return (
    <>
      <button type="button" aria-disabled={isReading} onClick={() => void start('csv')}>
        {words.csv}
      </button>
      <button type="button" aria-disabled={isReading} onClick={() => void start('json')}>
        {words.json}
      </button>
      <button type="button" onClick={() => print()}>
        {words.print}
      </button>
      {isReading && (
        <button type="button" onClick={() => run.current?.abort()}>
          {words.cancel}
        </button>
      )}
      <span role="status">{told && textOf(told)}</span>
    </>
  )
}

async function exportAs(
  form: ExportForm,
  search: Search,
  signal: AbortSignal,
  tell: (told: Told) => void,
): Promise<Told> {
  const { begin, join, line, end, type } = exportForms[form]
  const parts: string[] = [begin]
  let count = 0
  const refusal = await readForward(
    search,
    (records, share) => {
      for (const record of records) parts.push((count++ === 0 ? '' : join) + line(record))
      tell({ kind: 'reading', share, count })
    },
    signal,
  )
  if (refusal !== undefined) return { kind: 'refused', refusal }
  if (signal.aborted) return { kind: 'stopped' }
  parts.push(end)
  save(new Blob(parts, { type }), `journal-${stampText()}.${form}`)
  return { kind: 'done', count }
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

function textOf(told: Told): string {
  const words = texts.journal.export
  switch (told.kind) {
    case 'reading':
      return words.progress(Math.floor(told.share * 100), told.count)
    case 'done':
      return words.done(told.count)
    case 'stopped':
      return words.stopped
    case 'refused':
      return told.refusal.text
  }
}

const stampText = (): string => dateTimeText(nowWallMs.value).replaceAll(':', '').replace(' ', '-')
