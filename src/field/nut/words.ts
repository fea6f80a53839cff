// Lines of the NUT protocol: cut out of a stream of bytes, and taken apart into words. A word with blanks stands in double
// quotes, in which a backslash takes the next character as it is. Pure; a stream that breaks these rules is a fault, because
// nothing that follows in it could be trusted.

/** Cuts a stream into lines. After a fault it must not be fed again. */
export class LineSplitter {
  #rest: Buffer = Buffer.alloc(0)

  /** True when a line has begun that is not complete. */
  get halfway(): boolean {
    return this.#rest.length > 0
  }

  /** The lines that `bytes` complete, without their ends, or what is wrong with the stream. */
  take(bytes: Buffer): { readonly lines: readonly string[] } | { readonly fault: string } {
    if (bytes.includes(0)) return { fault: 'a zero byte in the stream' }
    const all = this.halfway ? Buffer.concat([this.#rest, bytes]) : bytes
    const lines: string[] = []
    let start = 0
    for (;;) {
      const end = all.indexOf(lineFeed, start)
      if ((end < 0 ? all.length : end) - start > lineBytesMax) {
        return { fault: `a line of more than ${lineBytesMax} bytes` }
      }
      if (end < 0) break
      lines.push(all.toString('utf8', start, end).replace(/\r$/, ''))
      start = end + 1
    }
    // A copy, because Node may use the memory of what it handed over again.
    this.#rest = Buffer.from(all.subarray(start))
    return { lines }
  }
}

export type Word = { readonly text: string; readonly quoted: boolean }

/** The words of one line; undefined when a quotation does not end, or does not stand alone. */
export function wordsOf(line: string): readonly Word[] | undefined {
  const words: Word[] = []
  let at = 0
  while (at < line.length) {
    if (line[at] === ' ') {
      at++
      continue
    }
    const match = (line[at] === '"' ? quotedWord : plainWord).exec(line.slice(at))
    const [whole, text] = match ?? []
    if (whole === undefined || text === undefined) return undefined
    words.push(
      line[at] === '"'
        ? { text: text.replaceAll(/\\(.)/gu, '$1'), quoted: true }
        : { text, quoted: false },
    )
    at += whole.length
  }
  return words
}

/** A word as it stands in a request, always in quotes. */
export const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`

/** A variable's value has at most some hundred characters; the rest is room for what is to come. */
export const lineBytesMax = 8192

const lineFeed = 0x0a
const quotedWord = /^"((?:[^"\\]|\\.)*)"(?= |$)/u
const plainWord = /^([^ "\\]+)(?= |$)/u
