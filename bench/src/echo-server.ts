/**
 * P4, the references: a bare Express 5 that answers JSON with the JSON it was sent, and to a GET the text it was started
 * with. Argument: the body. Prints its port.
 */
import type { AddressInfo } from 'node:net';
import express from 'express';

const body = JSON.parse(process.argv[2] ?? '{}') as object;
const app = express();
app.get('/echo', (_request, response) => void response.json(body));
app.post('/echo', express.json(), (request, response) => void response.json(request.body as object));
const server = app.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
