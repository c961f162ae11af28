/** Kernel settings and why. The values start from RocketMQ's own `os.sh`. */
interface SysctlSetting {
  key: string;
  value: string;
  reason: string;
}

export const SYSCTL: readonly SysctlSetting[] = [
  {
    key: "vm.max_map_count",
    value: "655360",
    reason:
      "As os.sh. Every commit log, consume queue and index file is a mapping; the kernel's 65530 ends at some thousand queues.",
  },
  {
    key: "vm.overcommit_memory",
    value: "1",
    reason: "As os.sh. Mapping a file of 1 GiB must not fail because memory looks short.",
  },
  {
    key: "vm.swappiness",
    value: "1",
    reason: "As os.sh. A swapped heap stops the broker for seconds; 0 would risk the OOM killer.",
  },
  {
    key: "vm.zone_reclaim_mode",
    value: "0",
    reason: "As os.sh. Page cache may use the memory of every NUMA node.",
  },
  {
    key: "vm.dirty_background_ratio",
    value: "5",
    reason:
      "os.sh: 50. Half the memory dirty before the kernel writes ends in one long burst, and sends time out meanwhile; brokers sync their files every half second anyway.",
  },
  {
    key: "vm.dirty_ratio",
    value: "60",
    reason:
      "os.sh: 50. From here on every write waits for the disk; far above the point where the kernel starts to write, so that a peak does not reach it.",
  },
  {
    key: "net.core.somaxconn",
    value: "4096",
    reason:
      "Not in os.sh. After a restart all clients come back at once; kernels before 5.4 queue 128.",
  },
];

/** What os.sh sets and we do not. */
export const SYSCTL_LEFT_OUT: readonly { key: string; reason: string }[] = [
  { key: "vm.drop_caches", reason: "An action, not a setting: it empties the page cache once." },
  { key: "vm.page-cluster", reason: "os.sh sets the kernel's own default." },
  {
    key: "vm.dirty_writeback_centisecs",
    reason:
      "os.sh: one hour, for everything on the machine. The kernel's 5 s is right for what brokers do not sync.",
  },
  { key: "vm.extra_free_kbytes", reason: "Most kernels do not have it." },
  { key: "vm.min_free_kbytes", reason: "The right value depends on the memory; so the kernel's." },
];

/** The settings with the user's over them; an empty value takes one out. */
export function sysctlValues(user: Record<string, string>): Record<string, string> {
  const merged = {
    ...Object.fromEntries(SYSCTL.map(({ key, value }) => [key, value])),
    ...user,
  };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ""));
}
