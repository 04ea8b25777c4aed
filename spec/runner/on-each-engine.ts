import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import { engines, type SpecEngine } from '../engines.ts'
import { Warehouse } from './warehouse.ts'

function on(list: readonly SpecEngine[], body: (w: Warehouse) => void): void {
  describe.each(list)('on $name', (engine) => {
    const warehouse = new Warehouse(engine)
    beforeAll(() => warehouse.create())
    beforeEach(() => warehouse.open())
    afterEach(() => warehouse.empty())
    afterAll(() => warehouse.drop())
    body(warehouse)
  })
}

/** Runs the same tests on every engine, each test with an empty database and a project without nodes. */
export function onEachEngine(body: (w: Warehouse) => void): void {
  on(engines, body)
}

/** Tests of what one engine alone has: its plans, its syntax. */
export function onEngine(name: string, body: (w: Warehouse) => void): void {
  on(
    engines.filter((engine) => engine.name === name),
    body,
  )
}
