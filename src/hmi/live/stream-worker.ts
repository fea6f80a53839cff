// The worker that holds the one event stream of a browser and tells every tab. It starts anew when another session is followed, so that
// nobody goes on seeing with the rights of the one before.

import { type News, openStream, type Stream, type Wish } from './stream.ts'

const scope = globalThis as unknown as { onconnect: (event: MessageEvent) => void }

const pages = new Set<MessagePort>()
let followed: { readonly session: string; readonly stream: Stream } | undefined

scope.onconnect = ({ ports: [page] }) => {
  if (page === undefined) return
  page.onmessage = ({ data }: MessageEvent<Wish>) => {
    if (data.kind === 'leave') return leave(page)
    pages.add(page)
    follow(data.session)
    const view = followed?.stream.newest()
    if (view !== undefined) page.postMessage({ kind: 'view', view } satisfies News)
  }
}

function follow(session: string): void {
  if (followed?.session === session) return
  followed?.stream.close()
  followed = { session, stream: openStream(tellAll) }
}

function tellAll(news: News): void {
  for (const page of pages) page.postMessage(news)
}

function leave(page: MessagePort): void {
  pages.delete(page)
  if (pages.size > 0) return
  followed?.stream.close()
  followed = undefined
}
