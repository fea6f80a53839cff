// node-opcua takes a second and tens of megabytes to load, so it is loaded when the first OPC UA path is opened and never
// before. It writes whole requests to the console when something goes wrong; here it only counts, because an operator's
// terminal is no place for them and what went wrong stands in the scans anyway.

export type Library = typeof import('node-opcua')

/** The library, loaded once. */
export function loadLibrary(): Promise<Library> {
  loading ??= load()
  return loading
}

/** Warnings and errors that the library wanted to print since the start of the process. */
export const libraryMessages = (): number => messages

let loading: Promise<Library> | undefined
let messages = 0

async function load(): Promise<Library> {
  const library = await import('node-opcua')
  const count = (): void => {
    messages += 1
  }
  library.setErrorLogger(count)
  library.setWarningLogger(count)
  return library
}
