// Signs a request again with @smithy/signature-v4 and prints the Authorization header: stdin is {method, host, path, headers, body, region, accessKeyId, secretAccessKey, sessionToken, date}.
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { text } from 'node:stream/consumers';

const { host, headers, body, region, accessKeyId, secretAccessKey, sessionToken, date } = JSON.parse(await text(process.stdin));
const signer = new SignatureV4({ service: 'logs', region, sha256: Sha256, credentials: { accessKeyId, secretAccessKey, sessionToken } });
const request = new HttpRequest({ protocol: 'http:', method: 'POST', hostname: host, path: '/', headers: { ...headers, host }, body });
const signed = await signer.sign(request, { signingDate: new Date(date) });
console.log(JSON.stringify(signed.headers));
