// The commands of a pair. Each opens a question that says what follows; none of them writes to a unit.

import { useState } from 'preact/hooks'
import type { UnitId } from '../../../core/plant.ts'
import type { PairView, UnitView } from '../../../core/view.ts'
import type { Right } from '../../../serve/rights.ts'
import { order } from '../../api.ts'
import { Command } from '../../parts/command.tsx'
import { ReasonDialog } from '../../parts/reason-dialog.tsx'
import { ResolveDialog } from '../../parts/resolve-dialog.tsx'
import { go } from '../../route.ts'
import { texts } from '../../texts.ts'

type Asked = {
  readonly title: string
  readonly right: Right
  readonly follows: string
  readonly path: string
  readonly body: object
}

export function PairCommands({ pair }: { pair: PairView }) {
  const [asked, setAsked] = useState<Asked>()
  const [isResolving, setResolving] = useState(false)
  const ask = (one: Asked) => (
    <Command key={one.title} right={one.right} onOrder={() => opened(() => setAsked(one))}>
      {one.title}…
    </Command>
  )
  return (
    <section class="commands no-print" aria-label={texts.pair.commands.title}>
      <Prepare pair={pair} />
      {pair.stopped !== undefined && (
        <Command right="resolve" onOrder={() => opened(() => setResolving(true))}>
          {texts.pair.commands.resolve}…
        </Command>
      )}
      {standingCommands(pair).map(ask)}
      {asked !== undefined && (
        <ReasonDialog
          title={asked.title}
          follows={asked.follows}
          right={asked.right}
          onOrder={(reason) => order(asked.path, { ...asked.body, reason })}
          onClose={() => setAsked(undefined)}
        />
      )}
      {isResolving && <ResolveDialog pair={pair} onClose={() => setResolving(false)} />}
    </section>
  )
}

/** Only opens the page on which everything else is asked. */
function Prepare({ pair: { name, switchover, stopped } }: { pair: PairView }) {
  const { prepare, follow, stoppedFirst } = texts.pair.commands
  const isUnderWay = switchover !== undefined
  return (
    <Command
      right={isUnderWay ? 'view' : 'prepare'}
      kind="strong"
      why={stopped !== undefined && !isUnderWay ? stoppedFirst : undefined}
      onOrder={() => opened(() => go('pairs', name, 'switchover'))}
    >
      {isUnderWay ? follow : `${prepare}…`}
    </Command>
  )
}

function standingCommands(pair: PairView): readonly Asked[] {
  const { name, lockout, held, stopped, units } = pair
  const { commands, follows } = texts.pair
  const base = `pairs/${encodeURIComponent(name)}`
  const lock: Asked =
    lockout === undefined
      ? {
          ...{ title: commands.lockOut, right: 'lockout on', follows: follows.lockOut(name) },
          ...{ path: `${base}/lockout`, body: { on: true } },
        }
      : {
          ...{ title: commands.unlock, right: 'lockout off', follows: follows.unlock(name) },
          ...{ path: `${base}/lockout`, body: { on: false } },
        }
  const resume: Asked = {
    ...{ title: commands.resume, right: 'resolve', follows: follows.resume(name) },
    ...{ path: `${base}/resolve`, body: { way: 'resume' } },
  }
  return [
    ...(held !== undefined && stopped === undefined ? [resume] : []),
    lock,
    ...unitCommands(`${base}/units/A`, 'A', units.A),
    ...unitCommands(`${base}/units/B`, 'B', units.B),
  ]
}

function unitCommands(path: string, unit: UnitId, view: UnitView): readonly Asked[] {
  const { commands, follows } = texts.pair
  const right = 'out-of-service'
  const service: Asked =
    view.outOfService === undefined
      ? {
          ...{ title: commands.takeOut(unit), right, follows: follows.takeOut(unit) },
          ...{ path: `${path}/out-of-service`, body: { on: true } },
        }
      : {
          ...{ title: commands.putBack(unit), right, follows: follows.putBack(unit) },
          ...{ path: `${path}/out-of-service`, body: { on: false } },
        }
  if (view.qualifying === undefined) return [service]
  const declare: Asked = {
    ...{ title: commands.qualified(unit), right: 'qualified', follows: follows.qualified(unit) },
    ...{ path: `${path}/qualified`, body: {} },
  }
  return [service, declare]
}

/** For a command that only opens something. */
function opened(open: () => void): undefined {
  open()
}
