import * as fc from 'fast-check';
import { flagsOf, goDurationMs, lastFlag, switchOn } from '../../src/rules/_command-line';

describe('the flags of a container', () => {
  test('are read from command and arguments, with their places', () => {
    expect(flagsOf({ command: ['/metrics-server', '--kubelet-insecure-tls'], args: ['--metric-resolution=15s', '--secure-port', '4443', '-v5'] })).toEqual([
      { name: 'kubelet-insecure-tls', value: 'true', path: 'command[1]' },
      { name: 'metric-resolution', value: '15s', path: 'args[0]' },
      { name: 'secure-port', value: '4443', path: 'args[1]' },
    ]);
  });

  test.each([
    ['/metrics-server --secure-port=4443 --kubelet-insecure-tls', ['secure-port=4443', 'kubelet-insecure-tls=true']],
    ['exec /metrics-server "--secure-port=4443" --node-selector=\'a b\'\n', ['secure-port=4443', 'node-selector=a b']],
    ['exec /metrics-server --secure-port 4443', ['secure-port=4443']],
    ['/metrics-server --node-selector="it\'s=a"', ['node-selector=it\'s=a']],
    ['/metrics-server --secure-port=$PORT', []],
    ['sleep 5; /metrics-server --secure-port=4443', []],
    ['/metrics-server --secure-port=4443 | tee /log', []],
    ['/metrics-server "--secure-port=`port`"', []],
    ['', []],
  ])('are read from what a shell is given, where that is one plain command: %s', (script, expected) => {
    for (const container of [{ command: ['/bin/sh', '-c', script] }, { command: ['bash', '-ec'], args: [script] }]) {
      expect(flagsOf(container).map(({ name, value }) => `${name}=${value}`)).toEqual(expected);
    }
    expect(flagsOf({ command: ['sh', '-c'], args: ['x --a=b'] })).toEqual([{ name: 'a', value: 'b', path: 'args[0]' }]);
  });

  test('are looked for in any script without an error', () => {
    fc.assert(fc.property(fc.string(), (script) => {
      expect(() => flagsOf({ command: ['sh', '-c', script] })).not.toThrow();
    }));
  });

  test('count as pflag counts them: the last one wins, and a switch takes no value from the next argument', () => {
    const flags = flagsOf({ args: ['--secure-port=1', '--kubelet-insecure-tls', 'false', '--secure-port=2'] });

    expect(lastFlag(flags, 'secure-port')?.value).toBe('2');
    expect(switchOn(flags, 'kubelet-insecure-tls')?.path).toBe('args[1]');
  });

  test.each([
    ['--kubelet-insecure-tls', true], ['--kubelet-insecure-tls=true', true], ['--kubelet-insecure-tls=1', true], ['--kubelet-insecure-tls=T', true],
    ['--kubelet-insecure-tls=false', false], ['--kubelet-insecure-tls=0', false], ['--kubelet-insecure-tl', false],
  ])('%s switches it on: %s', (arg, on) => {
    expect(switchOn(flagsOf({ args: [arg] }), 'kubelet-insecure-tls') !== undefined).toBe(on);
  });
});

describe('a Go duration', () => {
  test.each([
    ['15s', 15_000], ['1m30s', 90_000], ['1.5h', 5_400_000], ['.5s', 500], ['100ms', 100], ['0', 0], ['-5s', -5000], ['250us', 0.25],
    ['15', undefined], ['', undefined], ['15 s', undefined], ['fast', undefined], ['1m30', undefined],
  ])('%s is %s ms', (text, ms) => {
    expect(goDurationMs(text)).toBe(ms);
  });

  test('is the sum of its parts', () => {
    fc.assert(fc.property(fc.nat(100), fc.nat(100), fc.nat(1000), (h, m, s) => {
      expect(goDurationMs(`${h}h${m}m${s}s`)).toBe(h * 3_600_000 + m * 60_000 + s * 1000);
    }));
  });
});
