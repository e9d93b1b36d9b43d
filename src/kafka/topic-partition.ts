/** A partition as its topic and its number. Everywhere else it goes by its name, `orders/3`. */
export interface TopicPartition { readonly topic: string; readonly partition: number; readonly name: string }

export const topicPartition = (topic: string, partition: number): TopicPartition => ({ topic, partition, name: `${topic}/${partition}` })

export function parsePartition(name: string): TopicPartition {
  const slash = name.lastIndexOf('/')
  return { topic: name.slice(0, slash), partition: Number(name.slice(slash + 1)), name }
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
export const byTopicThenNumber = (a: TopicPartition, b: TopicPartition): number => compareText(a.topic, b.topic) || a.partition - b.partition
export const byNumberThenTopic = (a: TopicPartition, b: TopicPartition): number => a.partition - b.partition || compareText(a.topic, b.topic)

/** Names of partitions in the order of topics and numbers. */
export const sortedNames = (names: readonly string[]): string[] =>
  names.map(parsePartition).sort(byTopicThenNumber).map(({ name }) => name)
