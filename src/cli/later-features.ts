/** Options of dbt that this version does not have, without dashes, and what is so instead. */
export const laterOptions: ReadonlyMap<string, string> = new Map([
  ['static', 'there is no documentation site; `tsdbt docs generate` writes `manifest.json` and `catalog.json`'],
  ['export-saved-queries', 'there are no saved queries'],
])

/** Commands of dbt that this version does not have, and what is so instead. */
export const laterCommands: ReadonlyMap<string, string> = new Map([
  ['docs serve', 'there is no documentation site; `tsdbt docs generate` writes `manifest.json` and `catalog.json`'],
])
