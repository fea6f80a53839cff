// The answer to LIST VAR: every variable of one UPS between BEGIN and END, or one line with an error. Pure. Anything that is
// not exactly that is a fault: a list that is off by one line could show one UPS's values as another's.

import { shown } from '../plain-value.ts'
import { wordsOf } from './words.ts'

export type Variables = ReadonlyMap<string, string>

export type ListAnswer =
  | { readonly kind: 'list'; readonly variables: Variables }
  /** The server said no; the connection goes on. `detail` is for people. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** Nothing more on this connection can be trusted. */
  | { readonly kind: 'fault'; readonly detail: string }

/** Takes the lines of one answer about the UPS called `ups`, in their order. */
export class VariableList {
  readonly #ups: string
  readonly #variables = new Map<string, string>()
  #begun = false

  constructor(ups: string) {
    this.#ups = ups
  }

  /** What the answer is once `line` ends it; undefined while more must come. Not called again after that. */
  take(line: string): ListAnswer | undefined {
    const words = wordsOf(line)
    if (words === undefined) return fault(`a line that is not of the NUT protocol: ${shown(line)}`)
    const [first, second, third, fourth] = words.map((word) => word.text)
    if (first === 'ERR' && !this.#begun && second !== undefined) return refused(second, this.#ups)
    if (first === 'BEGIN' || first === 'END') {
      if (second !== 'LIST' || third !== 'VAR' || words.length !== 4) return strange(line)
      if (fourth !== this.#ups) return fault(`a list for the UPS ${shown(fourth ?? '')}`)
      return first === 'BEGIN' ? this.#begin() : this.#end()
    }
    if (first !== 'VAR' || words.length !== 4 || words[3]?.quoted !== true) return strange(line)
    if (!this.#begun) return fault('a variable before the list began')
    if (second !== this.#ups) return fault(`a variable of the UPS ${shown(second ?? '')}`)
    return this.#put(third ?? '', fourth ?? '')
  }

  #begin(): ListAnswer | undefined {
    if (this.#begun) return fault('a second beginning of the list')
    this.#begun = true
    return undefined
  }

  #end(): ListAnswer {
    if (!this.#begun) return fault('an end of a list that never began')
    return { kind: 'list', variables: this.#variables }
  }

  #put(name: string, value: string): ListAnswer | undefined {
    if (this.#variables.has(name)) return fault(`${shown(name)} twice in one list`)
    this.#variables.set(name, value)
    return this.#variables.size > variablesMax
      ? fault(`a list of more than ${variablesMax} variables`)
      : undefined
  }
}

/** What an error code of the server means, for people. */
export function refusalText(code: string, ups: string): string {
  const known = meanings[code]
  const what = known === undefined ? `refuses: ${shown(code)}` : `${known(ups)} (${code})`
  return `the NUT server ${what}`
}

/** Big UPS units with many outlets give some hundred. */
const variablesMax = 4096

const meanings: Readonly<Record<string, (ups: string) => string>> = {
  'DATA-STALE': () => 'has only old values: its driver does not reach the UPS',
  'DRIVER-NOT-CONNECTED': () => 'has no connection to the driver of this UPS',
  'UNKNOWN-UPS': (ups) => `knows no UPS ${shown(ups)}`,
  'ACCESS-DENIED': () => 'denies access to this computer or user',
  'USERNAME-REQUIRED': () => 'wants a user name',
  'PASSWORD-REQUIRED': () => 'wants a password',
  'INVALID-PASSWORD': () => 'does not take the password',
  'FEATURE-NOT-CONFIGURED': () => 'is not set up for encrypted connections',
  'FEATURE-NOT-SUPPORTED': () => 'cannot encrypt connections',
}

const fault = (detail: string): ListAnswer => ({ kind: 'fault', detail })
const strange = (line: string): ListAnswer => fault(`an unexpected line: ${shown(line)}`)
const refused = (code: string, ups: string): ListAnswer => ({
  kind: 'refused',
  detail: refusalText(code, ups),
})
