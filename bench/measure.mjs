// Timing of whole processes, in pairs: A B A B …, because the speed of a shared machine drifts between runs.
import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'

/** Wall seconds of one process and, with `peak` on Linux, its peak memory in MiB (else NaN); throws when it fails. */
export function timeProcess(command, args, { peak: wanted = false, ...options } = {}) {
  const measured =
    wanted && process.platform === 'linux'
      ? ['/usr/bin/env', ['bash', '-c', peakScript, 'bash', command, ...args]]
      : [command, args]
  const start = performance.now()
  const result = spawnSync(measured[0], measured[1], { encoding: 'utf8', maxBuffer: 1 << 28, ...options })
  const seconds = (performance.now() - start) / 1000
  if (result.status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${result.status}\n${result.stderr.slice(-2000)}`)
  const peak = /peak-kib=(\d+)/.exec(result.stderr)
  return { seconds, peakMiB: peak === null ? Number.NaN : Number(peak[1]) / 1024 }
}

// The kernel's own high-water mark of the child, read when it ends; needs no extra program.
const peakScript = `"$@" & pid=$!; peak=0
while kill -0 $pid 2>/dev/null; do
  now=$(awk '/VmHWM/ {print $2}' /proc/$pid/status 2>/dev/null); [ -n "$now" ] && peak=$now; sleep 0.1
done; wait $pid; status=$?; echo "peak-kib=$peak" >&2; exit $status`

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Runs `a` and `b` in turn, `pairs` times after one warm-up of each; the median of the ratios counts. */
export function pair(pairs, a, b) {
  a()
  b()
  const first = []
  const second = []
  const ratios = []
  for (let i = 0; i < pairs; i++) {
    first.push(a())
    second.push(b())
    ratios.push(first[i] / second[i])
  }
  return {
    a: median(first),
    b: median(second),
    ratio: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
  }
}
