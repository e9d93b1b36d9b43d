/** Points, boxes and how to speak of their edges. All lengths are CSS pixels of the stage. */
export interface Point {
  readonly x: number
  readonly y: number
}
export interface Size {
  readonly width: number
  readonly height: number
}
export interface Box {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

export const rightOf = (box: Box): number => box.x + box.w
export const bottomOf = (box: Box): number => box.y + box.h
export const centreX = (box: Box): number => box.x + box.w / 2
export const centreY = (box: Box): number => box.y + box.h / 2
export const clamp = (low: number, value: number, high: number): number => Math.max(low, Math.min(value, high))
/** Half pixels, where a line of one pixel is sharp. */
export const crisp = (value: number): number => Math.round(value) + 0.5
