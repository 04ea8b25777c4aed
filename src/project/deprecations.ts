import type { Diagnostic } from '../base/diagnostic.ts'
import { versionSuffix } from '../config/version-order.ts'
import { deprecatedModel } from './errors.ts'
import type { Model } from './resource.ts'

/** Warns of models that are past their deprecation date. */
export function reportDeprecations(models: readonly Model[], now: Date, report: (d: Diagnostic) => void): void {
  for (const { name, version, deprecationDate: date, config, span, uniqueId } of models) {
    if (date === null || !config.enabled || Date.parse(date) > now.getTime()) continue
    const shown = version === null ? name : `${name}.${versionSuffix(version.id)}`
    report(deprecatedModel({ name: shown, date: date.slice(0, 10) }, { span, node: uniqueId }))
  }
}
