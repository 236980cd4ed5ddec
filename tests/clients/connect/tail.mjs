// Tails a run with Flyte's own stubs as the JSON in the first argument says, and prints what the client saw as JSON:
// { transport, service, http1, http2, request, headers, lines }
// transport: connect-binary, connect-json, web-binary, web-json, web-grpc-web, grpc-web or grpc; lines: go away after so many.
import { createRequire } from "node:module";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import * as node from "@connectrpc/connect-node";
import * as web from "@connectrpc/connect-web";
import { fromJson } from "@bufbuild/protobuf";
import { tsImport } from "tsx/esm/api";

const call = JSON.parse(process.argv[2]);
const stubs = createRequire(import.meta.url).resolve("@flyteorg/flyteidl2/package.json").replace(/package\.json$/, "");
const files = { DataProxyService: "dataproxy/dataproxy_service_pb.ts", RunLogsService: "workflow/run_logs_service_pb.ts" };
const service = (await tsImport(`${stubs}flyteidl2/${files[call.service]}`, import.meta.url))[call.service];
const transports = {
  "connect-binary": () => node.createConnectTransport({ baseUrl: call.http1, httpVersion: "1.1" }),
  "connect-json": () => node.createConnectTransport({ baseUrl: call.http2, httpVersion: "2", useBinaryFormat: false }),
  "web-binary": () => web.createConnectTransport({ baseUrl: call.http1, useBinaryFormat: true }),
  "web-json": () => web.createConnectTransport({ baseUrl: call.http1 }),
  "web-grpc-web": () => web.createGrpcWebTransport({ baseUrl: call.http1 }),
  "grpc-web": () => node.createGrpcWebTransport({ baseUrl: call.http1, httpVersion: "1.1" }),
  grpc: () => node.createGrpcTransport({ baseUrl: call.http2 }),
};

const seen = { lines: [], headers: {}, trailers: {} };
try {
  const request = fromJson(service.method.tailLogs.input, call.request);
  const stream = createClient(service, transports[call.transport]()).tailLogs(request, {
    headers: call.headers,
    onHeader: (headers) => (seen.headers = Object.fromEntries(headers)),
    onTrailer: (trailers) => (seen.trailers = Object.fromEntries(trailers)),
  });
  for await (const response of stream) {
    seen.lines.push(...response.logs.flatMap((logs) => logs.lines).map((line) => line.message));
    if (call.lines && seen.lines.length >= call.lines) break;
  }
} catch (fault) {
  const error = ConnectError.from(fault);
  seen.code = Code[error.code];
  seen.message = error.rawMessage;
}
console.log(JSON.stringify(seen));
process.exit(0);
