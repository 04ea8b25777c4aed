/** The version of this package; a test holds it equal to `package.json`. */
export const version = '0.1.0'

/**
 * The version of dbt whose artifacts, log lines and command line tsdbt speaks. Readers pick their parsers by it; below 2
 * they expect the events of dbt Core.
 */
export const dbtVersion = '1.12.0'
