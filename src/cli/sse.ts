// Server-sent events, from bytes as they come to whole events. Follows the text/event-stream rules that matter here:
// lines end in LF, CR or CRLF, a blank line ends an event, comments are dropped, an id stays until the next.

export type ServerEvent = { readonly event: string; readonly data: string; readonly id: string }

export type SseParser = { readonly push: (text: string) => ServerEvent[] }

/** Keeps what is not yet whole between calls. An event of more than `limit` characters is a fault of the server. */
export function makeSseParser(limit = 16_000_000): SseParser {
  let rest = ''
  let event = ''
  let data: string[] = []
  let id = ''
  let size = 0

  const take = (line: string): ServerEvent | undefined => {
    if (line === '') {
      const whole =
        data.length > 0 ? { event: event || 'message', data: data.join('\n'), id } : undefined
      event = ''
      data = []
      size = 0
      return whole
    }
    const { field, value } = splitLine(line)
    if (field === 'event') event = value
    if (field === 'data') data.push(value)
    if (field === 'id' && !value.includes('\u0000')) id = value
    size += line.length
    return undefined
  }

  const push = (text: string): ServerEvent[] => {
    rest += text
    const events: ServerEvent[] = []
    for (;;) {
      const end = nextLineEnd(rest)
      if (end === undefined) break
      const whole = take(rest.slice(0, end.at))
      rest = rest.slice(end.next)
      if (whole) events.push(whole)
    }
    if (rest.length + size > limit) throw new Error(`an event of more than ${limit} characters`)
    return events
  }
  return { push }
}

/** The first line end, unless it is a CR at the very end, which may be half of a CRLF. */
function nextLineEnd(text: string): { at: number; next: number } | undefined {
  const at = text.search(/[\r\n]/)
  if (at < 0) return undefined
  if (text[at] === '\n') return { at, next: at + 1 }
  if (at === text.length - 1) return undefined
  return { at, next: text[at + 1] === '\n' ? at + 2 : at + 1 }
}

function splitLine(line: string): { field: string; value: string } {
  const colon = line.indexOf(':')
  if (colon < 0) return { field: line, value: '' }
  const value = line.slice(colon + 1)
  return { field: line.slice(0, colon), value: value.startsWith(' ') ? value.slice(1) : value }
}
