// The small client in the terminal: `fault`, `clear`, `action` and `state` talk to the HTTP control
// of a running plant.
import { RefusedRequest } from './refusal.ts'

export const CLIENT_COMMANDS = ['fault', 'clear', 'action', 'state'] as const
export type ClientCommand = (typeof CLIENT_COMMANDS)[number]

/**
 * Carries out one command and returns what to print.
 * @param url where the control listens, such as `http://127.0.0.1:8090`
 * @throws RefusedRequest with one line when the plant refuses or does not answer
 */
export async function runClient(
  url: string,
  command: ClientCommand,
  words: readonly string[],
): Promise<string> {
  if (command === 'state') return (await ask(url, 'GET', '/state')).trimEnd()
  if (command === 'clear') {
    const [id] = words
    await ask(url, 'DELETE', id === undefined ? '/faults' : `/faults/${encodeURIComponent(id)}`)
    return id === undefined ? 'cleared all faults' : `cleared fault ${id}`
  }
  const [target, what, ...pairs] = words
  if (target === undefined || what === undefined) {
    throw new RefusedRequest(`expected: ${command} <target> <${command}> [key=value...]`)
  }
  const order = { ...valuesIn(pairs), target, [command]: what }
  const answer = await ask(url, 'POST', command === 'fault' ? '/faults' : '/actions', order)
  return command === 'fault' ? `fault ${JSON.parse(answer).id}` : 'done'
}

/**
 * `ms=500 when.unit=intake.A` as `{ ms: '500', when: { unit: 'intake.A' } }`; the plant reads
 * numbers from text.
 */
function valuesIn(pairs: readonly string[]): Record<string, string | Record<string, string>> {
  const values: Record<string, string | Record<string, string>> = {}
  const when: Record<string, string> = {}
  for (const pair of pairs) {
    const [, key = '', value = ''] = /^([^=]+)=(.*)$/.exec(pair) ?? []
    if (key === '') throw new RefusedRequest(`'${pair}': expected key=value`)
    if (key.startsWith('when.')) when[key.slice('when.'.length)] = value
    else values[key] = value
  }
  return Object.keys(when).length > 0 ? { ...values, when } : values
}

async function ask(url: string, method: string, path: string, body?: unknown): Promise<string> {
  const request = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await fetch(url + path, request).catch(() => {
    throw new RefusedRequest(`no practice plant answers at ${url}; start one or give --control`)
  })
  const text = await response.text()
  if (response.ok) return text
  throw new RefusedRequest(String(JSON.parse(text).error))
}
