import { atomicArray, describedRef, flag, int64, map, ref, requiredText, Schema, text } from './schema';

/** Name of a type of `meta.k8s.io/v1` among the schemas of a document. */
export function metaName(type: string): string {
  return `io.k8s.apimachinery.pkg.apis.meta.v1.${type}`;
}

export const quantityName = 'io.k8s.apimachinery.pkg.api.resource.Quantity';

const string = { type: 'string' };

const objectMeta: Schema = {
  description: 'What every object says about itself.',
  type: 'object',
  properties: {
    annotations: map('Values that tools attach to the object; not for selecting.', string),
    creationTimestamp: describedRef('When this object was made. Metrics are made when they are asked for.', metaName('Time')),
    deletionGracePeriodSeconds: int64('Seconds that the object may still take to end. Set with deletionTimestamp.'),
    deletionTimestamp: describedRef('When the object is due to vanish, once its deletion was requested.', metaName('Time')),
    finalizers: {
      'description': 'Who must act before the object can vanish.',
      'type': 'array',
      'items': string,
      'x-kubernetes-list-type': 'set',
      'x-kubernetes-patch-strategy': 'merge',
    },
    generateName: text('Prefix of a name that the server chooses when none is given.'),
    generation: int64('Counts the changes of the desired state.'),
    labels: map('Values to select the object by.', string),
    managedFields: atomicArray('Which fields each client manages.', ref(metaName('ManagedFieldsEntry'))),
    name: text('Unique among the objects of this resource in its namespace.'),
    namespace: text('The space in which the name is unique. Empty for cluster-scoped objects.'),
    ownerReferences: {
      'description': 'The objects that this one belongs to. It is deleted when all of them are.',
      'type': 'array',
      'items': ref(metaName('OwnerReference')),
      'x-kubernetes-list-map-keys': ['uid'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'uid',
      'x-kubernetes-patch-strategy': 'merge',
    },
    resourceVersion: text('Changes whenever the stored object changes; opaque.'),
    selfLink: text('Deprecated, always empty.'),
    uid: text('Unique over time and space.'),
  },
};

const ownerReference: Schema = {
  'description': 'Names an owner in the same namespace, or a cluster-scoped one.',
  'type': 'object',
  'required': ['apiVersion', 'kind', 'name', 'uid'],
  'properties': {
    apiVersion: requiredText('API version of the owner.'),
    blockOwnerDeletion: flag('The owner, when it is deleted in the foreground, waits for this object.'),
    controller: flag('The owner is the controller of this object.'),
    kind: requiredText('Kind of the owner.'),
    name: requiredText('Name of the owner.'),
    uid: requiredText('UID of the owner.'),
  },
  'x-kubernetes-map-type': 'atomic',
};

const managedFieldsEntry: Schema = {
  description: 'The fields that one client manages.',
  type: 'object',
  properties: {
    apiVersion: text('Version that the field set is written for.'),
    fieldsType: text('Format of the field set: FieldsV1.'),
    fieldsV1: describedRef('The field set.', metaName('FieldsV1')),
    manager: text('The client.'),
    operation: text('How the fields came to be managed: Apply or Update.'),
    subresource: text('The subresource through which it happened, empty for the object itself.'),
    time: describedRef('When the entry last gained or changed a field.', metaName('Time')),
  },
};

const listMeta: Schema = {
  description: 'What a list says about itself.',
  type: 'object',
  properties: {
    continue: text('Token for the next part of the list; empty when the list is complete.'),
    remainingItemCount: int64('About how many items follow in later parts.'),
    resourceVersion: text('State of the store that the list shows; opaque.'),
    selfLink: text('Deprecated, always empty.'),
    shardInfo: describedRef('Set when the list is one shard of the collection.', metaName('ShardInfo')),
  },
};

/** The types of Kubernetes that objects and lists of a served API refer to. */
export const metaSchemas: Readonly<Record<string, Schema>> = {
  [quantityName]: {
    description: 'A number with a suffix: 250m is a quarter, 1500n are 1500 billionths, 64Mi are 64 times 1024 times 1024, 2k are 2000.',
    oneOf: [{ type: 'string' }, { type: 'number' }],
  },
  [metaName('Duration')]: text('A length of time, such as 1m0s or 9.993s.'),
  [metaName('FieldsV1')]: { description: 'A set of fields as nested objects, keys as structured-merge-diff writes them.', type: 'object' },
  [metaName('ListMeta')]: listMeta,
  [metaName('ManagedFieldsEntry')]: managedFieldsEntry,
  [metaName('ObjectMeta')]: objectMeta,
  [metaName('OwnerReference')]: ownerReference,
  [metaName('ShardInfo')]: {
    description: 'Which shard of a collection a list is.',
    type: 'object',
    required: ['selector'],
    properties: { selector: requiredText('The shard selector of the request.') },
  },
  [metaName('Time')]: { ...text('A point in time, RFC 3339 with whole seconds.'), format: 'date-time' },
};
