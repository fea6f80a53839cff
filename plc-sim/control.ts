// The HTTP control of the practice plant: the truth, the faults and the actions, and a page with
// the same. It is bound to this machine by default and asks for no password: it can break nothing
// but a simulation.
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { ACTIONS } from './actions.ts'
import { CATALOGUE } from './faults.ts'
import { RefusedRequest } from './refusal.ts'
import type { PlantState } from './state.ts'

const BODY_LIMIT_BYTES = 65_536
const PAGE = readFileSync(new URL('./page.html', import.meta.url))

/** What the control needs of the plant. */
export type Controlled = {
  state(): PlantState
  addFault(order: unknown): Promise<{ readonly id: string }>
  clearFault(id?: string): Promise<boolean>
  action(order: unknown): Promise<void>
}

export type Control = { readonly url: string; close(): Promise<void> }

type Answer = { readonly status: number; readonly body: unknown }

/** Listens on a host and port, 0 for a free one. Rejects when it cannot. */
export async function openControl(host: string, port: number, plant: Controlled): Promise<Control> {
  const server = createServer((request, response) => void respond(request, response, plant))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => resolve())
  })
  const address = server.address()
  const listening = address && typeof address === 'object' ? address.port : port
  return {
    url: `http://${host}:${listening}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  plant: Controlled,
): Promise<void> {
  const [path = '/'] = (request.url ?? '/').split('?')
  if (request.method === 'GET' && path === '/') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE)
    return
  }
  const { status, body } = await answerTo(request, path, plant)
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(status === 204 ? undefined : `${JSON.stringify(body, undefined, 1)}\n`)
}

async function answerTo(
  request: IncomingMessage,
  path: string,
  plant: Controlled,
): Promise<Answer> {
  try {
    return await route(`${request.method} ${path}`, request, plant)
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error
    const { message, exists, nearest } = error
    return { status: 400, body: { error: message, exists, nearest } }
  }
}

async function route(what: string, request: IncomingMessage, plant: Controlled): Promise<Answer> {
  if (what === 'GET /state') return { status: 200, body: plant.state() }
  if (what === 'GET /faults') return { status: 200, body: plant.state().faults }
  if (what === 'GET /faults/catalogue') {
    const { pairs, ups } = plant.state()
    const units = Object.keys(pairs).flatMap((pair) => [`${pair}.A`, `${pair}.B`])
    const targets = { pair: Object.keys(pairs), unit: units, ups: Object.keys(ups) }
    return { status: 200, body: { faults: CATALOGUE, actions: ACTIONS, targets } }
  }
  if (what === 'POST /faults') {
    return { status: 201, body: await plant.addFault(await bodyOf(request)) }
  }
  if (what === 'POST /actions') {
    await plant.action(await bodyOf(request))
    return { status: 200, body: { done: true } }
  }
  if (what === 'DELETE /faults') {
    await plant.clearFault()
    return { status: 204, body: undefined }
  }
  const id = /^DELETE \/faults\/([^/]+)$/.exec(what)?.[1]
  if (id !== undefined && (await plant.clearFault(id))) return { status: 204, body: undefined }
  const error = id === undefined ? `there is no ${what}` : `there is no fault with the id '${id}'`
  return { status: 404, body: { error } }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const text = await textOf(request)
  try {
    return JSON.parse(text)
  } catch {
    throw new RefusedRequest('the request body is not JSON')
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request) {
      bytes += chunk.length
      if (bytes > BODY_LIMIT_BYTES) break
      chunks.push(chunk)
    }
  } catch {
    throw new RefusedRequest('the request was cut off')
  }
  if (bytes > BODY_LIMIT_BYTES) throw new RefusedRequest('the request body is too long')
  return Buffer.concat(chunks).toString('utf8')
}
