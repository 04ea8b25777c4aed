import { defineConfig } from 'vitest/config'

/** Tests that start the built command; the others need no bundle. */
const onBinary = ['spec/cli/**/*.test.ts', 'spec/kill.test.ts', 'spec/library.test.ts', 'spec/readme.test.ts']

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // The default leaves one core out, which on two cores means one file after the other.
    maxWorkers: 2,
    globalSetup: ['spec/postgres-server.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'code',
          include: ['src/**/*.test.ts', 'spec/**/*.test.ts', 'data-generator/**/*.test.ts'],
          exclude: ['node_modules', ...onBinary],
        },
      },
      {
        extends: true,
        test: { name: 'binary', include: onBinary, globalSetup: ['spec/postgres-server.ts', 'spec/build-binary.ts'] },
      },
    ],
  },
})
