// What an import did, for the person and for programs: how many values were taken, how many of them are doubtful, and what was
// left out for which reason.

import type { Conversion } from './convert.ts'
import type { LeftOut } from './tag-list.ts'

const groupsShown = 20
const namesShown = 3

/** Lines for stderr, the count first; equal reasons stand together. */
export function summary(file: string, format: string, conversion: Conversion): readonly string[] {
  const { taken, leftOut, notes } = conversion
  const doubtful = taken.filter(({ doubts }) => doubts.length > 0).length
  const groups = grouped(leftOut)
  const more = groups.length - groupsShown
  return [
    `${file} (${format}): ${taken.length} taken, ${doubtful} of them doubtful; ${leftOut.length} left out`,
    ...groups
      .slice(0, groupsShown)
      .map(([reason, lines]) => `  left out: ${reason}: ${named(lines)}`),
    ...(more > 0 ? [`  and ${more} more reasons; --json lists them all`] : []),
    ...notes.map((note) => `  note: ${note}`),
    ...(taken.length === 0 ? ['nothing could be taken'] : []),
  ].map(oneLine)
}

/** Everything, for programs: the entries, where each came from and why it is what it is. */
export function importJson(file: string, format: string, conversion: Conversion): object {
  return {
    file,
    format,
    tags: conversion.taken.map(({ entry, from, reason, critical, doubts }) => ({
      entry,
      from: { name: from.name, ...from.place, description: from.description },
      reason,
      ...(critical === undefined ? {} : { proposedCritical: critical }),
      doubts,
    })),
    leftOut: conversion.leftOut.map(({ name, place, reason }) => ({ name, ...place, reason })),
    notes: conversion.notes,
  }
}

/** Names and types come from the list, where anything may stand in them. */
const oneLine = (line: string): string => line.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')

function grouped(leftOut: readonly LeftOut[]): readonly (readonly [string, readonly LeftOut[]])[] {
  const groups = new Map<string, LeftOut[]>()
  for (const one of leftOut) {
    const group = groups.get(one.reason)
    if (group === undefined) groups.set(one.reason, [one])
    else group.push(one)
  }
  return [...groups].toSorted(([, a], [, b]) => b.length - a.length)
}

function named(lines: readonly LeftOut[]): string {
  const shown = lines.slice(0, namesShown).map(({ name, place }) => {
    return `${name.slice(0, 60)} (line ${place.line})`
  })
  const more = lines.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}
