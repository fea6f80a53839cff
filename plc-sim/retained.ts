// What a unit keeps over a power cut, with a checksum over it, so that the program notices at its
// start when the memory did not keep it. Losing it must lock the unit: with an epoch of 0 any old
// supervisor could claim it.
import { crcOfWords, uint32 } from './wire.ts'

export type Retained = {
  epoch: number
  owner: number
  accepted: number
  boot: number
  checksum: number
}

/** The memory of a controller that leaves the factory: no epoch, never started, checksum right. */
export function newRetained(): Retained {
  const retained = { epoch: 0, owner: 0, accepted: 0, boot: 0, checksum: 0 }
  seal(retained)
  return retained
}

/**
 * Writes the checksum that fits the data. A locked unit never does, so that it is still locked
 * after a restart.
 */
export function seal(retained: Retained): void {
  retained.checksum = checksumOf(retained)
}

/** True when the data are the ones that were sealed. */
export function isIntact(retained: Retained): boolean {
  return retained.checksum === checksumOf(retained)
}

/**
 * The battery was flat: everything reads zero, the boot counter too. The checksum of zeroes is not
 * zero.
 */
export function lose(retained: Retained): void {
  Object.assign(retained, { epoch: 0, owner: 0, accepted: 0, boot: 0, checksum: 0 })
}

function checksumOf(retained: Retained): number {
  const { epoch, owner, accepted, boot } = retained
  const words = [...uint32(epoch), owner, accepted, ...uint32(boot)]
  return crcOfWords(words, words.length)
}
