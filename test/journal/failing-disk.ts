// A disk that does what the real one does, on real files, until told to fail.

import { type Disk, type DiskFile, localDisk } from '../../src/journal/disk.ts'

export type FailingDisk = {
  readonly disk: Disk
  /** Calls made so far. */
  calls(): number
}

/**
 * Decides before each call whether it fails: the error code to fail with, `short` for a write of half the bytes, `hang` for a
 * call that never answers, or undefined to let it pass.
 */
export type Verdict = (call: number, name: string, path: string) => string | undefined

/** Wraps the machine's own disk. */
export const failingDisk = (verdict: Verdict): FailingDisk => {
  let calls = 0
  const ask = async <Result>(
    name: string,
    path: string,
    pass: (short: boolean) => Promise<Result>,
  ): Promise<Result> => {
    calls += 1
    const decided = verdict(calls, name, path)
    if (decided === 'hang') return new Promise<Result>(() => undefined)
    if (decided === undefined || decided === 'short') return pass(decided === 'short')
    throw Object.assign(new Error(`${decided}: ${name} ${path}`), { code: decided })
  }
  const wrap = (file: DiskFile, path: string): DiskFile => ({
    write: (bytes) =>
      ask('write', path, (short) =>
        file.write(short ? bytes.subarray(0, Math.ceil(bytes.length / 2)) : bytes),
      ),
    readAt: (start, length) => ask('readAt', path, () => file.readAt(start, length)),
    truncate: (length) => ask('truncate', path, () => file.truncate(length)),
    datasync: () => ask('datasync', path, () => file.datasync()),
    // Always really closed, so that a failing test leaves no descriptor open.
    close: async () => {
      await file.close()
      await ask('close', path, async () => undefined)
    },
  })
  const disk: Disk = {
    makeFolder: (path) => ask('makeFolder', path, () => localDisk.makeFolder(path)),
    list: (folder) => ask('list', folder, () => localDisk.list(folder)),
    readFile: (path) => ask('readFile', path, () => localDisk.readFile(path)),
    open: (path, purpose) =>
      ask(`open ${purpose}`, path, async () => wrap(await localDisk.open(path, purpose), path)),
    rename: (from, to) => ask('rename', from, () => localDisk.rename(from, to)),
    remove: (path) => ask('remove', path, () => localDisk.remove(path)),
    syncFolder: (folder) => ask('syncFolder', folder, () => localDisk.syncFolder(folder)),
  }
  return { disk, calls: () => calls }
}
