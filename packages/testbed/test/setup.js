// A project of jest cannot set this in its configuration. Deployments and reboots take their time.
jest.setTimeout(15 * 60_000);
