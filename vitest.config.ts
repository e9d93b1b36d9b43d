import { defineConfig } from 'vitest/config'
import { scenarios } from './build/scenarios.ts'

export default defineConfig({
  plugins: [scenarios()],
  test: {
    environment: 'node',
    include: ['{src,build,bench,conformance,scripts}/**/*.test.{ts,tsx}'],
    passWithNoTests: true,
    // Property tests and long runs share two cores with the rest of the suite.
    testTimeout: 20_000,
  },
})
