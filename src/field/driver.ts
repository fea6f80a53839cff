// The contract between a device and the rest: read everything once, write one command. A driver keeps its connection
// alive by itself, forever; whatever the device does becomes a Scan or a WriteNote, never an exception.

import type { Fault, Scan, WriteNote } from '../core/image.ts'

/** One command on its way to one device: a block of ours, or one of the writes that the device's path declares. */
export type BlockWrite = {
  readonly commandId: string
  /** The block; empty where `declared` says what is written. */
  readonly words: readonly number[]
  /** Which of the declared writes of a maker's command; absent for a block. */
  readonly declared?: number
  /** Monotonic ms; if the first byte has not left by then, nothing is sent. */
  readonly deadlineMs: number
}

/** A request that brought no answer that counts. */
export type RequestFailure = {
  readonly kind: 'failed'
  readonly fault: Fault
  readonly detail: string
  /** True when at least one byte of the request was handed to the network. */
  readonly left: boolean
  readonly sentMs: number
  readonly receivedMs: number
}

export type Driver = {
  /**
   * Reads every signal of the device once. Resolves always; `sample` is copied into the scan.
   * At most one request is on the wire at a time; a reading that is still out makes the next one fail with `not-asked`.
   */
  read(sample: boolean): Promise<Scan>
  /** As `read`, for the few signals of `Device.glance`; what they derive is in the scan, nothing else. Never a sample. */
  glance(): Promise<Scan>
  /**
   * Writes one block between two requests, before any read that waits. Dropped at once (never queued) when the device is not
   * connected, when its last request timed out, when the deadline has passed, or in observe-only mode.
   */
  write(block: BlockWrite): Promise<WriteNote>
  close(): Promise<void>
}
