// How the OPC UA server for SCADA clients is set up, as configured.

/** Security policies of OPC UA, the ones that are not broken; `None` signs and encrypts nothing. */
export type OpcUaPolicy =
  | 'None'
  | 'Basic256Sha256'
  | 'Aes128_Sha256_RsaOaep'
  | 'Aes256_Sha256_RsaPss'

/** What is kept of the past for clients. */
export type HistorySettings = {
  readonly folder: string
  readonly keepDays: number
  /** MB of 10^6 bytes. */
  readonly maxMb: number
  /** Values of one tag are kept at most so often, ms. */
  readonly tagMs: number
}

export type OpcUaSettings = {
  readonly host: string
  readonly port: number
  readonly policies: readonly OpcUaPolicy[]
  /** Folder of our certificate and of the clients that are trusted. */
  readonly pki: string
  readonly sessionsMax: number
  readonly connectionsMax: number
  /** Alarms that are shown at once. */
  readonly alarmsMax: number
  /** Clients are told at a planned stop that the service is back after this time. */
  readonly backS: number
  /** Absent where no history is kept. */
  readonly history?: HistorySettings
}
