import type { ServiceDefinition, UntypedServiceImplementation, sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import type { Lifecycle } from './lifecycle.ts';

type Request = { service: string };
type Response = { status: 'SERVING' | 'NOT_SERVING' };

/** The standard contract grpc.health.v1, so that any gRPC probe can ask; written here because it is no contract of ours. */
const healthDescriptor = {
  nested: {
    grpc: {
      nested: {
        health: {
          nested: {
            v1: {
              nested: {
                HealthCheckRequest: { fields: { service: { type: 'string', id: 1 } } },
                HealthCheckResponse: {
                  fields: { status: { type: 'ServingStatus', id: 1 } },
                  nested: { ServingStatus: { values: { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } } },
                },
                Health: {
                  methods: {
                    Check: { requestType: 'HealthCheckRequest', responseType: 'HealthCheckResponse' },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

/** Service definition of grpc.health.v1.Health (Check only; Watch is for balancers we do not use). */
export const healthService: ServiceDefinition = fromJSON(healthDescriptor as object, {
  enums: String,
  defaults: true,
})['grpc.health.v1.Health'] as ServiceDefinition;

/** Answers for the process ('') and for each service served; NOT_SERVING while shutting down. */
export function createHealthImplementation(
  lifecycle: Lifecycle,
  serviceNames: ReadonlySet<string>,
): UntypedServiceImplementation {
  return {
    Check: (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
      const { service } = call.request;
      if (service !== '' && !serviceNames.has(service)) {
        return callback({ code: status.NOT_FOUND, details: 'no such service' });
      }
      callback(null, { status: lifecycle.draining ? 'NOT_SERVING' : 'SERVING' });
    },
  };
}
