// What a hostile client can put on the wire that no well-behaved one sends, byte by byte over plain sockets.

import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { startWeb, type Web } from '../../src/serve/web/server.ts'
import { noSelf, openDoorParts, password, type Rig, startRig, waitFor } from './fixture.ts'
import { viewOf } from './view.ts'

type Heard = { readonly status: number; readonly head: string; readonly body: string }

/** Sends bytes and gives what came back until the service hung up. */
function exchange(port: number, bytes: string, limitMs = 5_000): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`the service did not hang up; it sent:\n${text}`))
    }, limitMs)
    socket.on('data', (chunk: Buffer) => {
      text += chunk
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      const [head = '', body = ''] = text.split('\r\n\r\n')
      resolve({ status: Number(head.split(' ')[1] ?? 0), head, body })
    })
  })
}

const portOf = (web: Web): number => Number(new URL(web.url).port)
const lines = (...all: readonly string[]): string => `${all.join('\r\n')}\r\n\r\n`

describe('requests that no honest client sends', () => {
  let rig: Rig
  let token = ''
  before(async () => {
    rig = await startRig({ requestsPerMinute: 10_000 })
    token = (await rig.login('egon')).token ?? ''
  })
  after(() => rig.stop())
  const port = (): number => portOf(rig.web)
  const ask = (request: string, ...more: readonly string[]): Promise<Heard> =>
    exchange(
      port(),
      lines(
        request,
        'Host: localhost',
        `Authorization: Bearer ${token}`,
        'Connection: close',
        ...more,
      ),
    )
  const order = (body: object): Promise<Heard> => {
    const text = JSON.stringify(body)
    return exchange(
      port(),
      `${lines(
        'POST /api/v1/alarms/a1/comment HTTP/1.1',
        ...['Host: localhost', `Authorization: Bearer ${token}`, 'Connection: close'],
        ...['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`],
      )}${text}`,
    )
  }

  it('with headers of more than 16 KiB are cut off', async () => {
    const heard = await ask('GET /api/v1/plant HTTP/1.1', `X-Filler: ${'x'.repeat(20_000)}`)
    assert.equal(heard.status, 431)
  })

  it('with thousands of headers are cut off or answered, and cost nothing else', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) => `X-${index}: 1`)
    assert.equal((await ask('GET /api/v1/plant HTTP/1.1', ...many)).status, 431)
  })

  it('that claim a huge body are refused before it comes', async () => {
    const claim = ['Content-Type: application/json', 'Content-Length: 10000000000']
    const heard = await ask('POST /api/v1/alarms/a1/ack HTTP/1.1', ...claim)
    assert.equal(heard.status, 413)
  })

  it('that send a body in pieces without end are cut off at 64 KiB', async () => {
    const head = lines(
      'POST /api/v1/login HTTP/1.1',
      ...['Host: localhost', 'Content-Type: application/json', 'Transfer-Encoding: chunked'],
    )
    const piece = `1000\r\n${'x'.repeat(4_096)}\r\n`
    assert.equal((await exchange(port(), head + piece.repeat(40))).status, 413)
  })

  it('that say two things about their length are refused', async () => {
    const smuggled = 'GET /api/v1/plant HTTP/1.1\r\nHost: localhost\r\n\r\n'
    const both = [
      'Content-Length: 4',
      'Transfer-Encoding: chunked',
      'Content-Type: application/json',
    ]
    const heard = await ask(
      'POST /api/v1/alarms/a1/ack HTTP/1.1',
      ...both,
      '',
      `0\r\n\r\n${smuggled}`,
    )
    assert.equal(heard.status, 400)
    const twice = await ask(
      'POST /api/v1/logout HTTP/1.1',
      'Content-Length: 0',
      'Content-Length: 5',
    )
    assert.equal(twice.status, 400)
  })

  it('without a host, with two, or with a foreign one in the request line are refused', async () => {
    assert.equal(
      (await exchange(port(), lines('GET /healthz HTTP/1.1', 'Connection: close'))).status,
      400,
    )
    assert.equal((await exchange(port(), lines('GET /healthz HTTP/1.0'))).status, 403)
    const two = lines(
      'GET /healthz HTTP/1.1',
      'Host: localhost',
      'Host: evil.example',
      'Connection: close',
    )
    assert.equal((await exchange(port(), two)).status, 400)
    const absolute = lines(
      'GET http://evil.example/api/v1/plant HTTP/1.1',
      'Host: evil.example',
      'Connection: close',
    )
    assert.equal((await exchange(port(), absolute)).status, 403)
  })

  for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS', 'HEAD', 'PROPFIND'])
    it(`with the method ${method} find nothing`, async () => {
      const heard = await ask(`${method} /api/v1/plant HTTP/1.1`)
      assert([400, 404, 501].includes(heard.status), String(heard.status))
      assert.doesNotMatch(heard.head, /access-control|^allow:/im)
      assert.equal(heard.body.includes('Westhaven'), false)
    })

  it('that hide a line break in a name, a reason or a key put none into a header, an order or the journal', async () => {
    const evil = 'x\r\nSet-Cookie: bumpless=evil\r\nX-Evil: 1'
    for (const comment of [evil, 'x\u0000y', 'x\u001b[2Jy', 'x\u0085y']) {
      const refused = await order({ comment })
      assert.equal(refused.status, 400)
      assert.doesNotMatch(refused.head, /evil|set-cookie/i)
    }
    const coded = encodeURIComponent(evil)
    const addresses = [
      `GET /api/v1/pairs/${coded} HTTP/1.1`,
      `GET /api/v1/switchovers/${coded} HTTP/1.1`,
      `GET /api/v1/alarms?pair=${coded} HTTP/1.1`,
      `POST /api/v1/sessions/${coded}/end HTTP/1.1`,
      `GET /api/v1/events?${coded} HTTP/1.1`,
    ]
    for (const address of addresses.slice(0, 4)) {
      const heard = await ask(address)
      assert([400, 404].includes(heard.status), `${address}: ${heard.status}`)
      assert.doesNotMatch(heard.head, /evil|set-cookie/i)
    }
    const login = { user: evil, password, cookie: true }
    const seen = await rig.nobody.post('login', login, { origin: rig.web.url, 'x-bumpless': '1' })
    assert.equal(seen.status, 400)
    assert.equal(rig.orders.length, 0)
    for (const line of rig.audit) assert.doesNotMatch(line, /[\r\n]|evil/)
  })

  it('that say they come from somewhere else are still named by their own address', async () => {
    const headers = {
      'x-forwarded-for': '10.9.9.9',
      forwarded: 'for=10.9.9.9',
      'x-real-ip': '10.9.9.9',
    }
    await rig.nobody.post('login', { user: 'anna', password: 'not the right one' }, headers)
    assert.match(rig.audit.at(-1) ?? '', /"address":"127\.0\.0\.1"/)
  })

  it('for the names that every object of the language has find nothing', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      assert.equal((await ask(`GET /api/v1/pairs/${name} HTTP/1.1`)).status, 404)
      assert.equal((await ask(`GET /api/v1/switchovers/${name} HTTP/1.1`)).status, 404)
    }
    const heard = await order(
      JSON.parse('{"comment":"x","__proto__":{"role":"engineer"}}') as object,
    )
    assert.equal(heard.status, 400)
  })
})

describe('paths out of the folder of the pages', () => {
  let parts: Awaited<ReturnType<typeof openDoorParts>>
  let web: Web
  before(async () => {
    parts = await openDoorParts()
    parts.board.publish(viewOf())
    const pagesFolder = join(parts.folder, 'pages')
    await mkdir(pagesFolder)
    await writeFile(join(pagesFolder, 'pages.html'), '<!doctype html>the pages')
    await writeFile(join(pagesFolder, 'pages.js'), 'void 0')
    await writeFile(join(parts.folder, 'secret.txt'), 'SECRET')
    web = await startWeb({
      ...parts,
      ...{ host: '127.0.0.1', port: 0, pairNames: [], pagesFolder },
      self: noSelf,
      about: { site: 'Westhaven', version: '1' },
      journal: { read: () => [], head: () => ({ seq: 0, hash: '' }) },
    })
  })
  after(async () => {
    await web.close()
    parts.access.close()
    await parts.remove()
  })
  const get = (path: string): Promise<Heard> =>
    exchange(portOf(web), lines(`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close'))

  it('lead nowhere, however they are written', async () => {
    assert.equal((await get('/pages.js')).status, 200)
    const steps = [
      '../',
      '..%2f',
      '%2e%2e/',
      '%2e%2e%2f',
      '..%5c',
      '..\\',
      '%252e%252e%252f',
      '....//',
      '..;/',
      '..%00/',
      '%c0%ae%c0%ae/',
    ]
    for (const step of steps)
      for (const start of ['/', '/pages.js/', '/api/v1/', '/api/v1/pairs/', '//', '/./'])
        for (const file of ['secret.txt', 'users.yaml', 'etc/passwd']) {
          const path = `${start}${step}${file}`
          const heard = await get(path)
          assert([400, 401, 404].includes(heard.status), `${path}: ${heard.status}`)
          assert.doesNotMatch(heard.body, /SECRET|argon2|root:/, path)
        }
  })
})

