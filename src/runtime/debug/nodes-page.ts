import { AddressReport, NodeReport, nodeReports } from './node-report';
import { isJsonWanted } from './output';
import { textTable } from './text-table';
import { NodeRecord } from '../cluster/node';
import { ScrapeOutcomes } from '../scrape/outcomes';
import { rawJsonReply, textReply } from '../server/reply';
import { Page } from '../server/router';

const HEADER = ['NODE', 'READY', 'STATE', 'LAST SUCCESS', 'FAILURES', 'ADDRESS', 'SUCCEEDED', 'CERTIFICATE NAMES', 'MESSAGE'];

/** /debug/nodes: JSON for programs, a table for people; `?output=json` and `?output=table` win over Accept. */
export function nodesPage(nodes: () => readonly NodeRecord[], outcomes: ScrapeOutcomes): Page {
  return (request) => {
    const reports = nodeReports(nodes(), outcomes);
    return isJsonWanted(request, 'table') ? rawJsonReply(200, { nodes: reports }) : textReply(200, textTable([HEADER, ...reports.flatMap(rows)]));
  };
}

const NO_ADDRESS = ['', '', ''];

/** One for each address, the one asked last first; what is the node's own stands beside that one. */
function rows({ name, ready, state, message = '', lastSuccess = 'never', failures, addresses }: NodeReport): string[][] {
  const [latest = NO_ADDRESS, ...earlier] = addresses.map(addressCells).reverse();
  return [
    [name, String(ready), state, lastSuccess, String(failures), ...latest, message],
    ...earlier.map((cells) => ['', '', '', '', '', ...cells, '']),
  ];
}

function addressCells({ address, attempts, failures, certificateNames = '' }: AddressReport): string[] {
  return [address, `${attempts - failures} of ${attempts}`, certificateNames];
}
