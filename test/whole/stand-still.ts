// Loaded into the service in front of its own program (`--import`): after SIGUSR2 the timer that begins the next cycle never fires
// again, while everything else goes on. This is what a lost cycle looks like from outside: the process lives and answers.

const real = globalThis.setTimeout
let stands = false
process.on('SIGUSR2', () => {
  stands = true
})
globalThis.setTimeout = Object.assign(
  (work: () => void, ms?: number, ...given: unknown[]) =>
    real(
      () => (stands && work.name === 'beat' ? undefined : work.apply(undefined, given as [])),
      ms,
    ),
  real,
) as typeof setTimeout
