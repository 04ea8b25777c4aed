import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NodeInfo } from '../../base/events.ts'
import { type Output, plainStyle } from '../console.ts'
import { LiveRegion } from './live-region.ts'

const esc = String.fromCharCode(27)
const codes = new RegExp(`(${esc}\\[\\d*[A-Z]|\n|\r)`)
const goUp = new RegExp(`^${esc}\\[(\\d+)A$`)
const at = '2026-01-02T03:04:05.678Z'

function node(name: string): NodeInfo {
  return { uniqueId: `model.shop.${name}`, name, resourceType: 'model', materialized: 'view', path: '', relation: name }
}

/** What a terminal of 60 columns would show: the escape codes of the region, applied. */
class Screen implements Output {
  readonly style = plainStyle
  readonly interactive = true
  lines: string[] = ['']
  readonly columns = () => 60

  write(text: string): void {
    const parts = text.split(codes)
    for (const part of parts) {
      const up = goUp.exec(part)
      if (up !== null) this.lines = this.lines.slice(0, -Number(up[1]) || undefined)
      else if (part === `${esc}[0J`) this.lines[this.lines.length - 1] = ''
      else if (part === '\n') this.lines.push('')
      else if (part !== '\r') this.lines[this.lines.length - 1] += part
    }
  }

  writeJson(): void {}
}

describe('LiveRegion', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('shows what runs below the lines that stay, and nothing at the end', () => {
    const screen = new Screen()
    const region = new LiveRegion(screen)
    region.see({ type: 'run.started', at, threads: 2, target: 'dev', nodes: 3 })
    region.see({ type: 'node.started', node: node('a'), index: 1, total: 3, at })
    vi.advanceTimersByTime(300)
    expect(screen.lines).toEqual(['    0.3s  sql view model a', '0 of 3 done, 0.3s', ''])
    region.above('first\n')
    region.above('second\n')
    vi.advanceTimersByTime(100)
    expect(screen.lines).toEqual(['first', 'second', '    0.4s  sql view model a', '0 of 3 done, 0.4s', ''])
    region.see({
      type: 'node.finished',
      node: node('a'),
      index: 1,
      total: 3,
      status: 'success',
      message: '',
      failures: null,
      seconds: 1,
      startedAt: at,
      finishedAt: at,
      diagnostics: [],
    })
    region.see({ type: 'node.started', node: node('x'.repeat(100)), index: 2, total: 3, at })
    vi.advanceTimersByTime(100)
    expect(screen.lines[2]).toMatch(/^ {4}0\.1s {2}sql view model x+…$/)
    expect(screen.lines[2]).toHaveLength(59)
    expect(screen.lines[3]).toBe('1 of 3 done (1 success), 0.5s')
    region.close()
    expect(screen.lines).toEqual(['first', 'second', ''])
    vi.advanceTimersByTime(1000)
    expect(screen.lines).toEqual(['first', 'second', ''])
  })

  it('lists at most eight nodes', () => {
    const screen = new Screen()
    const region = new LiveRegion(screen)
    for (let i = 0; i < 12; i++) region.see({ type: 'node.started', node: node(`m${i}`), index: i, total: 12, at })
    vi.advanceTimersByTime(100)
    expect(screen.lines).toHaveLength(11)
    expect(screen.lines[8]!.trim()).toBe('and 4 more')
    region.close()
  })
})
