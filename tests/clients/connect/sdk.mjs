// Does with Flyte's own stubs what Flyte's SDK does to show a log, as the JSON in the first argument says, and prints what its user notices as lines of JSON:
// { endpoint, action, attempt, pace }
// pace: how many times as long as the SDK it waits before it asks again.
// tells { endpoint } of the answer of SelectCluster, { beat }, { line, originator }, { retry }, { login }, { tryAgain }, and at last { end, message }.
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { compressionGzip, createConnectTransport } from "@connectrpc/connect-node";
import { tsImport } from "tsx/esm/api";

const call = JSON.parse(process.argv[2]);
const stubs = createRequire(import.meta.url).resolve("@flyteorg/flyteidl2/package.json").replace(/package\.json$/, "flyteidl2/");
const { ClusterService } = await tsImport(`${stubs}cluster/service_pb.ts`, import.meta.url);
const { SelectClusterRequest_Operation: Operation } = await tsImport(`${stubs}cluster/payload_pb.ts`, import.meta.url);
const { DataProxyService } = await tsImport(`${stubs}dataproxy/dataproxy_service_pb.ts`, import.meta.url);
const { LogLineOriginator } = await tsImport(`${stubs}logs/dataplane/payload_pb.ts`, import.meta.url);

const tell = (event) => console.log(JSON.stringify(event));
const transportTo = (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1", sendCompression: compressionGzip, compressMinBytes: 0 });
const headers = { "user-agent": "connectrpc/0.10.0", authorization: "Bearer token" };

// Every stream is begun again on three codes, whatever was shown of it.
async function* retried(open) {
  for (let retries = 0; ; retries++) {
    try {
      return yield* open();
    } catch (fault) {
      const error = ConnectError.from(fault);
      if (![Code.Unavailable, Code.ResourceExhausted, Code.Internal].includes(error.code) || retries === 3) throw error;
      tell({ retry: Code[error.code], message: error.rawMessage });
      await sleep(Math.min(500 * 2 ** retries * (0.5 + Math.random()), 10_000) * call.pace);
    }
  }
}

// Around that: new credentials, maybe out of a browser, and all of it once more.
async function* loggedIn(open) {
  try {
    yield* open();
  } catch (fault) {
    const error = ConnectError.from(fault);
    if (![Code.Unauthenticated, Code.Unknown].includes(error.code) && !/unauthorized|unauthenticated/i.test(error.message)) throw error;
    tell({ login: Code[error.code], message: error.rawMessage });
    yield* open();
  }
}

let logs;
async function* open() {
  if (!logs) {
    const request = { resource: { case: "actionId", value: call.action }, operation: Operation.TAIL_LOGS };
    const { clusterEndpoint } = await createClient(ClusterService, transportTo(call.endpoint)).selectCluster(request, { headers });
    tell({ endpoint: clusterEndpoint });
    logs = createClient(DataProxyService, transportTo(clusterEndpoint || call.endpoint));
  }
  yield* logs.tailLogs({ actionId: call.action, attempt: call.attempt }, { headers });
}

for (let tries = 1; ; tries++) {
  try {
    for await (const response of loggedIn(() => retried(open))) {
      const lines = response.logs.flatMap((log) => log.lines);
      if (lines.length === 0) tell({ beat: true });
      lines.forEach((line) => tell({ line: line.message, originator: LogLineOriginator[line.originator] }));
    }
    tell({ end: "OK" });
    break;
  } catch (fault) {
    const error = ConnectError.from(fault);
    if (error.code !== Code.NotFound || tries === 5) {
      tell({ end: error.code === Code.NotFound ? "LogsNotYetAvailable" : Code[error.code], message: error.rawMessage });
      break;
    }
    tell({ tryAgain: Code[error.code], message: error.rawMessage });
    await sleep(2000);
  }
}
process.exit(0);
