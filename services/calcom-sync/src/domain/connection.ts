/** How a connection stands; the words of the proto in lower case. */
export type ConnectionState = 'off' | 'connected' | 'unreachable' | 'needs_attention' | 'paused';

/** What is still to be taken away there before a connection is off. */
export type Ending = { cancelBookings: boolean; hideEventTypes: boolean };

/** One outside calendar of one organisation; times are epoch milliseconds (UTC). */
export type Connection = {
  id: string;
  organizationId: string;
  target: string;
  state: ConnectionState;
  baseUrl: string;
  accountId: string;
  accountName: string;
  message: string;
  lastSuccessAt: number | undefined;
  eventVersion: number;
  /** Which kind of Cal.com answers; empty: not found out yet. */
  profile: '' | 'hosted' | 'self_hosted';
  attendeeAddresses: 'placeholder' | 'real';
  /** Empty: the operator's default. */
  placeholderDomain: string;
  /** Named by the environment: the app cannot change it. */
  managedByOperator: boolean;
  /** How changes made there reach us. */
  inbound: 'polling' | 'webhook' | 'webhook_failed';
  lastPollAt: number | undefined;
};

/** How much work a connection has. */
export type WorkCount = { pending: number; parked: number; oldestPendingSeconds: number };

/** How an appointment stands with its target. */
export type LinkState = 'waiting' | 'in_step' | 'failed' | 'different';

/** A row of work as people see it. */
export type WorkRow = {
  /** Empty for availability. */
  appointmentId: string;
  state: 'waiting' | 'failed' | 'different';
  attempts: number;
  message: string;
  nextAttemptAt: Date | undefined;
};
