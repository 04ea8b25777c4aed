import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { engines, type SpecDatabase, type SpecEngine } from './engines.ts'

/** The engine that a test runs on, and its database, which is there while tests run. */
export interface Here {
  readonly engine: SpecEngine
  readonly database: SpecDatabase
}

/** Runs the same tests on every engine, each with an empty database. */
export function onEachDatabase(body: (here: Here) => void, list: readonly SpecEngine[] = engines): void {
  describe.each(list)('on $name', (engine) => {
    let database: SpecDatabase
    beforeAll(async () => {
      database = await engine.create()
    })
    afterEach(() => database.reset())
    afterAll(() => database?.drop())
    body({
      engine,
      get database() {
        return database
      },
    })
  })
}
