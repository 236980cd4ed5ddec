// Does with connect-web what Flyte's console does to show a log, in a browser that minds origins, as the JSON in the first argument says, and prints what its user notices as lines of JSON:
// { endpoint, transport, origin, descriptors, action, attempt, pace }
// transport: json (the console's), binary or grpc-web; descriptors: the file that buf built from the host's contracts; pace: how many times as long as the console it waits before it asks again.
// tells { ready } once it has read them, { endpoint } of the answer of SelectCluster, { beat }, { line, originator, container, shortPodName }, { swallowed }, { retry }, and at last { end, message }.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";

const call = JSON.parse(process.argv[2]);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(call.descriptors)));
const [cluster, dataProxy] = ["cluster.ClusterService", "dataproxy.DataProxyService"].map((name) => registry.getService(`flyteidl2.${name}`));
const tailLogs = registry.getEnum("flyteidl2.cluster.SelectClusterRequest.Operation").values.find((one) => one.name === "OPERATION_TAIL_LOGS").number;
const originators = registry.getEnum("flyteidl2.logs.dataplane.LogLineOriginator");
const tell = (event) => console.log(JSON.stringify(event));
tell({ ready: true });

// As a browser does it for a page of another origin whose calls carry cookies.
const mayRead = (response) => response.headers.get("access-control-allow-origin") === call.origin && response.headers.get("access-control-allow-credentials") === "true";
async function fetchAsPage(url, init) {
  const headers = new Headers(init.headers);
  const preflight = await fetch(url, {
    method: "OPTIONS",
    headers: { origin: call.origin, "access-control-request-method": init.method, "access-control-request-headers": [...headers.keys()].sort().join(",") },
  });
  const allowed = (preflight.headers.get("access-control-allow-headers") ?? "").toLowerCase().split(/\s*,\s*/);
  if (!preflight.ok || !mayRead(preflight) || ![...headers.keys()].every((name) => allowed.includes(name))) throw new TypeError("Failed to fetch");
  headers.set("origin", call.origin);
  headers.set("cookie", "flyte_idt=token");
  const response = await fetch(url, { ...init, headers });
  if (!mayRead(response)) throw new TypeError("Failed to fetch");
  return response;
}

const transportTo = (baseUrl) => {
  const options = { baseUrl, fetch: fetchAsPage };
  return call.transport === "grpc-web" ? createGrpcWebTransport(options) : createConnectTransport({ ...options, useBinaryFormat: call.transport === "binary" });
};

let shown = 0;
async function show() {
  const resource = { case: "actionAttemptId", value: { actionId: call.action, attempt: call.attempt } };
  const { clusterEndpoint } = await createClient(cluster, transportTo(call.endpoint)).selectCluster({ resource, operation: tailLogs });
  tell({ endpoint: clusterEndpoint });
  if (!clusterEndpoint) throw new Error("SelectCluster did not return clusterEndpoint");
  const request = { actionId: call.action, attempt: call.attempt, podSelector: { case: "allPods", value: true }, connectorEndpoint: "" };
  try {
    for await (const response of createClient(dataProxy, transportTo(new URL(clusterEndpoint).href)).tailLogs(request)) {
      if (response.logs.length === 0) tell({ beat: true });
      for (const { lines, container } of response.logs) {
        for (const line of lines) {
          shown++;
          tell({
            line: line.message,
            originator: originators.value[line.originator].name,
            container: `${container.kubernetesPodName}/${container.kubernetesContainerName}`,
            shortPodName: line.shortPodName,
          });
        }
      }
    }
  } catch (fault) {
    // With a line on the page the log just ends.
    const error = ConnectError.from(fault);
    if (shown === 0) throw error;
    tell({ swallowed: Code[error.code], message: error.rawMessage });
  }
}

for (let failures = 0; ; failures++) {
  try {
    await show();
    tell({ end: "OK" });
    break;
  } catch (fault) {
    const error = ConnectError.from(fault);
    if (error.code === Code.NotFound || failures === 3) {
      tell({ end: Code[error.code], message: error.rawMessage });
      break;
    }
    tell({ retry: Code[error.code], message: error.rawMessage });
    await sleep(Math.min(1000 * 2 ** failures, 30_000) * call.pace);
  }
}
process.exit(0);
