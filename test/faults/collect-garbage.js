// Loaded before the runtime: memory is compared without what is garbage by then.
process.on('SIGUSR2', () => global.gc());
