import { encodeSchedulingEvent } from '@daybook/protos/codecs';
import { hintOfSchedulingEvent } from './hints.ts';

const organizationId = '22222222-2222-4222-8222-222222222222';
const aggregateId = '33333333-3333-4333-8333-333333333333';
const envelope = { organizationId, aggregateId, aggregateVersion: 4 };

test.each([
  ['customer', { customerChanged: { customerId: aggregateId } }],
  ['practice', { practiceChanged: {} }],
  ['block', { blockChanged: { block: { id: aggregateId } } }],
  ['block', { blockCreated: {} }],
  ['appointment', { appointmentChanged: {} }],
])('a change of %s is hinted by id and version alone', (kind, payload) => {
  expect(hintOfSchedulingEvent(encodeSchedulingEvent({ ...envelope, ...payload }))).toEqual({
    organizationId,
    change: { kind, id: aggregateId, version: 4 },
  });
});

test('an event of a later version of scheduling is no hint', () => {
  expect(hintOfSchedulingEvent(encodeSchedulingEvent(envelope))).toBeUndefined();
});
