// What the process of the clients and the one that measures them tell each other.

export type SubscriberOptions = {
  readonly url: string
  /** Folders of certificates: of the clients, and of the server, where they let themselves in. */
  readonly pki: string
  readonly serverPki: string
  readonly clients: number
  readonly publishingMs: number
  readonly queueSize: number
}

/** Of one client, since it was asked last. */
export type ClientFigures = {
  values: number
  /** Samples that it never saw. */
  lost: number
  /** Publish requests that failed. */
  failed: number
  /** How many values came how many ms after their scan. */
  readonly lags: number[]
}

export type ToClients =
  /** The first message: what to watch. */
  | { readonly kind: 'watch'; readonly nodes: readonly string[] }
  | { readonly kind: 'figures' }
  | { readonly kind: 'end' }
export type FromClients =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'figures'
      readonly each: readonly ClientFigures[]
      readonly cpuMs: number
      readonly wallMs: number
    }
