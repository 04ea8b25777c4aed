/** Lines that are compared with each other at most; of longer stretches only the first lines are told. */
const comparable = 400
const shownLines = 8

/** The lines in which two texts differ, with `-` and `+`, and a last one that counts those left out. */
export function lineDiff(before: string, now: string): readonly string[] {
  const [old, young] = [before.split('\n'), now.split('\n')]
  let start = 0
  while (start < old.length && start < young.length && old[start] === young[start]) start++
  let [oldEnd, youngEnd] = [old.length, young.length]
  while (oldEnd > start && youngEnd > start && old[oldEnd - 1] === young[youngEnd - 1]) {
    oldEnd--
    youngEnd--
  }
  const all = differences(old.slice(start, oldEnd), young.slice(start, youngEnd))
  if (all.length <= shownLines) return all
  return [...all.slice(0, shownLines), `… and ${all.length - shownLines} more`]
}

/** The first line (from 1) of the new text that differs. */
export function firstDifference(before: string, now: string): number {
  const [old, young] = [before.split('\n'), now.split('\n')]
  let at = 0
  while (at < old.length && at < young.length && old[at] === young[at]) at++
  return at + 1
}

/** By the longest common subsequence of lines. */
function differences(old: readonly string[], young: readonly string[]): readonly string[] {
  if (old.length > comparable || young.length > comparable)
    return [...old.map((line) => `- ${line}`), ...young.map((line) => `+ ${line}`)]
  const width = young.length + 1
  const common = new Uint16Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = young.length - 1; j >= 0; j--) {
      common[i * width + j] =
        old[i] === young[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!)
    }
  }
  const lines: string[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < young.length) {
    if (i < old.length && j < young.length && old[i] === young[j]) {
      i++
      j++
    } else if (j >= young.length || (i < old.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!))
      lines.push(`- ${old[i++]}`)
    else lines.push(`+ ${young[j++]}`)
  }
  return lines
}
