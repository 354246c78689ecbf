import { goQuote } from '../../go-quote';
import { ApiItem } from '../api-object';
import { ApiResult } from '../group-version';
import { ItemList } from '../item-list';
import { StatusError } from '../status';
import { Fragment } from './byte-writer';
import { Document } from './document';
import { itemMembers, listMetadata, map, peek, typeMembers } from './object';
import { partialObjectMetadata } from './partial-object-metadata';
import { ElementsInBytes, oneByOne } from './pieces';

/** The result as `Table`, which kubectl prints. `includeObject` says what of the object stands beside its cells. */
export function tableDocument(result: ApiResult, groupVersion: string, metaVersion: string, includeObject: string): Document {
  const object = rowObject(result, groupVersion, metaVersion, includeObject);
  const [some, items] = peek('item' in result ? [result.item] : result.items);
  const type = `${typeMembers('Table', metaVersion)},"metadata":${listMetadata(result)}`;
  if (!some) return { head: `{${type},"columnDefinitions":null,"rows":null}` };
  const columns = result.columns?.map(({ name, type: columnType, format, description }) => (
    { name, type: columnType, format, description, priority: 0 }
  ));
  return {
    head: `{${type},"columnDefinitions":${JSON.stringify(columns)}}`,
    array: {
      member: 'rows',
      elements: map(items, (item) => `{"cells":${JSON.stringify(item.cells())},"object":${object(item)}}`),
      inBytes: ['', 'Metadata'].includes(includeObject) ? rowsInBytes(items, metaVersion) : undefined,
    },
  };
}

/** Rows with their metadata, which is what is mostly asked for. */
function rowsInBytes({ inBytes }: ItemList, metaVersion: string): ElementsInBytes | undefined {
  if (!inBytes) return undefined;
  const cells = new Fragment('{"cells":');
  const object = new Fragment(`,"object":{${typeMembers('PartialObjectMetadata', metaVersion)},"metadata":`);
  const end = new Fragment('}}');
  return {
    items: inBytes,
    form: `row, ${metaVersion}`,
    elements: (from) => oneByOne(inBytes.cursor(from), (item, writer) => {
      writer.fragment(cells);
      item.writeCellsJson(writer);
      writer.fragment(object);
      item.writeMetadataJson(writer);
      writer.fragment(end);
    }),
  };
}

function rowObject(result: ApiResult, groupVersion: string, metaVersion: string, includeObject: string): (item: ApiItem) => string {
  switch (includeObject) {
    case 'None':
      return () => 'null';
    case '':
    case 'Metadata':
      return (item) => partialObjectMetadata(item, metaVersion);
    case 'Object': {
      const type = typeMembers('item' in result ? result.kind : result.kind.replace(/List$/, ''), groupVersion);
      return (item) => `{${type},${itemMembers(item)}}`;
    }
    default:
      throw StatusError.badRequest(
        `Unable to convert to Table as requested: includeObject: Invalid value: ${goQuote(includeObject)}: must be 'Metadata', 'Object', 'None', or empty`,
      );
  }
}
