// What the subset of Structured Text consists of, as parsed and before anything is looked up.

export const scalarTypes = ['BOOL', 'WORD', 'DWORD', 'INT', 'UINT', 'UDINT', 'TIME'] as const
export type ScalarType = (typeof scalarTypes)[number]

export type Type =
  | { readonly kind: 'scalar'; readonly name: ScalarType }
  | { readonly kind: 'array'; readonly length: number; readonly of: ScalarType }
  /** An instance of a function block. */
  | { readonly kind: 'instance'; readonly block: string }

export type Section = 'input' | 'output' | 'local' | 'retain' | 'constant'

export type Variable = {
  readonly name: string
  readonly type: Type
  readonly section: Section
  readonly initial: number
  readonly line: number
}

export type Part = {
  readonly kind: 'FUNCTION' | 'FUNCTION_BLOCK' | 'PROGRAM'
  readonly name: string
  /** What a function gives. */
  readonly result: ScalarType | undefined
  readonly variables: readonly Variable[]
  readonly body: readonly Statement[]
  readonly line: number
}

export type Argument = { readonly name: string | undefined; readonly value: Expression }

/** `Words[3]`, `Guard.Q`, `Block.Status[3]` or a plain name. */
export type Place = {
  readonly kind: 'place'
  readonly name: string
  readonly field: string | undefined
  readonly index: Expression | undefined
  readonly line: number
}

export type Expression =
  | {
      readonly kind: 'literal'
      /** Undefined for a number that takes its type from where it stands. */
      readonly type: ScalarType | undefined
      readonly value: number
      readonly line: number
    }
  | Place
  | { readonly kind: 'not'; readonly operand: Expression; readonly line: number }
  | {
      readonly kind: 'binary'
      readonly operator: string
      readonly left: Expression
      readonly right: Expression
      readonly line: number
    }
  | {
      readonly kind: 'call'
      readonly name: string
      readonly inputs: readonly Argument[]
      readonly line: number
    }

export type Statement =
  | { readonly kind: 'assign'; readonly to: Place; readonly value: Expression }
  | {
      readonly kind: 'invoke'
      readonly name: string
      readonly inputs: readonly Argument[]
      readonly line: number
    }
  | {
      readonly kind: 'if'
      readonly branches: readonly {
        readonly condition: Expression
        readonly run: readonly Statement[]
      }[]
      readonly otherwise: readonly Statement[]
    }
  | {
      readonly kind: 'for'
      readonly counter: Place
      readonly from: Expression
      readonly to: Expression
      readonly body: readonly Statement[]
    }
