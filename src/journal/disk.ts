// The few things that the journal asks of a disk, and what a disk's refusal means in words. Kept behind one type so that a test
// can make the n-th call fail, for every n.

import { constants } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

export type Disk = {
  /** Creates one folder, not its parents; an existing folder is fine. */
  makeFolder(path: string): Promise<void>
  list(folder: string): Promise<readonly string[]>
  readFile(path: string): Promise<Buffer>
  open(path: string, purpose: Purpose): Promise<DiskFile>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  /** Makes created, renamed and removed names in a folder durable. */
  syncFolder(folder: string): Promise<void>
}

/** `create` fails when the file exists; `append` and `replace` create it when it does not. */
export type Purpose = 'read' | 'append' | 'create' | 'replace'

export type DiskFile = {
  /** May write fewer bytes than given; returns how many. */
  write(bytes: Uint8Array): Promise<number>
  readAt(start: number, lengthBytes: number): Promise<Buffer>
  truncate(lengthBytes: number): Promise<void>
  datasync(): Promise<void>
  close(): Promise<void>
}

/** What keeps the journal from being opened or read: one line with folder, reason and what would clear it. */
export class JournalError extends Error {
  override readonly name = 'JournalError'
}

/** The machine's own disks. */
export const localDisk: Disk = {
  makeFolder: async (path) => {
    try {
      await mkdir(path, { mode: 0o750 })
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return
      throw error
    }
    await syncFolder(dirname(path))
  },
  list: readdir,
  readFile: (path) => readFile(path),
  open: openFile,
  rename,
  remove: (path) => rm(path),
  syncFolder,
}

/** Writes all bytes, however many calls that takes. */
export const writeAll = async (file: DiskFile, bytes: Uint8Array): Promise<void> => {
  for (let done = 0; done < bytes.length; ) {
    const written = await file.write(bytes.subarray(done))
    if (written === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' })
    done += written
  }
}

/** Turns a disk's refusal into the one line that people read. */
export const diskTrouble = (
  folder: string,
  trouble: 'cannot be written' | 'cannot be read',
  error: unknown,
): JournalError => {
  const [reason, remedy] = meaningOf(error)
  return new JournalError(`journal copy ${folder}: ${trouble} (${reason}): ${remedy}`, {
    cause: error,
  })
}

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined

const meanings: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  ENOSPC: ['no space left on the disk', 'free space on it'],
  EDQUOT: ['disk quota used up', 'raise the quota or free space'],
  EFBIG: ['file too large for this file system', 'move the folder to another disk'],
  EROFS: ['read-only file system', 'mount it writable'],
  EACCES: ['permission denied', 'give the account that runs this service write access to it'],
  EPERM: ['operation not permitted', 'give the account that runs this service write access to it'],
  EIO: ['input/output error', 'replace the disk; the folder is rebuilt from the other copy'],
  ENOENT: ['no such folder', 'create the folder above it, or mount its disk'],
  ENOTDIR: ['not a folder', 'remove the file that has its name, or name another folder'],
  EMFILE: ['too many open files', 'raise the limit of open files for this service'],
  ENFILE: ['too many open files on this machine', 'raise the limit of open files'],
  ESTALE: ['its file server has gone away', 'mount it again'],
  ETIMEDOUT: ['the disk does not answer', 'check the disk and its cable, or the file server'],
}

const meaningOf = (error: unknown): readonly [string, string] => {
  const known = meanings[codeOf(error) ?? '']
  if (known !== undefined) return known
  return [error instanceof Error ? error.message : String(error), 'check the disk']
}

const flags: Readonly<Record<Purpose, number>> = {
  read: constants.O_RDONLY,
  append: constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND,
  create: constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_EXCL,
  replace: constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC,
}

async function openFile(path: string, purpose: Purpose): Promise<DiskFile> {
  const handle = await open(path, flags[purpose], 0o640)
  return {
    write: async (bytes) => (await handle.write(bytes)).bytesWritten,
    readAt: async (start, lengthBytes) => {
      const buffer = Buffer.alloc(lengthBytes)
      const { bytesRead } = await handle.read(buffer, 0, lengthBytes, start)
      return buffer.subarray(0, bytesRead)
    },
    truncate: (lengthBytes) => handle.truncate(lengthBytes),
    datasync: () => handle.datasync(),
    close: () => handle.close(),
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
