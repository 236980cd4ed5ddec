// Lists entries of Cloud Logging with the official client: node read.mjs <host:port> <options of getEntries as JSON>.
import { Logging } from '@google-cloud/logging';
import grpc from '@grpc/grpc-js';

const [address, options] = process.argv.slice(2);
const [apiEndpoint, port] = address.split(':');
const logging = new Logging({ projectId: 'my-project-123456', apiEndpoint, port: Number(port), sslCreds: grpc.credentials.createInsecure() });
try {
  const [entries, , response] = await logging.getEntries({ autoPaginate: false, ...JSON.parse(options) });
  console.log(JSON.stringify({
    entries: entries.map(({ data, metadata }) => ({ data, log: metadata.logName, insertId: metadata.insertId, severity: metadata.severity, timestamp: metadata.timestamp, pod: metadata.resource.labels.pod_name, split: metadata.split })),
    nextPageToken: response?.nextPageToken,
  }));
} catch (error) {
  console.log(JSON.stringify({ code: error.code, message: error.details, reason: error.reason }));
}
