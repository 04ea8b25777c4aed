import { afterAll, beforeAll, describe } from 'vitest'
import { engines } from '../engines.ts'
import { MacroSandbox } from './macro-sandbox.ts'

/**
 * Runs the same tests on every engine, each with a database of its own that lives as long as the file's tests.
 * `projectMacros` is the text of the project's macros.
 */
export function onEachEngine(body: (db: MacroSandbox) => void, projectMacros?: string): void {
  describe.each(engines)('on $name', (engine) => {
    const sandbox = new MacroSandbox(engine, projectMacros)
    beforeAll(() => sandbox.open())
    afterAll(() => sandbox.close())
    body(sandbox)
  })
}
