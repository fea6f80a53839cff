// What SQLite says when it cannot go on, in words for people, and what follows from it.

export type StoreFault = {
  readonly text: string
  /** `damaged`: the file cannot be used again. `full`: there is no room. Anything else may pass by itself. */
  readonly kind: 'damaged' | 'full' | 'other'
}

/** One line for whatever was thrown; `file` is the path of the store. */
export function storeFault(error: unknown, file: string): StoreFault {
  const code = errorCode(error)
  const said = error instanceof Error ? error.message : String(error)
  const known = code === undefined ? undefined : words[code & 0xff]
  if (known === undefined) return { kind: 'other', text: `${file}: ${said}` }
  return { kind: known.kind, text: `${file}: ${known.text}` }
}

const errorCode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : undefined

/** Primary result codes of SQLite. */
const words: Readonly<Record<number, StoreFault>> = {
  5: { kind: 'other', text: 'another program holds the file' },
  6: { kind: 'other', text: 'another program holds the file' },
  8: { kind: 'other', text: 'the file or its folder is read-only' },
  10: { kind: 'other', text: 'the disk refuses to read or write' },
  11: { kind: 'damaged', text: 'the file is damaged' },
  13: { kind: 'full', text: 'the disk is full' },
  14: { kind: 'other', text: 'the file cannot be opened: is the folder there and may be written?' },
  26: { kind: 'damaged', text: 'the file is not a database' },
}
