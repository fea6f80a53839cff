// The client that must be served whatever others do: it reads a value twenty times a second and says how long each answer took. A
// process of its own, so that nothing but the server can make it wait.

import { password } from '../serve/fixture.ts'
import { StandardClient } from '../serve/opcua/client.ts'
import type { FromWitness, ToWitness, WitnessOptions } from './witness-messages.ts'

const everyMs = 50
const options: WitnessOptions = JSON.parse(process.argv[2] ?? '{}')
const say = (message: FromWitness): void => void process.send?.(message)
let latencies: number[] = []
let failures: string[] = []
let over = false

const client = await StandardClient.open({ ...options, user: 'olga', password })
// The newest client comes in again: a place must be free for it, however many strangers stand there.
const again = setInterval(() => void comeIn(), 5_000)
say({ kind: 'ready' })
process.on('disconnect', () => process.exit())
process.on('message', (message: ToWitness) => {
  if (message.kind === 'end') void end()
  else {
    say({ kind: 'figures', latencies, failures })
    latencies = []
    failures = []
  }
})
while (!over) {
  const beganMs = performance.now()
  try {
    await client.value('Supervisor.Site')
    latencies.push(performance.now() - beganMs)
  } catch (error) {
    if (!over) failures.push(`read: ${error}`)
  }
  await new Promise((done) => setTimeout(done, everyMs))
}

/** As a person does: once more when it fails. Strangers at the same address may hold every place that nobody has logged in at. */
async function comeIn(mayRetry = true): Promise<void> {
  try {
    const other = await StandardClient.open({ ...options, user: 'olga', password })
    await other.value('Supervisor.Site')
    await other.close()
  } catch (error) {
    if (mayRetry) return comeIn(false)
    if (!over) failures.push(`log-in: ${error}`)
  }
}

async function end(): Promise<void> {
  over = true
  clearInterval(again)
  await client.close()
  process.exit(0)
}
