// The page of one UPS: what it says of itself, signal by signal.

import { plant } from '../live/live.ts'
import { DeviceSignals } from '../parts/device-signals.tsx'
import { hrefOf } from '../route.ts'
import { texts } from '../texts.ts'

export function UpsDevicePage({ name }: { name: string }) {
  const ups = plant.value?.ups.find((one) => one.name === name)
  if (ups === undefined) return <p class="waiting">{texts.device.unknownUps(name)}</p>
  return (
    <div class="device-page">
      <h1>{name}</h1>
      <p>
        <a href={hrefOf('power')}>{texts.device.back}</a>
      </p>
      <p class={ups.verdict === 'on mains' ? 'sentence' : 'sentence deviation'}>{ups.sentence}</p>
      <DeviceSignals place={`ups/${encodeURIComponent(name)}/device`} />
    </div>
  )
}
