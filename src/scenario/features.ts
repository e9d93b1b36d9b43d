/** What a file may ask for that some version of the engine cannot play: named, so that a refusal can say what is missing. */
export const features = [
  'shareGroups', 'consumerProtocol', 'storage', 'disks', 'clocks', 'powerLoss', 'tampering', 'admin',
  'manualConsumer', 'retryTopics', 'partitioner', 'rawRequests', 'timestamps', 'headers', 'configChanges',
  'combinedMode', 'featureLevels', 'kafkaVersions', 'neighbourhood', 'secondCluster', 'slowMachines', 'otherConfig', 'resets',
  'figures', 'requestCost', 'appsOfClients', 'committedAtStart', 'recordsAtStart', 'followerReads',
  'retention', 'laterErrors', 'throttles',
] as const
export type Feature = (typeof features)[number]
