// One sentence per pair and cycle. Every door, the log and the golden tests print exactly this sentence.

import { otherUnit, type UnitId } from './plant.ts'
import { seconds, type UnitFacts } from './presence.ts'
import type { Obstacle, PairView, SwitchoverKind } from './view.ts'

export type Explained = {
  readonly name: string
  readonly observed: boolean
  readonly units: { readonly A: UnitFacts; readonly B: UnitFacts }
  readonly pairState: PairView['pairState']
  readonly primary?: UnitId
  readonly syncSentence: string
  readonly target?: UnitId
  readonly obstacles: readonly Obstacle[]
  readonly held?: string
  readonly lockout?: string
  readonly stopped?: string
  /** The ways out of it. */
  readonly ways?: readonly string[]
  readonly unknownOutcome?: string
  readonly switchover?: {
    readonly phase: string
    readonly to: UnitId
    readonly kind: SwitchoverKind
    readonly expiresInMs?: number
    readonly automaticInMs?: number
    readonly confirmedBy?: string
  }
}

/** `intake: A primary, B standby, in sync for 94.0 s; ready to switch to B.` */
export function explain(pair: Explained): string {
  const { units } = pair
  const roles = `A ${unitWords(units.A)}, B ${unitWords(units.B)}`
  const sync = pair.pairState === 'normal' && bothAnswer(units) ? `, ${pair.syncSentence}` : ''
  return `${pair.name}: ${roles}${sync}; ${outlook(pair)}.`
}

function outlook(pair: Explained): string {
  if (pair.switchover) return switchoverWords(pair.switchover)
  if (pair.stopped !== undefined) {
    const unknown = pair.unknownOutcome === undefined ? '' : `${pair.unknownOutcome}; `
    const { ways = [] } = pair
    const rest = ways.slice(0, -1).join(', ')
    return `STOPPED: ${unknown}waiting for ${rest === '' ? '' : `${rest} or `}${ways.at(-1) ?? 'a person'}`
  }
  if (pair.held !== undefined) return `HELD: ${pair.held}; waiting to be resumed`
  if (pair.pairState === 'both primary') return 'BOTH PRIMARY: take one out of control at its panel'
  if (pair.lockout !== undefined) return `locked out: ${pair.lockout}`
  if (pair.observed) return 'observe-only'
  if (pair.target === undefined) return 'nobody to switch to'
  if (pair.obstacles.length === 0) return `ready to switch to ${pair.target}`
  const [first] = pair.obstacles
  const more = pair.obstacles.length > 1 ? ` and ${pair.obstacles.length - 1} more` : ''
  return `not ready to switch to ${pair.target}: ${first?.title ?? ''} (${first?.value ?? ''})${more}`
}

function switchoverWords(switchover: NonNullable<Explained['switchover']>): string {
  const { phase, to, kind } = switchover
  switch (phase) {
    case 'preparing':
      return `preparing ${planWords(kind, to)}`
    case 'proposed':
      return `waiting for confirmation of ${planWords(kind, to)}, ${Math.ceil((switchover.expiresInMs ?? 0) / 1000)} s left${itselfWords(switchover.automaticInMs)}`
    case 'confirmed':
      return `${planWords(kind, to)} confirmed by ${switchover.confirmedBy ?? '?'}`
    case 'demoting':
      return `switching to ${to}: demoting ${otherUnit(to)}`
    case 'promoting':
      return `switching to ${to}: promoting ${to}`
    default:
      return `switched to ${to}: settling`
  }
}

const itselfWords = (automaticInMs: number | undefined): string =>
  automaticInMs === undefined
    ? ''
    : `; confirms itself in ${Math.ceil(automaticInMs / 1000)} s unless rejected`

/** What is planned, as people say it: `planned switchover to B`. */
export function planWords(kind: SwitchoverKind, to: UnitId): string {
  switch (kind) {
    case 'planned':
      return `planned switchover to ${to}`
    case 'assisted':
      return `assisted failover to ${to}`
    case 'recovery':
      return `recovery to ${to}`
    case 'retry':
      return `retry of the promote of ${to}`
    case 'restore':
      return `restore of ${to}`
    case 'adopt':
      return 'adoption of the roles as read'
  }
}

function unitWords(facts: UnitFacts): string {
  if (facts.presence === 'answering') return facts.role
  return facts.presence === 'lost' && facts.ageMs !== undefined
    ? `lost for ${seconds(facts.ageMs)}`
    : facts.presence
}

const bothAnswer = ({ A, B }: Explained['units']): boolean =>
  A.presence === 'answering' && B.presence === 'answering'
