import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/runtime/config.ts';
import { explainFailure } from '../../../src/runtime/explain-failure.ts';

test('who may not open a port is told of a higher one, and of the right to open this one', () => {
	const config = loadConfig({ environment: {}, assignments: ['api.port=443'] });
	const error = Object.assign(new Error('listen EACCES'), { code: 'EACCES', syscall: 'listen', port: 443 });
	const told = explainFailure(error, config, 'api');
	expect(told).toContain('set api.port to 1024 or more');
	expect(told).toContain('AmbientCapabilities=CAP_NET_BIND_SERVICE');
});
