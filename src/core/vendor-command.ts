// A switchover command of a maker's own redundancy, as its profile declares it: what is written, when it may be, and what must
// be read afterwards. It has no claim, no number and no fence, so it is written once and only reads tell what became of it.

/** Values that signals of one unit must have; all of them. */
export type Conditions = Readonly<Record<string, number | string | boolean>>

/** One text or one list for each unit that may become the primary. */
type ByTarget<T> = { readonly A: T; readonly B: T }

/**
 * One frame that a device may be sent. 5: one coil, `words` is 0xFF00 or 0; 6: one holding register; 16: several, or one.
 * Nothing but the declared frames of a device can leave for it.
 */
export type DeclaredWrite = {
  readonly functionCode: 5 | 6 | 16
  readonly address: number
  readonly words: readonly number[]
}

export type VendorStep = {
  /** `1 to hr:4000`, by the unit that shall be primary. */
  readonly text: ByTarget<string>
  /** What the unit that was written must show before anything else is written; empty: nothing beyond `moves`. */
  readonly readBack: Conditions
  /** The roles must have moved before this step counts as done. */
  readonly moves: boolean
}

/**
 * `absolute`: names the new primary, so that a repetition changes nothing. `relative`: swaps whatever the roles are then.
 * `pulse`: as relative, and the register must fall back before it can act again.
 */
export type Idempotence = 'absolute' | 'relative' | 'pulse'

export type VendorCommand = {
  /** The unit that is written, by its role before; `target` is the unit that shall be primary. */
  readonly writeTo: 'primary' | 'standby' | 'target'
  readonly steps: readonly VendorStep[]
  readonly idempotence: Idempotence
  /** Preconditions of the maker, by the role of the unit at which they are read. */
  readonly when: { readonly primary: Conditions; readonly standby: Conditions }
  /** What both units must show at the end, besides one primary that is the wanted one. */
  readonly verify: { readonly target: Conditions; readonly peer: Conditions }
  /** Time that the maker's redundancy needs to come to rest after the roles have moved. */
  readonly settleMs: number
  /** By then a step has shown its effect, or its outcome is unknown. */
  readonly limitMs: number
  /** Values at the target that prove a lost primary inactive; absent: the command is for planned switchovers only. */
  readonly assistedProof?: Conditions
  /** Tried on real hardware. */
  readonly verified: boolean
  /** Names of everything that the profile reads or derives. */
  readonly reads: readonly string[]
  /** Why the plant file does without a second person although nothing fences the command. */
  readonly acceptUnfenced?: string
}
