import config from './jest.config.js';

const unit = config.projects.find(({ displayName }) => displayName === 'unit');
const services = ['auth', 'calcom-sync', 'scheduling'];

/**
 * What Stryker runs: the unit and property tests of every service's domain, without the servers of the integration tests
 * and without the clock of the speed tests, since a mutated program is a slow one.
 */
export default {
  ...unit,
  roots: services.map((service) => `<rootDir>/services/${service}/src/domain`),
  testPathIgnorePatterns: [...unit.testPathIgnorePatterns, '\\.speed\\.test\\.ts$'],
};
