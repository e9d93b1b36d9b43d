/**
 * What `react` is in the page: Preact, which has the same interface and takes a sixth of the room, so that the engine
 * can grow while the first load stays small. Two things stand between it and Ariakit:
 *
 * `useInsertionEffect` is left out. Preact would run it with the layout effects, after the references of elements are
 * set, when Ariakit's handlers must be ready already; where there is none, Ariakit keeps them ready by itself.
 */
// @ts-expect-error Preact's types export one object, its module exports each name.
export * from 'preact/compat'
export { default } from 'preact/compat'
export const useInsertionEffect = undefined

/**
 * The `currentTarget` of an event can be set. Ariakit does so after the event is over, to handle it once more; React's
 * own events allow it, those of the browser, which Preact hands on, do not.
 */
const ofBrowser = Object.getOwnPropertyDescriptor(Event.prototype, 'currentTarget')
Object.defineProperty(Event.prototype, 'currentTarget', {
  ...ofBrowser,
  set(this: Event, value: EventTarget | null) {
    Object.defineProperty(this, 'currentTarget', { value, configurable: true, enumerable: true, writable: true })
  },
})
