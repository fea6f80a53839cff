// What a value probably is, as one table: words that people put into tag names (English, German, Norwegian), the kinds of
// types that they then mean, and the class that follows. The first row that fits decides, so the order is part of the rule.

import type { TagEntry } from '../config/schema.ts'

export type TagClass = TagEntry['class']

/** `whole` are whole numbers of any width, `float` broken ones. */
export type TypeKind = 'bool' | 'whole' | 'float' | 'text'

export type ClassRule = {
  readonly class: TagClass
  readonly kinds: readonly TypeKind[]
  /** Words of the name, in singular or with an s; two words with a blank stand one after the other. Without any, the kind alone decides. */
  readonly words: readonly string[]
  /** Stands anywhere inside a word: German and Norwegian put words together. */
  readonly parts?: readonly string[]
  /** Fits only where the last word of the name is one of `words`. */
  readonly last?: true
  readonly reason: string
  /** Why a difference should block a switchover; a proposal, never set by the import itself. */
  readonly critical?: string
  /** The rule is a guess, and this is why. */
  readonly doubt?: string
}

const list = (text: string): readonly string[] => text.split(',').map((word) => word.trim())
const numbers = ['whole', 'float'] as const
const every = ['bool', 'whole', 'float', 'text'] as const

export const classRules: readonly ClassRule[] = [
  {
    class: 'discrete',
    kinds: ['bool'],
    words: list('fault, alarm, alm, trip, tripped, error, err, timeout, ok, healthy, feil'),
    parts: list('störung, stoerung, fehler'),
    reason: 'a message, whatever it is about',
  },
  {
    class: 'setpoint',
    kinds: numbers,
    words: list(
      'sp, spt, setpoint, set point, setpt, sollwert, soll, settpunkt, skalverdi, rsp, lsp, wsp',
    ),
    parts: list('setpoint, sollwert, settpunkt, skalverdi'),
    reason: 'a setpoint',
    critical: 'a wrong setpoint acts at once after a switchover',
  },
  {
    class: 'volatile',
    kinds: every,
    words: list(
      'heartbeat, heart beat, hb, hrtbt, watchdog, watch dog, wdg, wdt, wd, random, rand, rnd, scan time, scantime, cycle time, cycletime, lifebit, life bit',
    ),
    parts: list('lebensbit, lebenszeichen, zykluszeit, zufall, livstegn, livsbit, syklustid'),
    reason: 'runs on by itself in each unit, so it always differs',
  },
  {
    class: 'volatile',
    kinds: every,
    words: list('clock, clk, tick, toggle, blink, flash, alive'),
    parts: ['blinktakt'],
    reason: 'runs on by itself in each unit, so it always differs',
    doubt: 'volatile is not compared at all: make sure that nothing depends on it',
  },
  {
    class: 'identity',
    kinds: ['whole', 'text'],
    words: list('checksum, crc, firmware, fw, fwver, version, serial, signature'),
    parts: list('seriennummer, prüfsumme, pruefsumme, sjekksum, serienummer'),
    reason: 'names a program or a version, which must be the same',
  },
  { class: 'discrete', kinds: ['bool'], words: [], reason: 'a single bit' },
  {
    class: 'enum',
    kinds: ['text'],
    words: [],
    reason: 'a text is compared exactly',
    doubt: 'a text may change at different moments in both units',
  },
  {
    class: 'setpoint',
    kinds: numbers,
    words: list(
      'limit, lim, hilim, lolim, hlim, llim, grenze, grense, kp, ki, kd, ti, tn, td, tv, gain, hyst, deadband, db, preset, pre, param, par, ramp rate, threshold',
    ),
    parts: list(
      'hysteres, grenzwert, parameter, schwelle, verstärkung, verstaerkung, nachstellzeit, terskel, forsterkning, grenseverdi',
    ),
    reason: 'a limit or parameter, set by people',
  },
  {
    class: 'setpoint',
    kinds: numbers,
    words: list('ratio, factor, offset, bias, max, min, maximum, minimum'),
    reason: 'a parameter',
    doubt: 'it may also be calculated or measured',
  },
  {
    class: 'integrator',
    kinds: ['float'],
    words: list('integral, integrator, isum, ierr, sum, i part, ipart, iterm'),
    parts: list('integral, ianteil, summe'),
    reason: 'a stored sum of a controller',
    critical: 'a wrong integral part moves the output at the switchover',
  },
  {
    class: 'integrator',
    kinds: ['float'],
    words: ['i'],
    last: true,
    reason: 'the I of a controller',
    critical: 'a wrong integral part moves the output at the switchover',
    doubt: '"I" may also be a current',
  },
  {
    class: 'counter',
    kinds: numbers,
    words: list(
      'total, totalizer, totaliser, totalised, tot, tlz, count, counter, cnt, cntr, ctr, run hours, runhours, hours, run time, runtime, starts, acc, accu, accumulated',
    ),
    parts: list(
      'zähler, zaehler, betriebsstunden, laufzeit, totalmenge, driftstimer, driftstid, teller, totalteller',
    ),
    reason: 'counts up',
  },
  {
    class: 'timestamp',
    kinds: numbers,
    words: list('time, date, datetime, timestamp, epoch, utc, zeit, datum, uhrzeit, tid, dato'),
    parts: list('zeitstempel, uhrzeit, tidsstempel, klokkeslett'),
    reason: 'a time',
  },
  {
    class: 'enum',
    kinds: ['whole'],
    words: list('mode, opmode, modus, betriebsart, driftsmodus'),
    parts: list('betriebsart, driftsmodus'),
    reason: 'a mode',
    critical: 'a unit in another mode acts differently',
  },
  {
    class: 'enum',
    kinds: ['whole'],
    words: list(
      'state, status, sts, stat, stw, zsw, step, stp, phase, sequence, seq, recipe, alarm, alm, error, err, fault, code, cmd, zustand, schritt, tilstand, steg, trinn, sekvens, feil',
    ),
    parts: list('zustand, schritt, rezept, störung, stoerung, tilstand, sekvens'),
    reason: 'a state or step, or a word of flags',
  },
  {
    class: 'analog',
    kinds: numbers,
    words: list(
      'pv, level, lvl, temp, temperature, flow, press, pressure, speed, position, pos, current, voltage, volt, power, torque, density, conductivity, turbidity, ph, weight, level pct, pct, raw, measured, value, mw, ist, nivå, nivaa, niva, trykk, temperatur, mengde, effekt, turtall, posisjon, druck, menge, niveau, strom, drehzahl, leistung, feedback, fb, fbk',
    ),
    parts: list(
      'istwert, messwert, füllstand, fuellstand, durchfluss, temperatur, drehzahl, leistung, spannung, nivåmåling, måleverdi, maaleverdi, gjennomstrøm, temperature, pressure',
    ),
    reason: 'a measured value',
  },
  {
    class: 'analog',
    kinds: numbers,
    words: list(
      'out, output, cv, mv, op, valve, vlv, damper, stellwert, stellgrösse, ventil, ausgang, utgang, pådrag, paadrag',
    ),
    parts: list('stellwert, stellgr, klappe, ventil, pådrag, spjeld'),
    reason: 'an output to the process',
  },
  {
    // First letters after ISA 5.1: level, pressure, temperature, flow, analysis, with transmitter or indicator.
    class: 'analog',
    kinds: numbers,
    words: list('lt, pt, tt, ft, at, st, lit, pit, tit, fit, ait, li, pi, fi, pdt, pdit, fqi'),
    reason: 'named like a transmitter',
  },
]
