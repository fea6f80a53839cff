// Walks over tokens one by one and says what it expected instead.

import { Refused, reservedWords, type Token } from './tokens.ts'

export class Reader {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get next(): Token {
    const token = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]
    if (token === undefined) throw new Refused(0, 'no text')
    return token
  }

  take(): Token {
    const token = this.next
    this.#at += 1
    return token
  }

  /** True, and past it, when the next token is this one. */
  skip(text: string): boolean {
    if (this.next.kind === 'end' || this.next.text !== text) return false
    this.#at += 1
    return true
  }

  expect(text: string): Token {
    const { next } = this
    if (!this.skip(text)) throw this.refusal(`"${text}"`)
    return next
  }

  /** A name that is free to be used. */
  name(): Token {
    const { next } = this
    if (next.kind !== 'word') throw this.refusal('a name')
    if (reservedWords.has(next.text)) {
      throw new Refused(next.line, `${next.text} is a word of the language; expected a name`)
    }
    return this.take()
  }

  refusal(expected: string): Refused {
    return new Refused(this.next.line, `expected ${expected}, not "${this.next.text}"`)
  }
}