describe('clients that take their time', function () {
  this.timeout(20_000)
  let rig: Rig
  const sockets: Socket[] = []
  before(async () => {
    rig = await startRig({ requestMs: 500 })
  })
  after(async () => {
    for (const socket of sockets) socket.destroy()
    await rig.stop()
  })
  const open = (bytes: string): Socket => {
    const socket = connect(portOf(rig.web), '127.0.0.1', () => socket.write(bytes))
    socket.on('error', () => undefined)
    socket.resume()
    sockets.push(socket)
    return socket
  }

  it('with their headers, their body, or a byte now and then, are hung up on, and others are served meanwhile', async () => {
    const { token } = await rig.login('anna')
    const head = [
      'POST /api/v1/alarms/a1/ack HTTP/1.1',
      'Host: localhost',
      `Authorization: Bearer ${token}`,
    ]
    const slow = [
      ...Array.from({ length: 30 }, () => open('GET /healthz HTTP/1.1\r\nHost: loc')),
      ...Array.from({ length: 30 }, () =>
        open(`${lines(...head, 'Content-Type: application/json', 'Content-Length: 20')}{"com`),
      ),
    ]
    const dripping = open('GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
    const drip = setInterval(() => dripping.writable && dripping.write('x'), 50)
    assert.equal((await rig.nobody.get('/healthz')).status, 200)
    const closed = (): number => [...slow, dripping].filter((socket) => socket.closed).length
    await waitFor(
      () => closed() === 61,
      5_000,
      () => `${closed()} of 61 were hung up on`,
    )
    clearInterval(drip)
    assert.equal((await rig.nobody.get('/healthz')).status, 200)
    assert.equal(rig.orders.length, 0)
  })
})

describe('one machine', function () {
  this.timeout(20_000)
  it('cannot take every event stream: it gets 64, and the 65th is told why', async () => {
    const rig = await startRig({ loginsPerMinute: 1_000 })
    const streams = []
    for (let count = 0; count < 17; count++) {
      const client = await rig.login('olga')
      for (let more = 0; more < 4 && streams.length < 64; more++)
        streams.push(await client.events())
      if (streams.length < 64) continue
      const refused = await (await rig.login('olga')).get('events')
      assert.equal(refused.status, 429)
      assert.match(String(refused.error.text), /64 event streams are open to 127\.0\.0\.1/)
      break
    }
    assert(streams.every(({ status }) => status === 200))
    for (const stream of streams) stream.close()
    await rig.stop()
  })
})
