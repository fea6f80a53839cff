// The service as the terminal meets it: the real HTTP door with a small supervisor behind it that plays one switchover. It
// keeps the rules that a terminal depends on: an answer counts only for the evidence that stands, only once, and only
// before the end.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer, Order } from '../../src/core/cycle.ts'
import type {
  EndedView,
  Evidence,
  Obstacle,
  PairView,
  StepView,
  SwitchoverView,
  View,
} from '../../src/core/view.ts'
import { openAccess } from '../../src/serve/access.ts'
import { openBoard } from '../../src/serve/board.ts'
import { openInbox } from '../../src/serve/inbox.ts'
import { addUser } from '../../src/serve/users-file.ts'
import { startWeb } from '../../src/serve/web/server.ts'
import { noSelf } from '../serve/fixture.ts'
import { sampleEvidence, sampleJournal, sampleSwitchover, sampleView } from './sample-plant.ts'

export const password = 'river stone lantern'
type Reply = Omit<Answer, 'orderId'>

export type PracticeService = {
  readonly url: string
  /** Environment of a command: an own home, and nothing of the machine's. */
  readonly environment: NodeJS.ProcessEnv
  readonly folder: string
  readonly orders: Order[]
  view: () => View
  change: (pair: string, changes: Partial<PairView>) => void
  changeView: (changes: Partial<View>) => void
  /** Obstacles against every switchover; empty when it is ready. */
  obstacles: readonly Obstacle[]
  needs: Partial<SwitchoverView['needs']>
  /** How the switchover of a confirmed proposal ends. */
  outcome: EndedView['outcome']
  /** Opens a proposal as if somebody else had ordered it. */
  propose: (pair: string, id: string) => void
  /** New evidence for the open proposal of the pair. */
  changeEvidence: (pair: string, changes: Partial<Evidence>) => void
  /** Ends the open switchover of the pair from elsewhere. */
  end: (pair: string, outcome: EndedView['outcome'], text: string, by?: string) => void
  /** How the next order is answered instead. */
  answerNext: Reply | undefined
  /** Token of a session of `anna` (operator). */
  login: (user?: string) => Promise<string>
  stop: () => Promise<void>
}

const users = [
  ['anna', 'operator'],
  ['bert', 'supervisor'],
  ['olga', 'observer'],
] as const

