import { Mapping, property } from '../mapping';
import { volume, volumeMount } from '../pod-shapes';
import { list } from '../shape';

export const VOLUMES: readonly Mapping[] = [
  {
    values: { extraVolumes: [] },
    properties: [property('extraVolumes'), 'Volume.configMap', 'Volume.secret', 'Volume.emptyDir', 'Volume.fromSource'],
    note: 'Any source that Kubernetes knows, by `Volume.fromSource()`.',
    translate: (values, to) => {
      const volumes = values.list('extraVolumes');
      if (volumes.length > 0) to.set('extraVolumes', list(volume)(volumes, 'extraVolumes', to));
    },
  },
  {
    values: { extraVolumeMounts: [] },
    properties: [property('extraVolumeMounts')],
    note: 'Without `recursiveReadOnly`.',
    translate: (values, to) => {
      const mounts = values.list('extraVolumeMounts');
      if (mounts.length > 0) to.set('extraVolumeMounts', list(volumeMount)(mounts, 'extraVolumeMounts', to));
    },
  },
  {
    values: { 'tmpVolume.emptyDir': {} },
    trees: ['tmpVolume'],
    properties: [property('tmpVolume'), 'Volume.emptyDir', 'Volume.fromSource'],
    note: '`from-helm` keeps the chart\'s name for it, `tmp`, so that no second volume stays in the Deployment.',
    translate: (values, to) => to.set('tmpVolume', volume({ name: 'tmp', ...values.map('tmpVolume') }, 'tmpVolume', to)),
  },
];
