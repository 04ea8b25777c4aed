/**
 * The strongly connected component of each vertex (Tarjan, without recursion, so that depth does not matter). Components
 * are numbered in reverse topological order: an edge leads to the same or a smaller number.
 */
export function strongComponents(successors: readonly (readonly number[])[]): { component: Int32Array; count: number } {
  const size = successors.length
  const component = new Int32Array(size).fill(-1)
  const index = new Int32Array(size).fill(-1)
  const low = new Int32Array(size)
  const next = new Int32Array(size)
  const open: number[] = []
  const path: number[] = []
  let visited = 0
  let count = 0

  const enter = (v: number) => {
    index[v] = low[v] = visited++
    open.push(v)
    path.push(v)
  }
  for (let root = 0; root < size; root++) {
    if (index[root] !== -1) continue
    enter(root)
    while (path.length > 0) {
      const v = path[path.length - 1]!
      const list = successors[v]!
      if (next[v]! < list.length) {
        const to = list[next[v]!++]!
        if (index[to] === -1) enter(to)
        else if (component[to] === -1 && index[to]! < low[v]!) low[v] = index[to]!
        continue
      }
      path.pop()
      const up = path[path.length - 1]
      if (up !== undefined && low[v]! < low[up]!) low[up] = low[v]!
      if (low[v] !== index[v]) continue
      for (;;) {
        const member = open.pop()!
        component[member] = count
        if (member === v) break
      }
      count++
    }
  }
  return { component, count }
}
