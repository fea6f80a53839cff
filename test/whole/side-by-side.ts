// Stories that run side by side, each with a plant and a supervisor of its own: they mostly wait, and a machine can wait for
// several at once. Each is reported as a test of its own.

import { assertNeverBothActive, type Rig, type RigOptions, startRig } from './rig.ts'

export type Story = {
  readonly name: string
  readonly options?: RigOptions
  /** Judged by the truth: afterwards both units must never have been active. */
  readonly tell: (rig: Rig) => Promise<void>
}

/**
 * Makes a test of each story; to be called inside `describe`. The first test also waits for the stories before it at the same seat.
 */
export function sideBySide(stories: readonly Story[], atOnce = 6): void {
  const told = new Map<Story, Promise<void>>()
  const seats = Array.from({ length: atOnce }, () => Promise.resolve())

  before(() => {
    for (const [index, story] of stories.entries()) {
      const seat = index % atOnce
      const telling = (seats[seat] ?? Promise.resolve()).then(() => tellOne(story))
      told.set(story, telling)
      seats[seat] = telling.catch(() => undefined)
    }
  })
  after(() => Promise.all(seats))

  for (const story of stories) it(story.name, () => told.get(story))
}

async function tellOne({ options, tell }: Story): Promise<void> {
  const rig = await startRig(options)
  try {
    await tell(rig)
    assertNeverBothActive(rig)
  } finally {
    await rig.stop()
  }
}
