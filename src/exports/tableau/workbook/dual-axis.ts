import type { Element } from 'xast'
import { x } from 'xastscript'
import type { Pill } from './sheet-fields.ts'
import { styleRule } from './style-rule.ts'

/** Folds the axis of a second measure onto the first one's, which it shares when they are synchronized. */
export function foldedAxis(second: Pill, scope: 'rows' | 'cols', axes: 'apart' | 'synchronized'): Element[] {
  return styleRule('axis', [
    x('encoding', {
      attr: 'space',
      class: '0',
      field: second.ref,
      'field-type': 'quantitative',
      fold: 'true',
      scope,
      ...(axes === 'synchronized' ? { synchronized: 'true' } : {}),
      type: 'space',
    }),
  ])
}
