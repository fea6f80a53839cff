// What a tag list says, whatever its format: one entry for each value that can be read from a controller, and one line for
// each that cannot. The readers (CSV, PLCopen XML, L5X) make it; proposing classes and writing YAML start from it.

import type { RegisterAddress } from '../config/address.ts'

/** Where a value stands: a register or single bit (zero-based protocol address), or an OPC UA node. */
export type Where =
  | (RegisterAddress & { readonly kind: 'register' })
  | { readonly kind: 'node'; readonly node: string }

/** A place in the list, counted from 1. */
export type ListPlace = { readonly line: number; readonly column: number }

export type ListedTag = {
  /** As the list writes it, with its whole path. */
  readonly name: string
  readonly place: ListPlace
  /** The type as the list writes it; empty when the list is silent. */
  readonly type: string
  readonly where: Where
  readonly description: string
  readonly units: string
  /** In engineering units, after scaling. */
  readonly range?: { readonly low: number; readonly high: number }
  readonly scale?: number
  readonly offset?: number
  readonly wordOrder?: 'big' | 'little'
  /** Raw number to word, for enumerations. */
  readonly names?: Readonly<Record<string, string>>
  /** The program never writes it. */
  readonly constant?: boolean
  /** What the reader had to suppose, as sentences for a person. */
  readonly doubts: readonly string[]
}

export type LeftOut = {
  readonly name: string
  readonly place: ListPlace
  readonly reason: string
}

export type TagList = {
  readonly tags: readonly ListedTag[]
  readonly leftOut: readonly LeftOut[]
  /** What holds for the whole list. */
  readonly notes: readonly string[]
}

/** Why nothing of a list can be read: what, where, what was expected. */
export type ListFault = ListPlace & { readonly message: string }

export const isFault = (read: object): read is ListFault => 'message' in read

/** Name to place, from a mapping file; it wins over what the list says. */
export type AddressMap = ReadonlyMap<string, string>

/** Lists may spell a name in another case than the mapping file does. */
export const mapKey = (name: string): string => name.trim().toLowerCase()
