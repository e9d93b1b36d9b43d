/** Width of words in Plex Sans, near enough to keep labels apart; a Hangul syllable is twice as wide as a letter. Pure. */
export function textWidth(words: string, size = 12.5): number {
  let width = 0
  for (const letter of words) width += letter > '\u1100' ? size : size * 0.53
  return width
}
