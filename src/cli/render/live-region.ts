import type { Event } from '../../base/events.ts'
import type { Output } from '../console.ts'
import { truncate } from './display.ts'
import { describeNode } from './node-info.ts'

interface Running {
  readonly text: string
  readonly since: number
}

/** At most this many running nodes are listed; the rest is a number. */
const most = 8
const refreshMs = 100

/**
 * The lines at the bottom of a terminal that show what runs now. Other text must go through `above`, so that it scrolls
 * past them. `close` removes them.
 */
export class LiveRegion {
  readonly #output: Output
  readonly #running = new Map<string, Running>()
  readonly #counts = new Map<string, number>()
  readonly #timer: NodeJS.Timeout
  #total = 0
  #done = 0
  #shown = 0
  #began = Date.now()

  constructor(output: Output) {
    this.#output = output
    this.#timer = setInterval(() => this.#draw(), refreshMs)
    this.#timer.unref()
  }

  see(event: Event): void {
    if (event.type === 'run.started') this.#began = Date.now()
    if (event.type === 'node.started') {
      this.#total = event.total
      this.#running.set(event.node.uniqueId, { text: describeNode(event.node), since: Date.now() })
    }
    if (event.type === 'batch.started') {
      const { node, batch, index, total } = event
      const since = this.#running.get(node.uniqueId)?.since ?? Date.now()
      const text = `${describeNode(node)}, batch ${index} of ${total}: ${batch.name}`
      this.#running.set(node.uniqueId, { text, since })
    }
    if (event.type === 'node.finished') {
      this.#total = event.total
      this.#done++
      this.#running.delete(event.node.uniqueId)
      this.#counts.set(event.status, (this.#counts.get(event.status) ?? 0) + 1)
    }
  }

  above(text: string): void {
    this.#output.write(this.#erasure() + text)
    this.#shown = 0
    this.#draw()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#output.write(this.#erasure())
    this.#shown = 0
    this.#running.clear()
  }

  /** Up to the region's first line and everything below it away. */
  #erasure(): string {
    return this.#shown === 0 ? '' : `\x1b[${this.#shown}A\r\x1b[0J`
  }

  #draw(): void {
    const lines = this.#running.size === 0 ? [] : this.#lines()
    if (lines.length === 0 && this.#shown === 0) return
    this.#output.write(`${this.#erasure()}${lines.map((line) => `${line}\n`).join('')}`)
    this.#shown = lines.length
  }

  #lines(): string[] {
    const { style } = this.#output
    const width = (this.#output.columns() ?? 80) - 1
    const now = Date.now()
    const running = [...this.#running.values()]
    const lines = running
      .slice(0, most)
      .map(({ text, since }) => style.cyan(truncate(`  ${seconds(now - since).padStart(6)}  ${text}`, width)))
    if (running.length > most) lines.push(style.dim(truncate(`          and ${running.length - most} more`, width)))
    const counts = [...this.#counts].map(([status, count]) => `${count} ${status}`).join(', ')
    const summary = `${this.#done} of ${this.#total} done${counts === '' ? '' : ` (${counts})`}, ${seconds(now - this.#began)}`
    return [...lines, style.bold(truncate(summary, width))]
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`
}
