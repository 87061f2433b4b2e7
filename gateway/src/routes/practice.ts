import { practiceRequest } from '@daybook/http-contract/practice';
import type { RequestHandler, Response } from 'express';
import type { Practice__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Practice';
import { required } from '../mapping/instants.ts';
import { mapPractice, practiceToProto } from '../mapping/practice.ts';
import { readRequest } from '../middleware/read-request.ts';
import type { SchedulingClient } from '../upstream/scheduling-client.ts';
import { asCommand, asRead, setVersion } from './route-handlers.ts';
import type { RouteHandlers } from './route-handlers.ts';

function sendPractice(response: Response, practice: Practice__Output | null): void {
  const shown = mapPractice(required(practice));
  setVersion(response, shown.version);
  response.json(shown);
}

function getPractice(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    readRequest(request, {});
    const answer = await scheduling.call('GetPractice', {}, asRead(response));
    sendPractice(response, answer.practice);
  };
}

function updatePractice(scheduling: SchedulingClient): RequestHandler {
  return async (request, response) => {
    const { body, expectedVersion } = readRequest(request, { body: practiceRequest });
    const command = { practice: practiceToProto(body), expectedVersion };
    const answer = await scheduling.call('UpdatePractice', command, asCommand(response));
    sendPractice(response, answer.practice);
  };
}

/** The practice's own particulars. */
export function practiceHandlers(scheduling: SchedulingClient): RouteHandlers {
  return { getPractice: [getPractice(scheduling)], updatePractice: [updatePractice(scheduling)] };
}
