import { classifyDatabaseFault } from '@daybook/runtime/database-faults';
import { DomainError } from '@daybook/runtime/errors';

/**
 * Runs a read or write by model, so that a database that is away has the same code as in every other statement.
 * @throws DomainError unavailable DATABASE_UNAVAILABLE or DATABASE_BUSY; any other error as it came
 */
export async function byModel<T>(access: Promise<T>): Promise<T> {
  try {
    return await access;
  } catch (error) {
    const fault = classifyDatabaseFault(error);
    if (fault === undefined) throw error;
    throw fault === 'unavailable'
      ? new DomainError('unavailable', 'DATABASE_UNAVAILABLE', 'The database cannot be reached.', { cause: error })
      : new DomainError('unavailable', 'DATABASE_BUSY', 'The database is too busy at the moment.', { cause: error });
  }
}
