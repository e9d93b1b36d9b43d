import { defineConfig } from 'vitest/config'
import { scenarios } from './build/scenarios.ts'

const all = '{src,build,bench,conformance,scripts}/**/*.test.{ts,tsx}'
/** Whole scenario files played through, and properties over many random runs. */
const long = '{src,build,bench,conformance,scripts}/**/*.{property,long}.test.{ts,tsx}'

const shared = {
  environment: 'node',
  passWithNoTests: true,
  setupFiles: ['src/scenario/whole.ts'] as string[],
  // Property tests and long runs share two cores with the rest of the suite.
  testTimeout: 20_000,
  // A model is loaded once for all files of a thread: no test changes what it has loaded.
  isolate: false,
  // All cores: left to itself, Vitest keeps one free.
  maxWorkers: '100%',
} as const

/** `vitest run` does both; `npm run test:unit`, the quick loop, does not wait for what takes long. */
export default defineConfig({
  plugins: [scenarios()],
  test: {
    projects: [
      { extends: true, test: { ...shared, name: 'unit', include: [all], exclude: [long, '**/node_modules/**'] } },
      { extends: true, test: { ...shared, name: 'long', include: [long] } },
    ],
  },
})
