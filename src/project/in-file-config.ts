import type { Diagnostic } from '../base/diagnostic.ts'
import type { ConfigResource } from '../config/config-keys.ts'
import { type ConfigLayer, checkConfig } from '../config/config-layer.ts'
import type { ConfigEntry } from '../template/template.ts'
import { plainData } from './load-host.ts'

const NOTHING: ConfigLayer = []

/** The `{{config}}` of a file as a layer. */
export function inFileConfig(
  entries: readonly ConfigEntry[],
  resource: ConfigResource,
  report: (diagnostic: Diagnostic) => void,
): ConfigLayer {
  if (entries.length === 0) return NOTHING
  return entries.map((entry) => {
    const value = plainData(entry.value)
    const input = { key: entry.key, value, raw: value, keySpan: entry.keySpan, span: entry.valueSpan }
    return checkConfig(resource, input, report)
  })
}
