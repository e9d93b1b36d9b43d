/** What a file may ask for that some version of the engine cannot play: named, so that a refusal can say what is missing. */
export const features = [
  'shareGroups', 'storage', 'powerLoss', 'admin',
  'retryTopics',
  'featureLevels', 'kafkaVersions', 'neighbourhood', 'secondCluster', 'slowMachines', 'otherConfig',
  'figures', 'requestCost',
  'laterErrors',
] as const
export type Feature = (typeof features)[number]
