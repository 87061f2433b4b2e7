import type { z } from 'zod';
import type * as contract from '@daybook/http-contract/practice';
import type {
  AppointmentType,
  AppointmentType__Output,
} from '@daybook/protos/gen/daybook/scheduling/v1/AppointmentType';
import type { Block__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Block';
import type { CreateBlockRequest } from '@daybook/protos/gen/daybook/scheduling/v1/CreateBlockRequest';
import type { Practice as ProtoPractice, Practice__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Practice';
import type { Provider__Output } from '@daybook/protos/gen/daybook/scheduling/v1/Provider';
import { guideStep } from '@daybook/http-contract/practice';
import { instantToJson, instantToProto, optionalInstant, optionalText } from './instants.ts';

/** A new block as the command scheduling takes. */
export function createBlockToProto(body: z.output<typeof contract.createBlockRequest>): CreateBlockRequest {
  return {
    providerId: body.providerId ?? '',
    start: instantToProto(body.start),
    end: instantToProto(body.end),
    title: body.title ?? '',
  };
}

/** Blocked time as the public surface shows it. */
export function mapBlock(block: Block__Output): contract.Block {
  return {
    id: block.id,
    providerId: block.providerId,
    start: instantToJson(block.start),
    end: instantToJson(block.end),
    title: block.title,
  };
}

/** A type as scheduling takes it; an empty id for a new one. */
export function appointmentTypeToProto(
  id: string,
  body: z.output<typeof contract.appointmentTypeRequest>,
): AppointmentType {
  return { ...body, id, slug: body.slug ?? '' };
}

/** A type as the public surface shows it. */
export function mapAppointmentType(type: AppointmentType__Output): contract.AppointmentType {
  const { organizationId: _organization, ...shown } = type;
  return shown;
}

/** A provider as the public surface shows them. */
export function mapProvider(provider: Provider__Output): contract.Provider {
  return { id: provider.id, name: provider.name, color: provider.color, timeZone: provider.timeZone };
}

/** The practice's particulars as scheduling takes them: absent is empty or 0. */
export function practiceToProto(body: z.output<typeof contract.practiceRequest>): ProtoPractice {
  return {
    name: body.name,
    country: body.country ?? '',
    weekStart: body.weekStart ?? 0,
    hourCycle: body.hourCycle ?? 0,
    language: body.language ?? '',
    secondTimeZone: body.secondTimeZone ?? '',
    guideStepsDone: body.guideStepsDone,
  };
}

/** The practice's particulars as the public surface shows them; a step this gateway does not know is left out. */
export function mapPractice(practice: Practice__Output): contract.Practice {
  return {
    name: practice.name,
    ...optionalText('country', practice.country),
    ...(practice.weekStart === 0 ? {} : { weekStart: practice.weekStart }),
    ...(practice.hourCycle === 0 ? {} : { hourCycle: practice.hourCycle }),
    ...optionalText('language', practice.language),
    ...optionalText('secondTimeZone', practice.secondTimeZone),
    guideStepsDone: practice.guideStepsDone.flatMap((step) => guideStep.safeParse(step).data ?? []),
    version: practice.version,
    ...optionalInstant('lastProvenRestoreAt', practice.lastProvenRestoreAt),
  };
}
