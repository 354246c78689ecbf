// A thread of its own: kubelets and the API server run in the test's, and have to answer meanwhile.
const { connect } = require('node:http2');
const { workerData: { url, headers, sessions, settings, streams } } = require('node:worker_threads');

async function ask() {
  const session = connect(url, { rejectUnauthorized: false, settings }).on('error', () => {});
  await Promise.all(Array.from({ length: streams }, () => new Promise((resolve) => {
    session.request(headers).on('error', () => {}).on('close', resolve).resume();
  })));
  session.close();
}

async function flood() {
  for (;;) await Promise.allSettled(Array.from({ length: sessions }, ask));
}

void flood();
