// Calls one operation of CloudWatch Logs with the official SDK: node read.mjs <endpoint> <region> <command> <input as JSON>.
import * as logs from '@aws-sdk/client-cloudwatch-logs';

const [endpoint, region, command, input] = process.argv.slice(2);
const client = new logs.CloudWatchLogsClient({ endpoint, region, maxAttempts: 1 });
try {
  const answer = await client.send(new logs[command](JSON.parse(input)));
  delete answer.$metadata;
  console.log(JSON.stringify(answer));
} catch (error) {
  console.log(JSON.stringify({ error: error.name, message: error.message }));
}
