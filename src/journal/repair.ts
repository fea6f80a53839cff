// Reads the copies of a journal from their folders and carries out what recovery decided. Every step may be interrupted: a file is
// cut only where nothing whole is lost, and replaced only when its successor and the damaged original are both on the disk.

import { join } from 'node:path'
import { type Disk, diskTrouble, writeAll } from './disk.ts'
import { type Book, bytesOf, type FileAction } from './mend.ts'
import {
  type CopyScan,
  type SegmentScan,
  scanSegment,
  segmentFile,
  segmentNumber,
} from './segment.ts'

/** Scans every segment of every folder. Throws JournalError when a folder or file cannot be read. */
export const readCopies = async (
  disk: Disk,
  folders: readonly string[],
): Promise<readonly CopyScan[]> => {
  const copies: { folder: string; numbers: readonly number[]; segments: SegmentScan[] }[] = []
  for (const folder of folders) {
    copies.push({ folder, numbers: await segmentNumbers(disk, folder), segments: [] })
  }
  const all = new Set(copies.flatMap(({ numbers }) => numbers))
  for (const number of [...all].sort((a, b) => a - b)) {
    let last: { bytes: Buffer; scan: SegmentScan } | undefined
    for (const copy of copies.filter(({ numbers }) => numbers.includes(number))) {
      const bytes = await readSegment(disk, copy.folder, number)
      // Copies are nearly always identical: scan the same bytes once.
      if (!last?.bytes.equals(bytes)) last = { bytes, scan: scanSegment(number, bytes) }
      copy.segments.push(last.scan)
    }
  }
  return copies
}

/** The segments in a folder, in order. */
export const segmentNumbers = async (disk: Disk, folder: string): Promise<readonly number[]> => {
  try {
    const names = await disk.list(folder)
    return names.flatMap((name) => segmentNumber(name) ?? []).sort((a, b) => a - b)
  } catch (error) {
    throw diskTrouble(folder, 'cannot be read', error)
  }
}

export const readSegment = async (disk: Disk, folder: string, number: number): Promise<Buffer> => {
  try {
    return await disk.readFile(join(folder, segmentFile(number)))
  } catch (error) {
    throw diskTrouble(folder, 'cannot be read', error)
  }
}

/** Changes one file. Throws JournalError when the disk refuses; the next start then finds the same plan or a part of it done. */
export const carryOut = async (
  disk: Disk,
  book: Book,
  action: FileAction,
  stamp: string,
): Promise<void> => {
  const path = join(action.folder, segmentFile(action.segment))
  try {
    if (action.way === 'extend') {
      await extend(disk, path, action.keepBytes, bytesOf(book, action))
    } else if (action.way === 'rebuild') {
      await write(disk, `${path}.${stamp}`, await disk.readFile(path))
      await write(disk, `${path}.new`, bytesOf(book, action))
      await disk.rename(`${path}.new`, path)
    } else {
      await disk.rename(path, `${path}.${stamp}`)
    }
    await disk.syncFolder(action.folder)
  } catch (error) {
    throw diskTrouble(action.folder, 'cannot be written', error)
  }
}

const extend = async (
  disk: Disk,
  path: string,
  keepBytes: number,
  bytes: Buffer,
): Promise<void> => {
  const file = await disk.open(path, 'append')
  try {
    await file.truncate(keepBytes)
    await writeAll(file, bytes)
    await file.datasync()
  } finally {
    await file.close()
  }
}

const write = async (disk: Disk, path: string, bytes: Buffer): Promise<void> => {
  const file = await disk.open(path, 'replace')
  try {
    await writeAll(file, bytes)
    await file.datasync()
  } finally {
    await file.close()
  }
}
