import { createBlockRequest, listBlocksQuery, updateBlockRequest } from '@daybook/http-contract/practice';
import type { RequestHandler } from 'express';
import { instantToProto, required } from '../mapping/instants.ts';
import { createBlockToProto, mapBlock } from '../mapping/practice.ts';
import { readRequest, requireRange } from '../middleware/read-request.ts';
import type { SchedulingClient } from '../upstream/scheduling-client.ts';
import { asCommand, asRead } from './route-handlers.ts';
import type { RouteHandlers } from './route-handlers.ts';

function createBlock(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { body } = readRequest(request, { body: createBlockRequest });
    const answer = await scheduling.call('CreateBlock', createBlockToProto(body), asCommand(response));
    const block = mapBlock(required(answer.block));
    response.status(201).setHeader('Location', `/api/blocks/${block.id}`);
    response.json(block);
  };
}

function listBlocks(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { query } = readRequest(request, { query: listBlocksQuery });
    requireRange(query);
    const question = {
      providerId: query.providerId ?? '',
      from: instantToProto(query.from),
      to: instantToProto(query.to),
    };
    const answer = await scheduling.call('ListBlocks', question, asRead(response));
    response.json({ items: answer.blocks.map(mapBlock) });
  };
}

function updateBlock(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { id, body } = readRequest(request, { id: true, body: updateBlockRequest });
    const command = { id, start: instantToProto(body.start), end: instantToProto(body.end), title: body.title ?? '' };
    const answer = await scheduling.call('UpdateBlock', command, asCommand(response));
    response.json(mapBlock(required(answer.block)));
  };
}

function deleteBlock(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { id } = readRequest(request, { id: true });
    await scheduling.call('DeleteBlock', { id }, asCommand(response));
    response.status(204).end();
  };
}

/** Blocked time. */
export function blockHandlers(scheduling: SchedulingClient): RouteHandlers {
  return {
    createBlock: [createBlock(scheduling)],
    listBlocks: [listBlocks(scheduling)],
    updateBlock: [updateBlock(scheduling)],
    deleteBlock: [deleteBlock(scheduling)],
  };
}
