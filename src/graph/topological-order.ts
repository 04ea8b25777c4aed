/** Smallest number first. */
class MinHeap {
  readonly #items: number[] = []

  get size(): number {
    return this.#items.length
  }

  push(value: number): void {
    const items = this.#items
    let at = items.length
    items.push(value)
    while (at > 0) {
      const up = (at - 1) >> 1
      if (items[up]! <= value) break
      items[at] = items[up]!
      at = up
    }
    items[at] = value
  }

  pop(): number {
    const items = this.#items
    const top = items[0]!
    const last = items.pop()!
    const size = items.length
    if (size === 0) return top
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      if (down >= size) break
      if (down + 1 < size && items[down + 1]! < items[down]!) down++
      if (items[down]! >= last) break
      items[at] = items[down]!
      at = down
    }
    items[at] = last
    return top
  }
}

/**
 * Vertices so that each comes after all its predecessors, always the smallest number that is ready. Vertices on a cycle
 * and below one are left out.
 */
export function topologicalOrder(successors: readonly (readonly number[])[]): number[] {
  const open = new Int32Array(successors.length)
  for (const list of successors) for (const to of list) open[to]!++
  const ready = new MinHeap()
  for (let v = 0; v < open.length; v++) if (open[v] === 0) ready.push(v)
  const order: number[] = []
  while (ready.size > 0) {
    const v = ready.pop()
    order.push(v)
    for (const to of successors[v]!) if (--open[to]! === 0) ready.push(to)
  }
  return order
}
