// What a fault of the catalogue is: whom it breaks, what it does in words, and its parameters. The
// few functions here keep the tables of faults short.

export type ParameterKind =
  | {
      readonly kind: 'number'
      readonly initial: number
      readonly min: number
      readonly max: number
    }
  | { readonly kind: 'boolean'; readonly initial: boolean }
  | { readonly kind: 'choice'; readonly initial: string; readonly choices: Choices }
  /** May be left out, and then means all of the choices. */
  | { readonly kind: 'optional'; readonly choices: Choices }

/** Words to choose from, with the number that may be given in place of each. */
export type Choices = Readonly<Record<string, number>>

export type FaultKind = {
  /** `port` breaks the way to a unit or to a UPS. */
  readonly on: 'unit' | 'pair' | 'ups' | 'port'
  readonly about: string
  readonly parameters: Readonly<Record<string, ParameterKind>>
}

/** A number with its range. */
export const number = (initial: number, min: number, max: number) =>
  ({ kind: 'number', initial, min, max }) as const

/** A register, or a value of one. */
export const register = (initial: number) => number(initial, 0, 65535)

/** True or false. */
export const flag = (initial: boolean) => ({ kind: 'boolean', initial }) as const

/** One of several words. */
export const choice = (initial: string, choices: Choices) =>
  ({ kind: 'choice', initial, choices }) as const
