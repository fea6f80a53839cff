// The writing end of one copy. It writes what it is given, syncs it, and only then says that it is done. Its first fault is final:
// after a failed sync the system may have dropped the very pages that failed and report success the next time, so the file is
// never written or synced again before a restart has read back what is really there.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type Disk, type DiskFile, diskTrouble, writeAll } from './disk.ts'
import { segmentFile } from './segment.ts'

/** Consecutive lines for one segment; with a header when the segment begins here. */
export type Piece = {
  readonly segment: number
  readonly header?: Buffer
  readonly lines: readonly Buffer[]
}

export class CopyEnd {
  readonly folder: string
  readonly #disk: Disk
  readonly #limitMs: number
  #file: DiskFile
  #fault: string | undefined

  private constructor(disk: Disk, folder: string, file: DiskFile, limitMs: number) {
    this.#disk = disk
    this.folder = folder
    this.#file = file
    this.#limitMs = limitMs
  }

  /** Opens an existing segment for appending and syncs what it holds. `limitMs`: a disk that takes longer counts as failed. */
  static async open(
    disk: Disk,
    folder: string,
    segment: number,
    limitMs: number,
  ): Promise<CopyEnd> {
    try {
      const file = await disk.open(join(folder, segmentFile(segment)), 'append')
      const end = new CopyEnd(disk, folder, file, limitMs)
      await file.datasync().catch(async (error: unknown) => {
        await end.close()
        throw error
      })
      return end
    } catch (error) {
      throw diskTrouble(folder, 'cannot be written', error)
    }
  }

  /** Why this copy takes no more records; undefined while it does. */
  get fault(): string | undefined {
    return this.#fault
  }

  /**
   * Writes and syncs the pieces. Afterwards either everything is durable here or `fault` is set; it never rejects for a disk.
   * Asserts that this copy has not failed.
   */
  async put(pieces: readonly Piece[]): Promise<void> {
    assert(this.#fault === undefined, `${this.folder} has failed and takes no more records`)
    try {
      await within(this.#limitMs, this.#write(pieces))
    } catch (error) {
      this.#fault = diskTrouble(this.folder, 'cannot be written', error).message
      void this.close()
    }
  }

  /** Resolves always: everything that was reported as durable has been synced before. */
  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined)
  }

  async #write(pieces: readonly Piece[]): Promise<void> {
    for (const { segment, header, lines } of pieces) {
      if (header !== undefined) await this.#begin(segment)
      await writeAll(this.#file, Buffer.concat(header === undefined ? lines : [header, ...lines]))
      await this.#file.datasync()
      if (header !== undefined) await this.#disk.syncFolder(this.folder)
      // A disk that answers after its limit must not go on writing.
      if (this.#fault !== undefined) return
    }
  }

  async #begin(segment: number): Promise<void> {
    const file = await this.#disk.open(join(this.folder, segmentFile(segment)), 'create')
    const old = this.#file
    this.#file = file
    await old.close()
  }
}

const within = async (limitMs: number, work: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    const late = Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })
    timer = setTimeout(reject, limitMs, late)
  })
  try {
    await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
