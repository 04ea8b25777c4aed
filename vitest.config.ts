import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['spec/build-binary.ts'],
    include: ['src/**/*.test.ts', 'spec/**/*.test.ts', 'data-generator/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
})
