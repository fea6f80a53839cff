// What a unit with a maker's redundancy holds of it: orders on their way, pulses, and the counts by which tests judge.

export type MakerOrder = {
  readonly to: 'A' | 'B' | 'other'
  readonly atMs: number
  readonly cause: string
}

export type Maker = {
  readonly orders: MakerOrder[]
  /** The redundancy link carried in the last scan. */
  linked: boolean
  pulse: number
  selfFalling: number
  fallsAtMs: number
  waitsUntilMs: number
  result: number
  /** Writes to an order register or the coil, whatever became of them. */
  written: number
  /** Orders of this unit that changed the roles. */
  executed: number
}

/** Nothing ordered. */
export function newMaker(): Maker {
  return {
    orders: [],
    linked: true,
    pulse: 0,
    selfFalling: 0,
    fallsAtMs: 0,
    waitsUntilMs: 0,
    result: 0,
    written: 0,
    executed: 0,
  }
}
