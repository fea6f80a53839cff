// The pages as files: read once at the start, packed once, and answered from memory. No path of a request ever reaches the file system.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { OpenCall, Route } from './parts.ts'
import { type Reply, refuse } from './replies.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}
const firstPage = 'pages.html'

/** A public route for each file in the folder; the first page also stands at `/`. Says how to build them when there are none. */
export function pageRoutes(folder: string | undefined): readonly Route[] {
  const names = folder === undefined ? [] : namesIn(folder)
  if (folder === undefined || !names.includes(firstPage)) return [routeOf('/', () => notBuilt)]
  return names.flatMap((name) => {
    const answer = fileAnswer(readFileSync(join(folder, name)), types[extname(name)])
    return [...(name === firstPage ? [routeOf('/', answer)] : []), routeOf(`/${name}`, answer)]
  })
}

function fileAnswer(bytes: Buffer, type = 'application/octet-stream') {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  const packed = { br: brotliCompressSync(bytes), gzip: gzipSync(bytes) }
  const headers = {
    'content-type': type,
    etag,
    'cache-control': 'no-cache',
    vary: 'accept-encoding',
  }
  return ({ headers: asked }: OpenCall): Reply => {
    if (asked['if-none-match'] === etag) return { status: 304, headers }
    const accepted = String(asked['accept-encoding'] ?? '')
    const coding = (['br', 'gzip'] as const).find((one) => accepted.includes(one))
    return coding === undefined
      ? { status: 200, body: bytes, headers }
      : { status: 200, body: packed[coding], headers: { ...headers, 'content-encoding': coding } }
  }
}

const routeOf = (path: string, open: (call: OpenCall) => Reply): Route => ({
  method: 'GET',
  path,
  right: 'public',
  open,
})

const notBuilt = refuse(
  'starting',
  'the pages are not built: run npm run pages and start the service again',
)

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
