import { defineDiagnostic } from '../base/diagnostic.ts'

export const batchConfigMissing = defineDiagnostic<{ node: string; missing: readonly string[] }>(
  'project/batch-config-missing',
  'error',
  'A model with `incremental_strategy: microbatch` does not say how its time is divided: it needs `event_time`, `begin` and `batch_size`.',
  (a) => ({
    message: `the microbatch model \`${a.node}\` has no ${a.missing.map((key) => `\`${key}\``).join(' and no ')}`,
    hints: a.missing.map((key) => batchConfigHints[key]),
  }),
)

const batchConfigHints: Readonly<Record<string, string>> = {
  event_time: 'set `event_time` to the column of the model that says when a row happened',
  begin: 'set `begin` to the time of the first rows, for example `begin="2024-01-01"`: a first run starts there',
  batch_size: 'set `batch_size` to `hour`, `day`, `month` or `year`',
}

export const batchConfigUnused = defineDiagnostic<{ keys: readonly string[] }>(
  'project/batch-config-unused',
  'warning',
  'A microbatch model replaces whole windows of time, so keys that match or choose single rows change nothing.',
  (a) => ({
    message: `${a.keys.map((key) => `\`${key}\``).join(', ')} ${a.keys.length === 1 ? 'has' : 'have'} no effect with \`incremental_strategy: microbatch\``,
    hints: ['each batch replaces its window as a whole; take the setting away'],
  }),
)

export const batchInputsUnfiltered = defineDiagnostic<{ node: string; inputs: readonly string[] }>(
  'project/batch-inputs-unfiltered',
  'warning',
  'No input of a microbatch model has an `event_time`, so every batch reads all of them and keeps the rows of its own window.',
  (a) => ({
    message: `no input of the microbatch model \`${a.node}\` has an \`event_time\`: every batch reads all rows`,
    hints: [
      a.inputs.length === 0
        ? 'let the model read a `ref` or `source` with an `event_time`'
        : `set \`event_time\` of ${a.inputs.map((name) => `\`${name}\``).join(' or ')} to the column that says when a row happened`,
    ],
  }),
)
