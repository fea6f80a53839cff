// Everybody who can reach the port may leave a certificate behind in `rejected`. The newest are kept, so that a person can look at them
// and let somebody in; the others go, so that no stranger fills the disk.

import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const keptMax = 100
const lookMs = 10_000

/** Keeps the folders of turned-away clients and persons small, until the returned function is called. */
export function pruneRejected(pki: string): () => void {
  const folders = [join(pki, 'rejected'), join(pki, 'users', 'rejected')]
  const timer = setInterval(() => {
    for (const folder of folders) void keepNewest(folder, keptMax)
  }, lookMs)
  return () => clearInterval(timer)
}

/** Leaves the `count` newest files of a folder; what cannot be read or is gone already is left alone. */
export async function keepNewest(folder: string, count: number): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  if (names.length <= count) return
  const files = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name)
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: 0 }))
      return { file, mtimeMs }
    }),
  )
  files.sort((one, other) => other.mtimeMs - one.mtimeMs)
  for (const { file } of files.slice(count)) await rm(file, { force: true }).catch(() => undefined)
}
