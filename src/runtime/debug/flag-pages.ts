import { parseFlagValue } from '../flags/flag-value';
import { InvalidValueError } from '../flags/usage-error';
import { Reply } from '../server/reply';
import { Page, textPage } from '../server/router';
import { Verbosity } from '../telemetry/verbosity';

const INDEX = `<html>
<head>
<title>/debug/flags/</title>
</head>
<body>
/debug/flags/<br>
<br>
flags:<br>
<table>
<tr>v<br>
</table>
<br>
full flags configurable<br>
</body>
</html>
`;

/** Flags that may be set anew while the process runs, as k8s.io/apiserver has them: `--v`, by a PUT of its value. */
export function flagPages(verbosity: Verbosity): Readonly<Record<string, Page>> {
  const index = textPage('text/html; charset=utf-8', () => INDEX);
  return {
    '/debug/flags': index,
    '/debug/flags/v': async ({ method, text }) => {
      if (method !== 'PUT' || !text) return plain(406, 'unsupported http method');
      const value = await text;
      try {
        verbosity.level = parseFlagValue('Level', value) as number;
        return plain(200, `successfully set klog.logging.verbosity to ${value}`);
      } catch (error) {
        if (!(error instanceof InvalidValueError)) throw error;
        return plain(400, error.message);
      }
    },
    '/debug/flags/*': index,
  };
}

function plain(status: number, text: string): Reply {
  return { status, headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' }, body: `${text}\n` };
}
