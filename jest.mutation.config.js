import config from './jest.config.js';

const unit = config.projects.find(({ displayName }) => displayName === 'unit');

/** What Stryker runs: the unit and property tests of the scheduling domain, without the servers of the integration tests. */
export default { ...unit, roots: ['<rootDir>/services/scheduling/src/domain'] };
