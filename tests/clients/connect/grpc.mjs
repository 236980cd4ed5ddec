// Tails a run with @grpc/grpc-js as the JSON in the first argument says, and prints what the client saw as JSON:
// { address, protos, request }
// protos: the folder of the host's contracts.
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const call = JSON.parse(process.argv[2]);
const definition = loader.loadSync("flyteidl2/dataproxy/dataproxy_service.proto", { includeDirs: [call.protos] });
const { DataProxyService } = grpc.loadPackageDefinition(definition).flyteidl2.dataproxy;
const client = new DataProxyService(call.address, grpc.credentials.createInsecure());
const seen = { lines: [] };
const stream = client.TailLogs(call.request);
stream.on("data", (response) => seen.lines.push(...response.logs.flatMap((logs) => logs.lines).map((line) => line.message)));
stream.on("error", () => {}); // the status says it too
stream.on("status", (status) => {
  seen.code = grpc.status[status.code];
  seen.message = status.details;
  console.log(JSON.stringify(seen));
  process.exit(0);
});
