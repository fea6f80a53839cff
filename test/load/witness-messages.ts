// What the process of the witness and the one that judges tell each other.

export type WitnessOptions = { readonly url: string; readonly pki: string }

export type ToWitness = { readonly kind: 'figures' } | { readonly kind: 'end' }
export type FromWitness =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'figures'
      /** Of each read, ms. */
      readonly latencies: readonly number[]
      readonly failures: readonly string[]
    }
