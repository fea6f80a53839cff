// What the service says of itself beyond the view: how punctual its cycles are, its disks, its doors, its plant file. Read anew every
// few seconds while the page is open.

import { useEffect, useState } from 'preact/hooks'
import { type Result, read } from '../../api.ts'

type Quantiles = { readonly p50: number; readonly p99: number; readonly max: number }
type Disk = {
  readonly folder: string
  readonly freeBytes?: number
  readonly sizeBytes?: number
}

/** As `GET /api/v1/system` gives it. */
export type SystemFacts = {
  readonly version: string
  readonly node: string
  readonly cycles: {
    readonly cycles: number
    readonly lateMs: Quantiles
    readonly tookMs: Quantiles
  }
  readonly memory: { readonly rss: number; readonly heapUsed: number }
  readonly journal: {
    readonly durable: number
    readonly fault?: string
    readonly copies: readonly Disk[]
  }
  /** Absent where the inputs are not recorded. */
  readonly recorder?: Disk & { readonly fault?: string }
  /** Absent where there is no such door. */
  readonly opcua?: { readonly host: string; readonly port: number }
  readonly http: { readonly tls: boolean }
  readonly plantFile: {
    readonly file: string
    readonly digest: string
    readonly changedOnDisk: boolean
  }
}

const againMs = 10_000

/** The newest facts, or why there are none. */
export function useSystemFacts(): Result<SystemFacts> | undefined {
  const [facts, setFacts] = useState<Result<SystemFacts>>()
  useEffect(() => {
    const look = () => void read<SystemFacts>('system').then(setFacts)
    look()
    const again = setInterval(look, againMs)
    return () => clearInterval(again)
  }, [])
  return facts
}

/** `12.3 GB free of 40.0 GB`. */
export function diskText({ folder, freeBytes, sizeBytes }: Disk): string {
  if (freeBytes === undefined || sizeBytes === undefined) return folder
  return `${folder}: ${gigabytes(freeBytes)} free of ${gigabytes(sizeBytes)}`
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`
