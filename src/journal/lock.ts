// Keeps a second supervisor out of a journal folder. Every process puts down a file with its own name first and looks for others
// after; so of two that start in the same instant at least one sees the other, and taking over the file of a dead process can
// never remove a live one's. A process is known by its id and its start, because ids are used again.

import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { codeOf, type Disk, JournalError } from './disk.ts'

export type Lock = {
  /** Frees the folder; resolves always. */
  release(): Promise<void>
}

/**
 * Takes a journal folder for this process. Throws JournalError that names the process which holds it; a lock whose process has
 * died is removed. A lock set on another machine (a shared folder) is never judged dead. Faults of the disk are passed on.
 */
export const lockFolder = async (disk: Disk, folder: string): Promise<Lock> => {
  const own = fileOf(ownMark())
  // What cannot be removed is the file of a dead process as soon as this one ends, and is taken over.
  const release = () => disk.remove(join(folder, own)).catch(() => undefined)
  try {
    await (await disk.open(join(folder, own), 'create')).close()
    await evictTheDead(disk, folder, own)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw heldBy(folder, own, ownMark())
    await release()
    throw error
  }
  return { release }
}

/** The process that holds a folder now, or undefined; for readers, which take no lock. */
export const folderHolder = async (disk: Disk, folder: string): Promise<number | undefined> => {
  const marks = (await disk.list(folder)).map(markOf)
  return marks.find((mark) => mark !== undefined && mayBeAlive(mark))?.pid
}

/** `boot` and `started` are empty where the system does not tell them. */
type Mark = {
  readonly pid: number
  readonly host: string
  readonly boot: string
  readonly started: string
}

const evictTheDead = async (disk: Disk, folder: string, own: string): Promise<void> => {
  for (const name of await disk.list(folder)) {
    const mark = markOf(name)
    if (mark === undefined || name === own) continue
    if (mayBeAlive(mark)) throw heldBy(folder, name, mark)
    await disk.remove(join(folder, name))
  }
}

const heldBy = (folder: string, name: string, mark: Mark): JournalError => {
  const elsewhere = mark.host === ownHost ? '' : ` on ${mark.host}`
  const remedy =
    mark.host === ownHost
      ? 'stop that process first'
      : `stop it there; if that machine is gone for good, remove the file ${name}`
  return new JournalError(
    `journal copy ${folder}: in use by process ${mark.pid}${elsewhere}: ${remedy}`,
  )
}

const mayBeAlive = (mark: Mark): boolean => {
  if (mark.host !== ownHost) return true
  if (mark.boot !== bootOf()) return false
  const started = startOf(mark.pid)
  return started === undefined ? answersSignals(mark.pid) : started === mark.started
}

const answersSignals = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

const ownHost = hostname().replaceAll(/[^A-Za-z0-9.-]/g, '-')

const ownMark = (): Mark => ({
  pid: process.pid,
  host: ownHost,
  boot: bootOf(),
  started: startOf(process.pid) ?? '',
})

const fileOf = ({ pid, host, boot, started }: Mark): string =>
  `lock_${pid}_${host}_${boot}_${started}`

const markOf = (name: string): Mark | undefined => {
  const [, pid, host, boot, started] =
    /^lock_(\d+)_([^_]+)_([0-9a-f]*)_(\d*)$/.exec(name)?.values() ?? []
  if (pid === undefined || host === undefined) return undefined
  return { pid: Number(pid), host, boot: boot ?? '', started: started ?? '' }
}

const bootOf = (): string =>
  (readIfThere('/proc/sys/kernel/random/boot_id') ?? '').replaceAll(/[^0-9a-f]/g, '')

/** Clock ticks from boot to the process's start: field 22 of its stat line, counted after the name, which may hold spaces. */
const startOf = (pid: number): string | undefined => {
  const stat = readIfThere(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    // ESRCH: the process ended between opening and reading.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined
    throw error
  }
}
