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
  /** Absent: metrics need a session. */
  readonly metrics?: ScrapeSettings
}

/** Who may have the metrics without a session. */
export type ScrapeSettings = {
  /** File with the token that a scraper sends, mode 0600. */
  readonly tokenFile?: string
  /** Everybody on this machine. */
  readonly openHere: boolean
}

export type TlsFiles = {
  /** PEM: ours first, then whatever stands between it and the root. */
  readonly certificate: string
  /** PEM, mode 0600. */
  readonly key: string
}
