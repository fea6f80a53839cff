// Whether a bus is silent, as a frame needs before and after it, and for how long it has not been.

export class Silence {
  readonly #frameGapMs: number
  #lastByteMs = Number.NEGATIVE_INFINITY
  #listenUntilMs = 0
  /** When bytes that nobody asked for began to come, without a pause since. */
  #babbleMs: number | undefined

  /** `frameGapMs`: silence between two frames. */
  constructor(frameGapMs: number) {
    this.#frameGapMs = frameGapMs
  }

  /** A byte came just now; `asked`: while an answer is expected. */
  heard(nowMs: number, asked: boolean): void {
    const pausedMs = nowMs - this.#lastByteMs
    this.#lastByteMs = nowMs
    if (asked) return
    if (this.#babbleMs === undefined || pausedMs > babblePauseMs) this.#babbleMs = nowMs
  }

  /** Nothing may be sent before this time, whatever is heard. */
  listen(untilMs: number): void {
    this.#listenUntilMs = untilMs
  }

  /** From when on a frame may be sent, if nothing more comes. */
  get fromMs(): number {
    return Math.max(this.#lastByteMs + this.#frameGapMs, this.#listenUntilMs)
  }

  isListening(nowMs: number): boolean {
    return nowMs < this.#listenUntilMs
  }

  /** True when the bus has not been silent for so long that waiting is of no use. */
  isBabble(nowMs: number): boolean {
    return this.#babbleMs !== undefined && nowMs - this.#babbleMs > babbleMaxMs
  }

  /** To be told when a frame was sent, or when somebody has been told of the babble: patience begins anew. */
  forgive(): void {
    this.#babbleMs = undefined
  }
}

/** A pause that separates one burst of unasked bytes from the next. */
const babblePauseMs = 100
const babbleMaxMs = 1000
