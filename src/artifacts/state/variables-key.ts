/** Where a manifest keeps the variables of the project, as JSON in `metadata.env`, when they are compared. */
export const variablesKey = 'TSDBT_VARS'