/** Starts it on a free port with an own folder; `stop` leaves nothing behind. */
export async function startPracticeService(): Promise<PracticeService> {
  const folder = await mkdtemp(join(tmpdir(), 'bumpless-cli-'))
  const usersFile = join(folder, 'users.yaml')
  for (const [name, role] of users) await addUser(usersFile, { name, role, password }, Date.now())
  const onAudit = (): undefined => undefined
  const access = await openAccess({ usersFile, onAudit })
  const board = openBoard()
  const inbox = openInbox()
  let view = sampleView()
  board.publish(view)
  const web = await startWeb({
    ...{ host: '127.0.0.1', port: 0, inbox, board, access, onAudit },
    pairNames: view.pairs.map((pair) => pair.name),
    journal: sampleJournal(),
    self: noSelf,
    about: { site: view.site, version: '1' },
  })
  const show = (next: View): void => {
    view = { ...next, cycle: view.cycle + 1, wallMs: Date.now() }
  }
  const service: PracticeService = {
    url: web.url,
    environment: environmentOf(folder),
    folder,
    orders: [],
    view: () => view,
    obstacles: [],
    needs: {},
    outcome: 'done',
    answerNext: undefined,
    changeView: (changes) => show({ ...view, ...changes }),
    change: (name, changes) => {
      const pairs = view.pairs.map((pair) => (pair.name === name ? { ...pair, ...changes } : pair))
      show({ ...view, pairs })
    },
    propose: (pair, id) => {
      service.change(pair, proposalOf(service, pair, { id, raisedBy: 'bert (http 77aa)' }))
    },
    changeEvidence: (name, changes) => {
      const open = pairOf(service, name).switchover
      if (!open?.evidence) throw new Error(`${name} has no evidence to change`)
      const evidence = { ...open.evidence, revision: open.evidence.revision + 1, ...changes }
      service.change(name, { switchover: { ...open, evidence } })
    },
    end: (name, outcome, text, by) => endSwitchover(service, name, outcome, text, by),
    login: async (user = 'anna') => {
      const login = await access.login(user, password, '127.0.0.1')
      if (login.kind !== 'good') throw new Error(`${user} cannot log in`)
      return login.token
    },
    stop: async () => {
      clearInterval(cycle)
      inbox.close()
      await web.close()
      access.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  const cycle = setInterval(() => {
    for (const order of inbox.take()) {
      service.orders.push(order)
      inbox.answer([{ orderId: order.id, ...(service.answerNext ?? answer(service, order)) }])
      service.answerNext = undefined
    }
    board.publish({ ...view, cycle: view.cycle, wallMs: Date.now() })
  }, 20)
  return service
}

function environmentOf(folder: string): NodeJS.ProcessEnv {
  const { PATH } = process.env
  return {
    PATH,
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    LANG: 'C.UTF-8',
    TERM: 'xterm',
  }
}

function pairOf(service: PracticeService, name: string): PairView {
  const pair = service.view().pairs.find((one) => one.name === name)
  if (!pair) throw new Error(`no pair ${name}`)
  return pair
}

function proposalOf(
  service: PracticeService,
  pair: string,
  changes: Partial<SwitchoverView>,
): Partial<PairView> {
  const evidence = sampleEvidence({
    pair,
    question: `Make B the primary of ${pair}? (A becomes standby)`,
  })
  const sample = sampleSwitchover({ evidence, ...changes })
  const switchover = { ...sample, needs: { ...sample.needs, ...service.needs } }
  return { phase: switchover.phase, switchover }
}

const accepted = (text: string, switchover?: string): Reply => ({
  code: 'accepted',
  text,
  ...(switchover === undefined ? {} : { switchover }),
})

function answer(service: PracticeService, order: Order): Reply {
  switch (order.kind) {
    case 'prepare':
      return prepare(service, order)
    case 'resolve': {
      if (order.way === 'resume') return accepted(`${order.pair} is resumed.`)
      return prepare(service, { ...order, dryRun: false })
    }
    case 'confirm':
      return confirm(service, order)
    case 'reject':
    case 'abort':
    case 'extend':
      return aboutOpen(service, order)
    default:
      return accepted(`${order.kind} is done.`)
  }
}

function prepare(
  service: PracticeService,
  order: { pair: string; reason: string; dryRun: boolean; by: Order['by'] },
): Reply {
  const { obstacles } = service
  if (obstacles.length > 0)
    return { code: 'obstacles', text: `${order.pair} is not ready to switch to B.`, obstacles }
  if (order.dryRun) return accepted(`${order.pair} is ready to switch to B.`)
  const raisedBy = `${order.by.name} (${order.by.via})`
  const made = proposalOf(service, order.pair, { id: 'S-1', raisedBy, reason: order.reason })
  const claim: StepView = { text: 'both units are claimed', state: 'now', limitMs: 3000 }
  const { switchover } = made
  if (!switchover) throw new Error('a proposal has a switchover')
  const { evidence: _, ...unread } = switchover
  service.change(order.pair, {
    phase: 'preparing',
    switchover: { ...unread, phase: 'preparing', steps: [claim] },
  })
  setTimeout(() => {
    if (pairOf(service, order.pair).phase === 'preparing') service.change(order.pair, made)
  }, 80)
  return accepted('S-1 is being prepared.', 'S-1')
}

function openOf(
  service: PracticeService,
  id: string,
): { pair: PairView; open: SwitchoverView } | undefined {
  for (const pair of service.view().pairs)
    if (pair.switchover?.id === id) return { pair, open: pair.switchover }
  return undefined
}

function confirm(service: PracticeService, order: Extract<Order, { kind: 'confirm' }>): Reply {
  const found = openOf(service, order.switchover)
  if (!found) return { code: 'not-found', text: `${order.switchover} is not open.` }
  const { pair, open } = found
  if (open.phase !== 'proposed' || !open.evidence)
    return { code: 'busy', text: 'it is confirmed already' }
  if (open.evidence.hash !== order.evidenceHash) {
    const text = 'The evidence has changed since it was shown.'
    const difference = ['sync verdict: was in sync, is different']
    return { code: 'evidence-changed', text, difference, evidence: open.evidence }
  }
  const { needs } = open
  if (needs.typedName && order.typedName !== pair.name)
    return { code: 'invalid', text: 'the pair name is missing' }
  if (needs.reauthentication && !order.reauthenticated)
    return { code: 'forbidden', text: 'your password is missing' }
  if (needs.secondPerson && !order.approver)
    return { code: 'forbidden', text: 'a second person is missing' }
  carryOut(service, pair.name, { ...open, confirmedBy: `${order.by.name} (${order.by.via})` })
  return accepted(`${open.id} is confirmed.`)
}

/** Demote, promote, end: each a little later. */
function carryOut(service: PracticeService, pair: string, confirmed: SwitchoverView): void {
  const step = (text: string, state: StepView['state'], tookMs?: number): StepView => ({
    ...{ text, state, limitMs: 6000 },
    ...(tookMs === undefined ? {} : { tookMs }),
  })
  const demoting = [step('A gives up control', 'now'), step('B takes control', 'wait')]
  const promoting = [step('A gives up control', 'ok', 87), step('B takes control', 'now')]
  const show = (phase: SwitchoverView['phase'], steps: readonly StepView[]): void =>
    service.change(pair, { phase, switchover: { ...confirmed, phase, steps, canAbort: false } })
  show('demoting', demoting)
  setTimeout(() => show('promoting', promoting), 400)
  setTimeout(() => {
    show('settling', [step('A gives up control', 'ok', 87), step('B takes control', 'ok', 140)])
    const text =
      service.outcome === 'done' ? 'B is primary, A is standby.' : 'B did not take control.'
    service.end(pair, service.outcome, text, confirmed.confirmedBy)
  }, 800)
}

function aboutOpen(
  service: PracticeService,
  order: Extract<Order, { kind: 'reject' | 'abort' | 'extend' }>,
): Reply {
  const found = openOf(service, order.switchover)
  if (!found) return { code: 'not-found', text: `${order.switchover} is not open.` }
  if (order.kind === 'extend') return accepted('60 s more.')
  const outcome = order.kind === 'reject' ? 'refused' : 'aborted'
  service.end(found.pair.name, outcome, order.reason, order.by.name)
  return accepted(`${order.switchover} is ${order.kind}ed.`)
}

function endSwitchover(
  service: PracticeService,
  name: string,
  outcome: EndedView['outcome'],
  text: string,
  by?: string,
): void {
  const pair = pairOf(service, name)
  const { switchover, ...rest } = pair
  if (!switchover) throw new Error(`${name} has no switchover to end`)
  const { id, kind, steps } = switchover
  const ended: EndedView = {
    ...{ id, kind, outcome, text, endedWallMs: Date.now(), steps },
    ...(by === undefined ? {} : { by }),
  }
  const idle: PairView = { ...rest, phase: 'idle', lastEnded: [ended, ...pair.lastEnded] }
  const pairs = service.view().pairs.map((one) => (one.name === name ? idle : one))
  service.changeView({ pairs })
}
