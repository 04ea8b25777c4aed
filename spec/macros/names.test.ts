import { describe, expect, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((db) => {
  const prefixed = { target: { schema: 'main', schema_naming: 'prefix' } }

  describe('generate_schema_name', () => {
    it("is the target's schema, or that and the node's own", async () => {
      expect(await db.text('{{generate_schema_name null node}}', { node: { name: 'orders' } }, prefixed)).toBe('main')
      expect(await db.text('{{generate_schema_name " marts " node}}', { node: { name: 'orders' } }, prefixed)).toBe(
        'main_marts',
      )
    })

    it("is the node's own alone where the target says plain", async () => {
      const plain = { target: { schema: 'main', schema_naming: 'plain' } }
      expect(await db.text('{{generate_schema_name "marts"}}', {}, plain)).toBe('marts')
      expect(await db.text('{{generate_schema_name}}', {}, plain)).toBe('main')
    })
  })

  it('generate_alias_name is the alias, or the name with its version', async () => {
    expect(await db.text('{{generate_alias_name " o " node}}', { node: { name: 'orders' } })).toBe('o')
    expect(await db.text('{{generate_alias_name null node}}', { node: { name: 'orders' } })).toBe('orders')
    expect(await db.text('{{generate_alias_name null node}}', { node: { name: 'orders', version: null } })).toBe(
      'orders',
    )
    expect(await db.text('{{generate_alias_name null node}}', { node: { name: 'orders', version: 1.5 } })).toBe(
      'orders_v1_5',
    )
  })
})
