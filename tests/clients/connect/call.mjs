// Makes one unary call as the JSON in the first argument says, and prints what the client saw as JSON:
// { baseUrl, httpVersion, json, gzip, service, method, files, request, headers, timeoutMs }
// files: the FileDescriptorSet of the service, in base64.
import { createFileRegistry, fromBinary, fromJson, toJson } from "@bufbuild/protobuf";
import { protoCamelCase } from "@bufbuild/protobuf/reflect";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { compressionGzip, createConnectTransport } from "@connectrpc/connect-node";

const call = JSON.parse(process.argv[2]);
const files = fromBinary(FileDescriptorSetSchema, base64Decode(call.files));
// .NET's descriptors leave the JSON names out.
const nameFields = (message) => {
  message.field.forEach((field) => (field.jsonName ||= protoCamelCase(field.name)));
  message.nestedType.forEach(nameFields);
};
files.file.flatMap((file) => file.messageType).forEach(nameFields);
const registry = createFileRegistry(files);
const service = registry.getService(call.service);
const method = service.method[call.method];
const transport = createConnectTransport({
  baseUrl: call.baseUrl,
  httpVersion: call.httpVersion,
  useBinaryFormat: !call.json,
  jsonOptions: { registry },
  sendCompression: call.gzip ? compressionGzip : null,
  compressMinBytes: 0,
});

const seen = { headers: {}, trailers: {} };
try {
  const request = fromJson(method.input, call.request, { registry });
  const answer = await createClient(service, transport)[call.method](request, {
    headers: call.headers,
    timeoutMs: call.timeoutMs,
    onHeader: (headers) => (seen.headers = Object.fromEntries(headers)),
    onTrailer: (trailers) => (seen.trailers = Object.fromEntries(trailers)),
  });
  seen.answer = toJson(method.output, answer, { registry });
} catch (fault) {
  const error = ConnectError.from(fault);
  seen.code = Code[error.code];
  seen.message = error.rawMessage;
  seen.metadata = Object.fromEntries(error.metadata);
  seen.details = error.details.map((detail) => ({
    type: detail.type,
    value: toJson(registry.getMessage(detail.type), fromBinary(registry.getMessage(detail.type), detail.value)),
  }));
}
console.log(JSON.stringify(seen));
process.exit(0);
