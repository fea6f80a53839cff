// One device over OPC UA, as src/field/driver.ts promises it. Every scan asks for the few signals that show life in one read
// with our own time limit; the others come from a subscription while that is provably alive, and are read where it is not. The
// library's own keep-alive, reconnection and queues take no part: silence is detected by the reads alone.
//
// Times in a scan: those of its read, unless it uses values of the subscription. Then `sentMs` is the earlier moment for which
// those values are certain (subscription.ts), so that a scan never claims to be newer than any of its values. While a switchover
// runs (bursts, and the scans around them) everything is read.

import type { Failed, Fault, Scan, Value, WriteNote } from '../../core/image.ts'
import type { Device, NodeSignal, OpcUaPath } from '../../core/plant.ts'
import { derive, inputsFor } from '../derive.ts'
import type { BlockWrite, Driver } from '../driver.ts'
import { writeCommand } from './command.ts'
import { type Connection, keepConnected } from './connection.ts'
import { newOpcUaCounters, type OpcUaCounters } from './counters.ts'
import type { Line, Reply } from './line.ts'
import { type Node, nodeOf, type Reading, readNodes } from './nodes.ts'
import { type Held, Subscription } from './subscription.ts'

export type OpcUaDriver = Driver & { readonly counters: OpcUaCounters }

/**
 * Starts to connect to `path` at once and keeps on for ever. `clock` is the monotonic clock of all times in scans, notes and
 * deadlines. In observe-only mode, or without the nodes of a command block, no write can leave.
 */
export const opcuaDriver = (device: Device, clock: () => number, path: OpcUaPath): OpcUaDriver =>
  new PolledServer(device, clock, path)

/** How often all values are read and compared with those of the subscription, and how long a spare path keeps one. */
const compareMs = 5000
const spareMs = 10_000
/** Readings in a row without an answer after which the connection is given up. */
const silentMax = 2
