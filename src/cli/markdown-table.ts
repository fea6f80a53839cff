// A table as Markdown has it.

/** A heading row, the line under it, and a row for each list of cells. */
export function markdownTable(
  heads: readonly string[],
  cells: readonly (readonly string[])[],
): string {
  return [heads, heads.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
