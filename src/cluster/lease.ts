// May we act: the authority to command. A supervisor that runs alone always holds it; what keeps two of them apart then is the
// epoch that both units of a pair retain.

import type { Lease } from '../core/cycle.ts'

export type LeaseSource = {
  /** The lease as it stands now; read once a cycle. */
  now(): Lease
}

/** The lease of a lone supervisor, under the name that refusals and evidence show. */
export const loneLease = (holder: string): LeaseSource => ({ now: () => ({ held: true, holder }) })
