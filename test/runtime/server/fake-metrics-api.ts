import { golden } from './golden';
import { ApiItem, TableColumn } from '../../../src/runtime/server/api-object';
import { ProtobufWriter } from '../../../src/runtime/server/encoding/protobuf-writer';
import { ApiRequest, ApiResult, GroupVersion } from '../../../src/runtime/server/group-version';
import { StatusError } from '../../../src/runtime/server/status';

interface RecordedObject {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** An object of a recorded response, with the cells of the recorded table. */
export class RecordedItem implements ApiItem {
  readonly name: string;
  readonly namespace: string;

  constructor(private readonly object: RecordedObject, private readonly row: readonly (string | number)[] = []) {
    this.name = object.metadata.name;
    this.namespace = object.metadata.namespace ?? '';
  }

  metadataJson(): string {
    return JSON.stringify(this.object.metadata);
  }

  membersJson(): string {
    const { metadata: _metadata, ...members } = this.object;
    return JSON.stringify(members).slice(1, -1);
  }

  writeProtobuf(writer: ProtobufWriter): void {
    const metadata = writer.beginMessage(1);
    this.writeMetadataProtobuf(writer);
    writer.endMessage(metadata);
  }

  /** The name alone. */
  writeMetadataProtobuf(writer: ProtobufWriter): void {
    writer.text(1, this.name);
  }

  cells(): readonly (string | number)[] {
    return this.row;
  }
}

interface Recorded {
  readonly kind: string;
  readonly items: readonly RecordedItem[];
  readonly columns: readonly TableColumn[];
}

function recorded(listFile: string, tableFile: string): Recorded {
  const { kind, items } = JSON.parse(golden(listFile)) as { kind: string; items: RecordedObject[] };
  const table = JSON.parse(golden(tableFile)) as { columnDefinitions: TableColumn[]; rows: { cells: string[] }[] };
  return { kind, items: items.map((item, index) => new RecordedItem(item, table.rows[index].cells)), columns: table.columnDefinitions };
}

const verbs = ['get', 'list'];

/** An API whose answers are those that were recorded of metrics-server. */
export function fakeMetricsApi(version = 'v1beta1', overrides: Partial<GroupVersion> = {}): GroupVersion {
  const recordings: Readonly<Record<string, Recorded>> = {
    nodes: recorded('nodes-list.json', 'nodes-table.json'),
    pods: recorded('pods-list.json', 'pods-table.json'),
  };
  const { paths, components: { schemas } } = JSON.parse(golden('openapi-v3-metrics-v1beta1.json')) as {
    paths: Record<string, unknown>;
    components: { schemas: Record<string, unknown> };
  };
  return {
    group: 'metrics.k8s.io',
    version,
    resources: [
      { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs },
      { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs },
    ],
    openapi: { paths, schemas },
    handle({ info }: ApiRequest): ApiResult {
      const { kind, items, columns } = recordings[info.resource];
      if (info.verb === 'list') {
        return { kind, columns, items: items.filter((item) => info.namespace === '' || item.namespace === info.namespace) };
      }
      const item = items.find(({ name, namespace }) => name === info.name && namespace === info.namespace);
      if (!item) throw StatusError.notFound(info.resource, '', info.name);
      return { kind: kind.replace(/List$/, ''), columns, item };
    },
    ...overrides,
  };
}
