// The door for browsers and commands, as configured.

export type HttpSettings = {
  readonly host: string
  readonly port: number
  /** Further host names under which browsers may reach the service. */
  readonly hostNames: readonly string[]
  /** Shown where people log in. */
  readonly notice?: string
  /** Absent: plain HTTP. */
  readonly tls?: TlsFiles
}

export type TlsFiles = {
  /** PEM: ours first, then whatever stands between it and the root. */
  readonly certificate: string
  /** PEM, mode 0600. */
  readonly key: string
}
