/** Java's hashes, where Kafka's answers depend on them: which partition a key belongs to, and in what order a HashMap is walked. */

/** String#hashCode: over UTF-16 units, 32 bits, signed. */
export function javaHash(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0
  return hash
}

/**
 * Keys in the order in which a java.util.HashMap (or HashSet) gives them that has held `most` of them at once: by bucket,
 * and within one in order of insertion. A table has at least 16 buckets and grows twofold beyond three quarters.
 */
export function hashMapOrder<Key>(keys: readonly Key[], hashOf: (key: Key) => number, most = keys.length): Key[] {
  let buckets = 16
  while (most > buckets * 0.75) buckets *= 2
  const bucketOf = (key: Key): number => {
    const hash = hashOf(key)
    return (hash ^ (hash >>> 16)) & (buckets - 1)
  }
  return keys.map((key) => [bucketOf(key), key] as const).sort(([a], [b]) => a - b).map(([, key]) => key)
}
