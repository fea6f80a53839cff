// Lays text out for a terminal: tables, wrapped paragraphs and pairs of columns, all measured in characters and never
// wider than asked. Pure: lines in, lines out.

/** A table with a heading; columns are as wide as their content, and the last one takes what is left of `width`. */
export function table(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  width = 80,
): string[] {
  const all = [heading, ...rows]
  const widths = heading.map((_, column) =>
    Math.max(...all.map((row) => (row[column] ?? '').length)),
  )
  const gap = 2
  return all.map((row) => {
    let line = ''
    row.forEach((cell, column) => {
      const isLast = column === row.length - 1
      const room = Math.max(1, width - line.length)
      const columnWidth = Math.min(widths[column] ?? cell.length, room)
      const text = cut(cell, isLast ? room : columnWidth)
      line += isLast ? text : text.padEnd(columnWidth + gap)
    })
    return line.trimEnd().slice(0, width)
  })
}

/** The text cut to `width` characters; what is missing shows as a trailing `…`. */
export const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`

/**
 * The text in lines of at most `width`: the first begins with `lead`, the others are indented by its length.
 * A word that is longer than a line is split.
 */
export function wrap(text: string, width = 80, lead = ''): string[] {
  const room = Math.max(8, width - lead.length)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    for (const piece of pieces(word, room)) {
      if (line === '') line = piece
      else if (line.length + 1 + piece.length <= room) line += ` ${piece}`
      else {
        lines.push(line)
        line = piece
      }
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  const indent = ' '.repeat(lead.length)
  return lines.map((part, index) => `${index === 0 ? lead : indent}${part}`.trimEnd())
}

/** Short texts two to a line, for what need only be seen to be complete; a longer one takes its own line. */
export function twoColumns(texts: readonly string[], width = 80, indent = '  '): string[] {
  const room = Math.floor((width - indent.length - 2) / 2)
  const lines: string[] = []
  let waiting: string | undefined
  for (const text of texts) {
    if (text.length > room) {
      if (waiting !== undefined) lines.push(indent + waiting)
      waiting = undefined
      lines.push(...wrap(text, width, indent))
    } else if (waiting === undefined) waiting = text
    else {
      lines.push(`${indent}${waiting.padEnd(room + 2)}${text}`)
      waiting = undefined
    }
  }
  if (waiting !== undefined) lines.push(indent + waiting)
  return lines
}

/** A length of time for people: `0.2 s`, `94 s`, `15 min`, `3 h`, `12 d`. */
export function durationText(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} d`
}

/** Local wall time `2026-11-22 14:05:10`; only the time of day with `short`. */
export function clockText(wallMs: number, short = false): string {
  const at = new Date(wallMs)
  const two = (number: number): string => String(number).padStart(2, '0')
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
  if (short) return time
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`
}

function pieces(word: string, room: number): string[] {
  const parts: string[] = []
  for (let start = 0; start < word.length; start += room)
    parts.push(word.slice(start, start + room))
  return parts
}
