// The first step: which unit shall be primary and why, a look ahead that starts nothing, and gates that somebody with the right overrides
// by name. Nothing is chosen beforehand.

import { useState } from 'preact/hooks'
import { type UnitId, unitIds } from '../../../core/plant.ts'
import type { Obstacle, PairView } from '../../../core/view.ts'
import { order, type Refusal } from '../../api.ts'
import { Command, commandRefusal } from '../../parts/command.tsx'
import { RoleMark } from '../../parts/marks.tsx'
import { Obstacles } from '../../parts/obstacles.tsx'
import { Refused } from '../../parts/refused.tsx'
import { go } from '../../route.ts'
import { texts } from '../../texts.ts'

export function SelectStep({ pair }: { pair: PairView }) {
  const [to, setTo] = useState<UnitId>()
  const [reason, setReason] = useState('')
  const [overrides, setOverrides] = useState<readonly string[]>([])
  const [told, setTold] = useState<{ readonly refusal?: Refusal; readonly text?: string }>({})
  const words = texts.switchover.select
  const obstacles = obstaclesTo(pair, to, told.refusal)
  const why = whyNot(to, reason, obstacles, overrides)
  const body = { pair: pair.name, to, reason, overrides }
  const choose = (unit: UnitId) => {
    setTo(unit)
    setOverrides([])
    setTold({})
  }
  const look = async () => {
    const given = await order<{ text: string }>('switchovers', { ...body, dryRun: true })
    setTold(given.ok ? { text: given.body.text } : { refusal: given.refusal })
  }
  const prepare = async () => {
    const given = await order<{ id: string }>('switchovers', body)
    if (given.ok) go('pairs', pair.name, 'switchover', given.body.id)
    else setTold({ refusal: given.refusal })
  }
  return (
    <form class="panel narrow" onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend>{words.target}</legend>
        {unitIds.map((unit) => (
          <Target
            key={unit}
            pair={pair}
            unit={unit}
            isChosen={to === unit}
            onChoose={() => choose(unit)}
          />
        ))}
      </fieldset>
      <label>
        {words.reason}
        <input
          type="text"
          autocomplete="off"
          maxLength={500}
          value={reason}
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
        />
      </label>
      {to !== undefined && obstacles.length > 0 && (
        <Standing obstacles={obstacles} overrides={overrides} onChange={setOverrides} />
      )}
      <Told {...told} isListed={obstacles.length > 0} />
      <p class="muted">{words.means}</p>
      <p class="buttons">
        <Command
          right="prepare"
          why={to === undefined ? words.chooseFirst : undefined}
          onOrder={() => started(look)}
        >
          {words.look}
        </Command>
        <Command right="prepare" kind="strong" why={why} onOrder={() => started(prepare)}>
          {words.prepare}
        </Command>
        <span class="muted" role="status">
          {why}
        </span>
      </p>
    </form>
  )
}

/** The answer is shown in the form itself, not beside the button. */
function started(act: () => Promise<void>): undefined {
  void act()
}

type TargetProps = { pair: PairView; unit: UnitId; isChosen: boolean; onChoose: () => void }

function Target({ pair, unit, isChosen, onChoose }: TargetProps) {
  const isPrimary = pair.primary === unit
  return (
    <label class="choice">
      <input type="radio" name="to" checked={isChosen} disabled={isPrimary} onChange={onChoose} />
      <b>{texts.switchover.select.make(unit)}</b>
      <span class="muted">{pair.units[unit].location}</span>
      <RoleMark role={pair.units[unit].role} />
      {isPrimary && <span class="muted">{texts.switchover.select.isPrimary}</span>}
    </label>
  )
}

type StandingProps = {
  obstacles: readonly Obstacle[]
  overrides: readonly string[]
  onChange: (overrides: readonly string[]) => void
}

/** What stands in the way, and for each gate that may be overridden a choice by its name. */
function Standing({ obstacles, overrides, onChange }: StandingProps) {
  const refusal = commandRefusal('override')
  const able = obstacles.filter(({ weight }) => weight === 'overridable')
  return (
    <>
      <Obstacles obstacles={obstacles} />
      {able.map(({ gate, title }) => (
        <label key={gate} class="choice">
          <input
            type="checkbox"
            checked={overrides.includes(gate)}
            disabled={refusal !== undefined}
            onChange={({ currentTarget: { checked } }) =>
              onChange(checked ? [...overrides, gate] : overrides.filter((one) => one !== gate))
            }
          />
          {texts.switchover.select.override(title)}
        </label>
      ))}
      {able.length > 0 && refusal !== undefined && <p class="muted">{refusal}</p>}
    </>
  )
}

/** What a look ahead or an order was answered with; obstacles that are listed above are not listed again. */
function Told({
  refusal,
  text,
  isListed,
}: {
  refusal?: Refusal
  text?: string
  isListed: boolean
}) {
  const { obstacles: _listed, ...rest } = refusal ?? { status: 0, code: '', text: '' }
  return (
    <>
      <Refused refusal={refusal !== undefined && isListed ? rest : refusal} />
      <p role="status">{text}</p>
    </>
  )
}

/** The standing ones where the view has them, else those of the newest answer. */
const obstaclesTo = (
  pair: PairView,
  to: UnitId | undefined,
  refusal: Refusal | undefined,
): readonly Obstacle[] => (to === pair.target ? pair.obstacles : (refusal?.obstacles ?? []))

function whyNot(
  to: UnitId | undefined,
  reason: string,
  obstacles: readonly Obstacle[],
  overrides: readonly string[],
): string | undefined {
  const words = texts.switchover.select
  if (to === undefined) return words.chooseFirst
  const open = obstacles.filter(({ gate }) => !overrides.includes(gate))
  if (open.some(({ weight }) => weight === 'hard')) return words.hard
  if (open.length > 0) return words.notOverridden
  return overrides.length > 0 && reason.trim() === '' ? words.reasonForOverride : undefined
}
